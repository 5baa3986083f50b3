import { readFile } from 'node:fs/promises';
import type { VaultFailure } from '../../common/failure.ts';
import { err, ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import { Secret } from '../protocol/secret.ts';
import { diskFailure } from '../vault/files/disk-failure.ts';
import { unprotectedKeyProvider } from '../vault/keys/unprotected-key.ts';
import type { Unlock } from '../vault/open-vault.ts';
import { passphraseKeyProvider } from '../vault/keys/passphrase-provider.ts';
import type { ScryptCost } from '../vault/keys/passphrase-provider.ts';

/** Where the agent may get the passphrase from. */
export type PassphraseSources = Readonly<{
  /** `KEYFOB_PASSPHRASE_FILE`; null: not set. */
  file: string | null;
  /** The person agreed, in so many words, that the sessions lie unprotected. */
  unsealed: boolean;
  /** Asks the person at the terminal; null: there is no terminal. Resolves with null when they gave up. */
  prompt: ((question: string) => Promise<Secret | null>) | null;
  now: () => number;
  /** Of new passphrase keys; only tests lower it. */
  cost?: ScryptCost;
}>;

/**
 * Opens the vault the way it is kept. A new vault is sealed under a passphrase unless the person
 * agreed to leave it unprotected; nothing is ever left unprotected silently.
 */
export function unlockFrom(sources: PassphraseSources): Unlock {
  return async (kept) => {
    switch (kept) {
      case 'none':
        return ok(unprotectedKeyProvider({ consent: true, consentedAt: sources.now() }));
      case 'keychain':
        return err({ code: 'vault-locked' });
      case 'passphrase':
        return keeper(await existing(sources), sources);
      case null:
        if (sources.unsealed)
          return ok(unprotectedKeyProvider({ consent: true, consentedAt: sources.now() }));
        return keeper(await chosen(sources), sources);
    }
  };
}

/** The passphrase in the file, without its last line's end; null: no file was named. */
export async function passphraseFromFile(
  file: string | null,
): Promise<Result<Secret | null, VaultFailure>> {
  if (file === null) return ok(null);
  try {
    const text = await readFile(file, 'utf8');
    return ok(new Secret(text.replace(/\r?\n$/, '')));
  } catch (error) {
    return err(diskFailure(error, file));
  }
}

function keeper(
  passphrase: Result<Secret, VaultFailure>,
  { cost }: PassphraseSources,
): Awaited<ReturnType<Unlock>> {
  return passphrase.ok ? ok(passphraseKeyProvider(passphrase.value, cost)) : passphrase;
}

async function existing(sources: PassphraseSources): Promise<Result<Secret, VaultFailure>> {
  const filed = await passphraseFromFile(sources.file);
  if (!filed.ok) return filed;
  if (filed.value !== null) return ok(filed.value);
  if (sources.prompt === null) return err({ code: 'passphrase-needed', isNew: false });
  const typed = await sources.prompt('Passphrase: ');
  return typed === null ? err({ code: 'vault-locked' }) : ok(typed);
}

async function chosen(sources: PassphraseSources): Promise<Result<Secret, VaultFailure>> {
  const filed = await passphraseFromFile(sources.file);
  if (!filed.ok) return filed;
  if (filed.value !== null) return ok(filed.value);
  const { prompt } = sources;
  if (prompt === null) return err({ code: 'passphrase-needed', isNew: true });
  for (let question = 'Choose a passphrase for your sessions: '; ;) {
    const first = await prompt(question);
    if (first === null) return err({ code: 'vault-locked' });
    const second = await prompt('The same once more: ');
    if (second === null) return err({ code: 'vault-locked' });
    if (first.equals(second) && !first.equals(new Secret(''))) return ok(first);
    question = 'They differ, or are empty. Choose a passphrase: ';
  }
}
