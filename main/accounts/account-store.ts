import type { VaultFailure } from '../../common/failure.ts';
import { ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import type { Account, AccountEvent } from './account.ts';
import { attemptOf } from './account.ts';
import { toStored } from './record-codec.ts';
import { nextAccount } from './transitions.ts';
import type { Refreshed } from './refresh/refresh-request.ts';
import { backoffMs } from './refresh/backoff.ts';
import type { StoredAccount } from './record.ts';
import type { Deps } from './ports.ts';

/**
 * One account in memory and its record on disk. Every change is an event, and every write waits its
 * turn: none overwrites new tokens that are on their way to the disk, and none follows once the account
 * is forgotten.
 */
export class AccountStore {
  readonly #deps: Deps;
  readonly #changed: () => void;
  #account: Account;
  #savingTokens: Promise<unknown> | null = null;
  /** What is written without anybody waiting for it. */
  #aside: Promise<void> = Promise.resolve();
  #isForgotten = false;

  /** @param changed called after every change */
  constructor(account: Account, deps: Deps, changed: () => void) {
    this.#account = account;
    this.#deps = deps;
    this.#changed = changed;
  }

  get account(): Account {
    return this.#account;
  }

  /** Applies `event` and announces the change. Saving is the caller's, where it matters. */
  apply(event: AccountEvent): void {
    this.#account = nextAccount(this.#account, event);
    this.#changed();
  }

  /** Writes the account as it is once no new tokens are on their way to the disk any more. */
  async save(): Promise<Result<void, VaultFailure>> {
    while (this.#savingTokens !== null) await this.#savingTokens;
    const saved = await this.#write(toStored(this.#account));
    if (saved.ok && this.#account.pendingWrite !== null) this.apply({ kind: 'written' });
    return saved;
  }

  /** The same, and where the disk refuses, `Account.pendingWrite` says when to write it again. */
  async saveOrRetry(): Promise<Result<void, VaultFailure>> {
    const saved = await this.save();
    if (saved.ok || this.#isForgotten) return saved;
    const { failure } = saved;
    const attempt = (this.#account.pendingWrite?.attempt ?? 0) + 1;
    this.apply({ kind: 'write-failed', failure, retry: this.#retryAfter(failure, attempt) });
    return saved;
  }

  /** Does the same without anybody waiting for it: see {@link settled}. `what` is for the log. */
  saveInBackground(what: string): void {
    this.#aside = this.saveOrRetry().then(
      (saved) => {
        if (!saved.ok) this.#deps.log.warn(what, { code: saved.failure.code });
      },
      (error: unknown) => this.#deps.log.bug(what, error),
    );
  }

  /** Resolves when nothing is being written that nobody waits for. */
  settled(): Promise<void> {
    return this.#aside;
  }

  /**
   * Saved before used: only when the record is on disk does anybody, ourselves included, see the tokens.
   * Until then nothing else is written.
   *
   * @param replacing called when they are, right before they take the old ones' place
   */
  saveTokens(
    { tokens, session }: Refreshed,
    replacing: () => void,
  ): Promise<Result<void, VaultFailure>> {
    const refreshed = { kind: 'refreshed', tokens, session } as const;
    const saving = this.#write(toStored(nextAccount(this.#account, refreshed)))
      .then((saved) => {
        if (saved.ok) {
          replacing();
          this.apply(refreshed);
          return saved;
        }
        const { failure } = saved;
        this.#deps.log.warn('new tokens are not on disk yet', { code: failure.code });
        const retry = this.#retryAfter(failure, attemptOf(this.#account.state) + 1);
        this.apply({ kind: 'save-failed', tokens, session, failure, retry });
        return saved;
      })
      .finally(() => (this.#savingTokens = null));
    this.#savingTokens = saving;
    return saving;
  }

  /** From now on nothing is written: the record is gone, and a late answer must not bring it back. */
  forget(): void {
    this.#isForgotten = true;
  }

  async #write(record: StoredAccount): Promise<Result<void, VaultFailure>> {
    return this.#isForgotten ? ok(undefined) : this.#deps.vault.save(record);
  }

  #retryAfter(failure: VaultFailure, attempt: number): number {
    const { clock, random } = this.#deps;
    return clock.monotonicNow() + backoffMs(attempt, failure, random.fraction());
  }
}
