import type { Failure, VaultFailure } from '../../common/failure.ts';
import { err, ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import type { Account, AccountEvent, MonotonicMs, PendingRefresh, Tokens } from './account.ts';
import {
  attemptOf,
  endOfSession,
  refreshInDoubt,
  retryGateOf,
  tokensOf,
  refusalOf,
} from './account.ts';
import { actionDueWithin, NO_LIMITS } from './refresh/next-action.ts';
import { SingleFlight } from '../util/async.ts';
import { AccountStore } from './account-store.ts';
import { livesLongEnough, unexpired } from './lease.ts';
import { callerBlock, serverBlock } from './refresh/retry-gate.ts';
import type { Refreshed } from './refresh/refresh-request.ts';
import { requestNewTokens } from './refresh/refresh-request.ts';
import { RefreshCallers } from './refresh/callers.ts';
import { effectiveAttempt, MAX_PAUSE_MS, backoffMs } from './refresh/backoff.ts';
import type { Deps } from './ports.ts';

/**
 * One account and the refresh that may be under way (single flight).
 *
 * All changes go through here, so every caller gets the same guarantees: one refresh at a time, noted on
 * disk before it is sent, its tokens on disk before they are used, and never cancelled once sent.
 */
export class ManagedAccount {
  /** Callers that asked for new tokens: see `refreshOnDemand`. */
  readonly callers: RefreshCallers;
  readonly #deps: Deps;
  readonly #store: AccountStore;
  readonly #flight: SingleFlight<Result<Tokens, Failure>>;
  #isShuttingDown = false;

  /** @param changed called after every change */
  constructor(account: Account, deps: Deps, changed: () => void) {
    this.#deps = deps;
    this.#store = new AccountStore(account, deps, changed);
    this.callers = new RefreshCallers(deps.clock);
    this.#flight = new SingleFlight(() => {
      const retryAt = deps.clock.monotonicNow() + MAX_PAUSE_MS;
      this.apply({ kind: 'refresh-over', retryAt });
    });
  }

  get account(): Account {
    return this.#store.account;
  }

  get isRefreshing(): boolean {
    return this.#flight.current !== null;
  }

  /** The tokens that can be used right now; null: none, or they have to be refreshed first. */
  get cachedTokens(): Tokens | null {
    return this.#tokensFor(0);
  }

  /** Applies `event` and reports the change. Does not save: the caller does, where it matters. */
  apply(event: AccountEvent): void {
    this.#store.apply(event);
  }

  /** Writes the record. Does nothing once the account is forgotten. */
  save(): Promise<Result<void, VaultFailure>> {
    return this.#store.save();
  }

  /** Writes the record; if that fails, `Account.pendingWrite` says when it is retried. */
  saveOrRetry(): Promise<Result<void, VaultFailure>> {
    return this.#store.saveOrRetry();
  }

  /** Stops all writes: the record is being removed, and a late response must not recreate it. */
  forget(): void {
    this.#store.forget();
  }

  /** When to retry after `failure`, the `attempt`-th in a row. */
  nextRetryAt(failure: Failure, attempt = attemptOf(this.account.state) + 1): MonotonicMs {
    const { clock, random } = this.#deps;
    return clock.monotonicNow() + backoffMs(attempt, failure, random.fraction());
  }

  /** When the next background action is due; null: none, or a refresh is under way. */
  nextActionAt(limits = NO_LIMITS): MonotonicMs | null {
    if (this.isRefreshing) return null;
    return actionDueWithin(this.account, this.#deps.clock.monotonicNow(), limits);
  }

  /** No refresh starts from now on. */
  beginShutdown(): void {
    this.#isShuttingDown = true;
  }

  /** Retries failed writes now: unsaved tokens first, then the record. */
  async flush(): Promise<void> {
    if (this.account.state.kind === 'unsaved') await this.refresh();
    if (this.account.pendingWrite !== null) await this.saveOrRetry();
  }

  /**
   * An access token that is valid for `minValidMs` or longer, refreshed if necessary, with a lease for
   * `consumer`. Concurrent callers share one refresh.
   */
  async getToken(minValidMs: number, consumer: string): Promise<Result<Tokens, Failure>> {
    const refusal = refusalOf(this.account);
    if (refusal !== null) return err(refusal);
    let tokens = await this.ensureFresh(minValidMs);
    // The new token may have expired while it was being saved.
    if (tokens.ok && this.cachedTokens === null) tokens = await this.ensureFresh();
    if (!tokens.ok) return tokens;
    // The user may have signed out meanwhile.
    const late = refusalOf(this.account);
    if (late !== null) return err(late);
    this.#handOut(consumer, tokens.value);
    return tokens;
  }

  /**
   * Tokens for our own requests, without a lease. Refreshes first if the access token expires within
   * `minValidMs`, is not on disk yet, or a refresh is in doubt (the server may have revoked it). If that
   * refresh fails but the old token is still valid, returns the old one.
   */
  async ensureFresh(minValidMs = 0): Promise<Result<Tokens, Failure>> {
    const cached = this.#tokensFor(minValidMs);
    if (cached !== null) return ok(cached);
    const refreshed = await this.#refreshForCaller();
    const old = refreshed.ok ? null : this.#tokensFor(minValidMs);
    return old === null ? refreshed : ok(old);
  }

  /**
   * Refreshes even if the tokens are still valid or leased: a caller requests it, or they were rejected.
   * Soon after a failed refresh, returns that failure instead; see `callerBlock`.
   */
  async forceRefresh(): Promise<Result<Tokens, Failure>> {
    const { state, label } = this.account;
    if (state.kind === 'signing-out') return err({ code: 'signing-out', account: label });
    return this.#refreshForCaller();
  }

  /** Refreshes, or joins the refresh under way. Sends nothing before the server's `Retry-After` is over. */
  refresh(): Promise<Result<Tokens, Failure>> {
    const gate = retryGateOf(this.account);
    const paused = this.isRefreshing ? null : serverBlock(gate, this.#deps.clock.monotonicNow());
    if (paused !== null) return Promise.resolve(err(paused));
    return this.#flight.run(() => this.#doRefresh());
  }

  /** Resolves when no refresh and no background write is under way. */
  async settled(): Promise<void> {
    await this.#flight.current;
    await this.#store.settled();
  }

  async #doRefresh(): Promise<Result<Tokens, Failure>> {
    const { label, session, state } = this.account;
    if (state.kind === 'signed-out') return err({ code: 'signed-out', account: label });
    if (state.kind === 'unsaved') return this.#saveTokens({ tokens: state.tokens, session });
    if (this.#isShuttingDown) return err({ code: 'agent-stopping' });
    const { clock } = this.#deps;
    const inDoubt = state.pendingRefresh;
    const pendingRefresh = { at: clock.now(), sent: clock.monotonicNow() };
    this.apply({ kind: 'refresh-sent', pendingRefresh });
    const noted = await this.save();
    if (!noted.ok) return this.#failed(noted.failure, inDoubt);
    const answer = await requestNewTokens(this.account.session, state.tokens, this.#deps);
    if (answer.ok) return this.#saveTokens(answer.value);
    const { failure, lost, sent } = answer.failure;
    return this.#failed(failure, inDoubt ?? (lost ? { ...pendingRefresh, sent } : null));
  }

  async #saveTokens(refreshed: Refreshed): Promise<Result<Tokens, Failure>> {
    const saved = await this.#store.saveTokens(refreshed, () => this.#logCut());
    return saved.ok ? ok(refreshed.tokens) : saved;
  }

  /** The refresh revoked the old access token: logs the consumers that still had a lease. */
  #logCut(): void {
    const { label, state } = this.account;
    if (state.kind === 'signed-out') return;
    const cut = unexpired(state.leases, this.#deps.clock.monotonicNow());
    if (cut.length === 0) return;
    const heldBy = cut.map(({ consumer }) => consumer).join(', ');
    this.#deps.log.info('a new token replaced one still held', { account: label, heldBy });
  }

  /** @param pendingRefresh the refresh that is in doubt now; null: none */
  async #failed(
    failure: Failure,
    pendingRefresh: PendingRefresh | null,
  ): Promise<Result<Tokens, Failure>> {
    const { clock, log } = this.#deps;
    const at = clock.monotonicNow();
    const sinceSentMs = pendingRefresh === null ? null : at - pendingRefresh.sent;
    const attempt = effectiveAttempt(attemptOf(this.account.state) + 1, sinceSentMs);
    const retryAt = this.nextRetryAt(failure, attempt);
    this.apply({ kind: 'refresh-failed', failure, at, retryAt, pendingRefresh });
    log.warn('refresh failed', { account: this.account.label, code: failure.code });
    if (endOfSession(failure) !== null) {
      const saved = await this.saveOrRetry();
      if (!saved.ok) log.warn('the end of a session is not on disk yet');
    }
    return err(failure);
  }

  /** Adds a lease. The first one of a token is noted on disk, so that the next process knows. */
  #handOut(consumer: string, { expires }: Tokens): void {
    const { state } = this.account;
    const isFirst = state.kind !== 'signed-out' && state.leases.length === 0;
    const at = this.#deps.clock.monotonicNow();
    this.apply({ kind: 'handed-out', lease: { consumer, until: expires }, at });
    if (isFirst) this.#store.saveInBackground('the first lease of a token is not on disk yet');
  }

  async #refreshForCaller(): Promise<Result<Tokens, Failure>> {
    const gate = retryGateOf(this.account);
    const early = this.isRefreshing ? null : callerBlock(gate, this.#deps.clock.monotonicNow());
    return early === null ? this.refresh() : err(early);
  }

  /** The tokens if they are the newest, on disk, and valid for `minValidMs`; null otherwise. */
  #tokensFor(minValidMs: number): Tokens | null {
    const tokens = tokensOf(this.account);
    const unsaved = this.account.state.kind === 'unsaved';
    if (tokens === null || this.isRefreshing || unsaved || refreshInDoubt(this.account))
      return null;
    return livesLongEnough(tokens, minValidMs, this.#deps.clock.monotonicNow()) ? tokens : null;
  }
}
