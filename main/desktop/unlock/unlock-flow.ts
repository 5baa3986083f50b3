import type { Failure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { Secret } from '../../protocol/secret.ts';
import type { Keychain, KeychainTrouble } from '../../vault/keys/keychain-provider.ts';
import { keychainKeyProvider } from '../../vault/keys/keychain-provider.ts';
import { unprotectedKeyProvider } from '../../vault/keys/unprotected-key.ts';
import type { Timer } from '../../util/async.ts';
import type { Unlock } from '../../vault/open-vault.ts';
import { passphraseKeyProvider } from '../../vault/keys/passphrase-provider.ts';
import type { ScryptCost } from '../../vault/keys/passphrase-provider.ts';
import type { UnlockAnswer, UnlockPage } from './unlock-page.ts';
import { troublePage } from './unlock-page.ts';
import { backendText, NO_KEYRING } from './keychain.ts';

/** The time limit for one keychain call: long enough for the person to type a password. */
const KEYCHAIN_LIMIT_MS = 30_000;

/** What the unlock flow needs. */
export type UnlockFlowParts = Readonly<{
  keychain: Keychain;
  /** Shows a page and waits for the person's answer. */
  ask: (page: UnlockPage) => Promise<UnlockAnswer>;
  platform: NodeJS.Platform;
  now: () => number;
  timer: Timer;
  /** The scrypt cost of new passphrase keys; only tests lower it. */
  cost?: ScryptCost;
}>;

/**
 * Opens the vault with the key provider it was created with, asking the person where needed. A new vault's
 * key goes into the system keychain; without one, the person chooses. Nothing is stored unprotected without
 * consent.
 */
export class UnlockFlow {
  readonly #parts: UnlockFlowParts;
  #trouble: KeychainTrouble | null = null;
  #wrong = false;
  #gaveUp = false;

  constructor(parts: UnlockFlowParts) {
    this.#parts = parts;
  }

  /** The key provider for the vault, as `openVault` of main/vault needs it. */
  readonly unlock: Unlock = async (kept) => {
    switch (kept) {
      case 'keychain':
        return ok(this.#keychainKeyProvider());
      case 'passphrase':
        return this.#passphrase();
      case 'none':
        return ok(unprotectedKeyProvider({ consent: true, consentedAt: this.#parts.now() }));
      case null:
        return this.#forNewVault();
    }
  };

  /** Calls `open` until it succeeds, asking the person in between; null: the person gave up. */
  async openVault<T>(open: () => Promise<Result<T, Failure>>): Promise<T | null> {
    for (;;) {
      this.#trouble = null;
      const opened = await open();
      if (opened.ok) return opened.value;
      if (this.#gaveUp) return null;
      this.#wrong = opened.failure.code === 'vault-wrong-passphrase';
      if (this.#wrong) continue;
      const { ask, platform } = this.#parts;
      const answer = await ask(troublePage(opened.failure, this.#trouble, platform));
      if (answer.do === 'quit') return null;
    }
  }

  #keychainKeyProvider() {
    const { keychain, timer } = this.#parts;
    const trouble = (what: KeychainTrouble) => {
      this.#trouble = what;
    };
    return keychainKeyProvider({ keychain, limitMs: KEYCHAIN_LIMIT_MS, timer, trouble });
  }

  async #passphrase(): ReturnType<Unlock> {
    const problem = this.#wrong ? 'Wrong passphrase. Nothing was changed.' : null;
    const answer = await this.#parts.ask({ kind: 'passphrase', problem });
    if (answer.do !== 'passphrase') return this.#giveUp();
    return ok(passphraseKeyProvider(answer.passphrase));
  }

  async #forNewVault(): ReturnType<Unlock> {
    const { ask, cost, keychain, now, platform } = this.#parts;
    if (await this.#keychainHelps()) return ok(this.#keychainKeyProvider());
    const found = backendText(keychain.backend, platform);
    const message = `No system keychain is available to protect your sessions. Found: ${found}.`;
    for (let problem: string | null = null; ;) {
      const answer = await ask({ kind: 'choose', message, problem });
      if (answer.do === 'unprotected') {
        return ok(unprotectedKeyProvider({ consent: true, consentedAt: now() }));
      }
      if (answer.do === 'again') return this.#forNewVault();
      if (answer.do === 'quit') return this.#giveUp();
      problem = passphraseProblem(answer);
      if (problem === null) return ok(passphraseKeyProvider(answer.passphrase, cost));
    }
  }

  /** Whether the keychain exists, and returns what was stored in it. */
  async #keychainHelps(): Promise<boolean> {
    if (this.#parts.keychain.backend === NO_KEYRING) return false;
    const keeper = this.#keychainKeyProvider();
    const wrapped = await keeper.wrap(new Uint8Array([1]));
    return wrapped.ok && (await keeper.unwrap(wrapped.value)).ok;
  }

  #giveUp(): Awaited<ReturnType<Unlock>> {
    this.#gaveUp = true;
    return err({ code: 'vault-locked' });
  }
}

/** What is wrong with a new passphrase; null: nothing. */
function passphraseProblem({
  passphrase,
  repeated,
}: Extract<UnlockAnswer, { do: 'passphrase' }>): string | null {
  if (passphrase.equals(new Secret(''))) return 'Enter a passphrase.';
  return passphrase.equals(repeated) ? null : "The passphrases don't match.";
}
