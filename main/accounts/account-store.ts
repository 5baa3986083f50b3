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
 * One account in memory and its record on disk. Every change is an event. Writes are queued: none
 * overwrites new tokens that are being written, and none happens once the account is forgotten.
 */
export class AccountStore {
  readonly #deps: Deps;
  readonly #changed: () => void;
  #account: Account;
  #savingTokens: Promise<unknown> | null = null;
  /** The write that no caller waits for. */
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

  /** Applies `event` and reports the change. Does not save: the caller does, where it matters. */
  apply(event: AccountEvent): void {
    this.#account = nextAccount(this.#account, event);
    this.#changed();
  }

  /** Writes the record, after any new tokens that are being written. */
  async save(): Promise<Result<void, VaultFailure>> {
    while (this.#savingTokens !== null) await this.#savingTokens;
    const saved = await this.#write(toStored(this.#account));
    if (saved.ok && this.#account.pendingWrite !== null) this.apply({ kind: 'written' });
    return saved;
  }

  /** Writes the record; if that fails, `Account.pendingWrite` says when it is retried. */
  async saveOrRetry(): Promise<Result<void, VaultFailure>> {
    const saved = await this.save();
    if (saved.ok || this.#isForgotten) return saved;
    const { failure } = saved;
    const attempt = (this.#account.pendingWrite?.attempt ?? 0) + 1;
    this.apply({ kind: 'write-failed', failure, retryAt: this.#nextRetryAt(failure, attempt) });
    return saved;
  }

  /** {@link saveOrRetry} without waiting for it; see {@link settled}. `failed` is logged if it fails. */
  saveInBackground(failed: string): void {
    this.#aside = this.saveOrRetry().then(
      (saved) => {
        if (!saved.ok) this.#deps.log.warn(failed, { code: saved.failure.code });
      },
      (error: unknown) => this.#deps.log.bug(failed, error),
    );
  }

  /** Resolves when the background write is over. */
  settled(): Promise<void> {
    return this.#aside;
  }

  /**
   * Saves new tokens before they are used: they replace the old ones only once the record is on disk.
   * Other writes wait until then.
   *
   * @param replacing called once they are saved, just before they replace the old ones
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
        const retryAt = this.#nextRetryAt(failure, attemptOf(this.#account.state) + 1);
        this.apply({ kind: 'save-failed', tokens, session, failure, retryAt });
        return saved;
      })
      .finally(() => (this.#savingTokens = null));
    this.#savingTokens = saving;
    return saving;
  }

  /** Stops all writes: the record is being removed, and a late response must not recreate it. */
  forget(): void {
    this.#isForgotten = true;
  }

  async #write(record: StoredAccount): Promise<Result<void, VaultFailure>> {
    return this.#isForgotten ? ok(undefined) : this.#deps.vault.save(record);
  }

  #nextRetryAt(failure: VaultFailure, attempt: number): number {
    const { clock, random } = this.#deps;
    return clock.monotonicNow() + backoffMs(attempt, failure, random.fraction());
  }
}
