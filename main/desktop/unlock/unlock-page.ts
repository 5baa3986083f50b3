import type { Failure } from '../../../common/failure.ts';
import { describeFailure } from '../../../common/failure-text.ts';
import { delayText } from '../../../common/time.ts';
import type { Secret } from '../../protocol/secret.ts';
import type { KeychainTrouble } from '../../vault/keys/keychain-provider.ts';
import { backendText } from './keychain.ts';

/** A page shown until the vault is open. Messages are whole sentences. */
export type UnlockPage = Readonly<
  /** A new vault without a keychain for its key. */
  | { kind: 'choose'; message: string; problem: string | null }
  | { kind: 'passphrase'; problem: string | null }
  /** The vault can't be opened; `again`: whether retrying may help. */
  | { kind: 'trouble'; message: string; hint: string; again: boolean }
>;

/** The person's answer. Closing the window is `quit`. */
export type UnlockAnswer = Readonly<
  | { do: 'passphrase'; passphrase: Secret; repeated: Secret }
  | { do: 'unprotected' }
  | { do: 'again' }
  | { do: 'quit' }
>;

const SAFE = 'Nothing was changed; your sessions are safe.';

/** The page for a vault that could not be opened. */
export function troublePage(
  failure: Failure,
  trouble: KeychainTrouble | null,
  platform: NodeJS.Platform,
): UnlockPage {
  if (failure.code === 'vault-locked' && trouble !== null) {
    return { kind: 'trouble', ...keychainText(trouble, platform), again: true };
  }
  if (failure.code === 'vault-in-use') {
    // The app itself is a single instance, so the owner must be `keyfob agent`.
    const message = `Your vault is already in use by keyfob agent, in a terminal or as a service (${failure.owner}).`;
    const hint = 'Use it with the keyfob command, or stop it and try again.';
    return { kind: 'trouble', message, hint, again: true };
  }
  const { code, message, hint } = describeFailure(failure);
  const again = code !== 'vault-newer' && code !== 'vault-corrupt';
  return { kind: 'trouble', message, hint, again };
}

/** What is wrong with the keychain, and what to do about it. */
export function keychainText(
  trouble: KeychainTrouble,
  platform: NodeJS.Platform,
): Readonly<{ message: string; hint: string }> {
  const name = (backend: string) => backendText(backend, platform);
  switch (trouble.kind) {
    case 'missing':
      return {
        message: `The vault's key is in your system keychain, but none is available now. Found: ${name(trouble.backend)}.`,
        hint: `Start your keyring, then try again. ${SAFE}`,
      };
    case 'silent':
      return {
        message: `${name(trouble.backend)} hasn't responded for ${delayText(trouble.afterMs)}.`,
        hint: `It may be waiting for you in another window. Unlock it there, then try again. ${SAFE}`,
      };
    case 'refused':
      return {
        message: `${name(trouble.backend)} didn't return the vault's key: it's locked, or the key is gone.`,
        hint: `Unlock it, then try again. ${SAFE}`,
      };
    case 'changed':
      return {
        message: `The vault's key is in ${name(trouble.was)}, but this desktop session uses ${name(trouble.is)}.`,
        hint: `Log in to the desktop that uses ${name(trouble.was)}, then try again. ${SAFE}`,
      };
  }
}
