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

/** Where the passphrase may come from. */
export type PassphraseSources = Readonly<{
  /** `KEYFOB_PASSPHRASE_FILE`; null: not set. */
  file: string | null;
  /** The user has explicitly agreed to store sessions unprotected. */
  unsealed: boolean;
  /** Prompts at the terminal; null: there is no terminal. Resolves with null if the user cancels. */
  prompt: ((question: string) => Promise<Secret | null>) | null;
  now: () => number;
  /** The scrypt cost of new passphrase keys; only tests lower it. */
  cost?: ScryptCost;
}>;

/**
 * Unlocks a vault according to its protection. A new vault is protected by a passphrase unless the user agreed
 * to store sessions unprotected; that never happens silently.
 */
export function unlockFrom(sources: PassphraseSources): Unlock {
  return async (protection) => {
    switch (protection) {
      case 'none':
        return ok(unprotectedKeyProvider({ consent: true, consentedAt: sources.now() }));
      case 'keychain':
        return err({ code: 'vault-locked' });
      case 'passphrase':
        return provider(await existingPassphrase(sources), sources);
      case null:
        if (sources.unsealed)
          return ok(unprotectedKeyProvider({ consent: true, consentedAt: sources.now() }));
        return provider(await newPassphrase(sources), sources);
    }
  };
}

/** The passphrase in the file, without a trailing line break; null: no file is configured. */
export async function passphraseFromFile(
  file: string | null,
): Promise<Result<Secret | null, VaultFailure>> {
  if (file === null) return ok(null);
  try {
    const text = await readFile(file, 'utf8');
    return ok(new Secret(text.replace(/\r?\n$/, '')));
  } catch (error) {
    return err(diskFailure(error, file, 'read-passphrase'));
  }
}

function provider(
  passphrase: Result<Secret, VaultFailure>,
  { cost }: PassphraseSources,
): Awaited<ReturnType<Unlock>> {
  return passphrase.ok ? ok(passphraseKeyProvider(passphrase.value, cost)) : passphrase;
}

async function existingPassphrase(
  sources: PassphraseSources,
): Promise<Result<Secret, VaultFailure>> {
  const fromFile = await passphraseFromFile(sources.file);
  if (!fromFile.ok) return fromFile;
  if (fromFile.value !== null) return ok(fromFile.value);
  if (sources.prompt === null) return err({ code: 'passphrase-needed', isNew: false });
  const typed = await sources.prompt('Passphrase: ');
  return typed === null ? err({ code: 'vault-locked' }) : ok(typed);
}

async function newPassphrase(sources: PassphraseSources): Promise<Result<Secret, VaultFailure>> {
  const fromFile = await passphraseFromFile(sources.file);
  if (!fromFile.ok) return fromFile;
  if (fromFile.value !== null) return ok(fromFile.value);
  const { prompt } = sources;
  if (prompt === null) return err({ code: 'passphrase-needed', isNew: true });
  for (let question = 'Choose a passphrase for your sessions: '; ;) {
    const first = await prompt(question);
    if (first === null) return err({ code: 'vault-locked' });
    const second = await prompt('Confirm passphrase: ');
    if (second === null) return err({ code: 'vault-locked' });
    if (first.equals(second) && !first.equals(new Secret(''))) return ok(first);
    question = first.equals(second)
      ? 'The passphrase is empty. Choose a passphrase: '
      : "The passphrases don't match. Choose a passphrase: ";
  }
}
