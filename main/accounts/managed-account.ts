import type { Failure, VaultFailure } from '../../common/failure.ts';
import { err, ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import type { Account, AccountEvent, MonotonicMs, PendingRefresh, Tokens } from './account.ts';
import { attemptOf, endOfSession, refreshInDoubt, retryGateOf, tokensOf } from './account.ts';
import { nextActionWithin, NO_WAKE_UP } from './refresh/next-action.ts';
import { SingleFlight } from '../util/async.ts';
import { AccountStore } from './account-store.ts';
import { livesLongEnough, unexpired } from './lease.ts';
import { callerBlock, serverBlock } from './refresh/retry-gate.ts';
import { refusalOf } from './account.ts';
import type { Refreshed } from './refresh/refresh-request.ts';
import { requestNewTokens } from './refresh/refresh-request.ts';
import { RefreshCallers } from './refresh/callers.ts';
import { effectiveAttempt, MAX_PAUSE_MS, backoffMs } from './refresh/backoff.ts';
import type { Deps } from './ports.ts';

/**
 * One account, alive: its state, and the one refresh that may be under way.
 *
 * Everything that changes an account goes through here, so these hold for every caller: one refresh
 * at a time, its start on disk before it is sent, its result on disk before anybody uses it, and
 * never cancelled once sent.
 */
export class ManagedAccount {
  /** Who wanted new tokens: see `refreshOnDemand`. */
  readonly callers: RefreshCallers;
  readonly #deps: Deps;
  readonly #store: AccountStore;
  readonly #flight: SingleFlight<Result<Tokens, Failure>>;
  #isEnding = false;

  /** @param changed called after every change */
  constructor(account: Account, deps: Deps, changed: () => void) {
    this.#deps = deps;
    this.#store = new AccountStore(account, deps, changed);
    this.callers = new RefreshCallers(deps.clock);
    this.#flight = new SingleFlight(() => {
      const retry = deps.clock.monotonicNow() + MAX_PAUSE_MS;
      this.apply({ kind: 'refresh-over', retry });
    });
  }

  get account(): Account {
    return this.#store.account;
  }

  get isRefreshing(): boolean {
    return this.#flight.cachedTokens !== null;
  }

  /** The tokens that can be used now; null: there are none, or a refresh comes first. */
  get current(): Tokens | null {
    return this.#tokensFor(0);
  }

  /** Applies `event` and announces the change. Saving is the caller's, where it matters. */
  apply(event: AccountEvent): void {
    this.#store.apply(event);
  }

  /** Writes the account as it is; one that was forgotten is never written again. */
  save(): Promise<Result<void, VaultFailure>> {
    return this.#store.save();
  }

  /** The same, and where the disk refuses, `Account.pendingWrite` says when to write it again. */
  saveOrRetry(): Promise<Result<void, VaultFailure>> {
    return this.#store.saveOrRetry();
  }

  /** From now on nothing is written: the record is gone, and a late answer must not bring it back. */
  forget(): void {
    this.#store.forget();
  }

  /** When to try again after the next failure of this kind, the `attempt`-th in a row. */
  retryAfter(failure: Failure, attempt = attemptOf(this.account.state) + 1): MonotonicMs {
    const { clock, random } = this.#deps;
    return clock.monotonicNow() + backoffMs(attempt, failure, random.fraction());
  }

  /** When this account next wants something done without being asked; null: nothing, or under way. */
  nextActionAt(wakeUp = NO_WAKE_UP): MonotonicMs | null {
    if (this.isRefreshing) return null;
    return nextActionWithin(this.account, this.#deps.clock.monotonicNow(), wakeUp);
  }

  /** From here on no refresh begins. */
  beginShutdown(): void {
    this.#isEnding = true;
  }

  /** What the disk refused so far is written once more, now: new tokens above all. */
  async flush(): Promise<void> {
    if (this.account.state.kind === 'unsaved') await this.refresh();
    if (this.account.pendingWrite !== null) await this.saveOrRetry();
  }

  /**
   * The current token if it lives `minValidMs` longer, else a new one. However many ask at once, the
   * server is asked once. The lease is `consumer`'s.
   */
  async getToken(minValidMs: number, consumer: string): Promise<Result<Tokens, Failure>> {
    const refusal = refusalOf(this.account);
    if (refusal !== null) return err(refusal);
    let tokens = await this.ensureFresh(minValidMs);
    // Saving may have taken longer than the new token lives.
    if (tokens.ok && this.current === null) tokens = await this.ensureFresh();
    if (!tokens.ok) return tokens;
    // A person may have signed out meanwhile.
    const late = refusalOf(this.account);
    if (late !== null) return err(late);
    this.#handOut(consumer, tokens.value);
    return tokens;
  }

  /**
   * The current token for a call of our own: no lease. Refreshes first where it does not live
   * `minValidMs` longer, where it is not on disk yet, and where an answer was lost: then the server may
   * have ended it already. A refresh that was under way anyway may fail and leave it as good as it was.
   */
  async ensureFresh(minValidMs = 0): Promise<Result<Tokens, Failure>> {
    const held = this.#tokensFor(minValidMs);
    if (held !== null) return ok(held);
    const refreshed = await this.#refreshUnlessTooEarly();
    const left = refreshed.ok ? null : this.#tokensFor(minValidMs);
    return left === null ? refreshed : ok(left);
  }

  /** New tokens, whoever holds the old ones: those were rejected. */
  async forceRefresh(): Promise<Result<Tokens, Failure>> {
    const { state, label } = this.account;
    if (state.kind === 'signing-out') return err({ code: 'signing-out', account: label });
    return this.#refreshUnlessTooEarly();
  }

  /** New tokens; joins the refresh that is under way. None is sent while the server wants a pause. */
  refresh(): Promise<Result<Tokens, Failure>> {
    const gate = retryGateOf(this.account);
    const paused = this.isRefreshing ? null : serverBlock(gate, this.#deps.clock.monotonicNow());
    if (paused !== null) return Promise.resolve(err(paused));
    return this.#flight.run(() => this.#doRefresh());
  }

  /** Resolves when no refresh is under way, and all that was to be noted is. */
  async settled(): Promise<void> {
    await this.#flight.cachedTokens;
    await this.#store.settled();
  }

  async #doRefresh(): Promise<Result<Tokens, Failure>> {
    const { label, session, state } = this.account;
    if (state.kind === 'signed-out') return err({ code: 'signed-out', account: label });
    if (state.kind === 'unsaved') return this.#saveTokens({ tokens: state.tokens, session });
    if (this.#isEnding) return err({ code: 'agent-stopping' });
    const { clock } = this.#deps;
    const pending = state.refreshSentAt;
    const sending = { at: clock.now(), sent: clock.monotonicNow() };
    this.apply({ kind: 'refresh-sent', sent: sending });
    const noted = await this.save();
    if (!noted.ok) return this.#failed(noted.failure, pending);
    const answer = await requestNewTokens(this.account.session, state.tokens, this.#deps);
    if (answer.ok) return this.#saveTokens(answer.value);
    const { failure, lost, sent } = answer.failure;
    return this.#failed(failure, pending ?? (lost ? { ...sending, sent } : null));
  }

  async #saveTokens(refreshed: Refreshed): Promise<Result<Tokens, Failure>> {
    const saved = await this.#store.saveTokens(refreshed, () => this.#logCut());
    return saved.ok ? ok(refreshed.tokens) : saved;
  }

  /** A new token ends the old one at the server: who still held that is named. */
  #logCut(): void {
    const { label, state } = this.account;
    if (state.kind === 'signed-out') return;
    const cut = unexpired(state.leases, this.#deps.clock.monotonicNow());
    if (cut.length === 0) return;
    const heldBy = cut.map(({ consumer }) => consumer).join(', ');
    this.#deps.log.info('a new token replaced one still held', { account: label, heldBy });
  }

  /** @param refreshSentAt the refresh whose response is missing now */
  async #failed(
    failure: Failure,
    refreshSentAt: PendingRefresh | null,
  ): Promise<Result<Tokens, Failure>> {
    const { clock, log } = this.#deps;
    const at = clock.monotonicNow();
    const sinceSentMs = refreshSentAt === null ? null : at - refreshSentAt.sent;
    const attempt = effectiveAttempt(attemptOf(this.account.state) + 1, sinceSentMs);
    const retry = this.retryAfter(failure, attempt);
    this.apply({ kind: 'refresh-failed', failure, at, retry, refreshSentAt });
    log.warn('refresh failed', { account: this.account.label, code: failure.code });
    if (endOfSession(failure) !== null) {
      const saved = await this.saveOrRetry();
      if (!saved.ok) log.warn('the end of a session is not on disk yet');
    }
    return err(failure);
  }

  /** Notes for the next process, at the first handing-out of a token, that somebody holds it. */
  #handOut(consumer: string, { expires }: Tokens): void {
    const { state } = this.account;
    const isFirst = state.kind !== 'signed-out' && state.leases.length === 0;
    const at = this.#deps.clock.monotonicNow();
    this.apply({ kind: 'handed-out', lease: { consumer, until: expires }, at });
    if (isFirst) this.#store.saveInBackground('it could not be noted that a token is held');
  }

  async #refreshUnlessTooEarly(): Promise<Result<Tokens, Failure>> {
    const gate = retryGateOf(this.account);
    const early = this.isRefreshing ? null : callerBlock(gate, this.#deps.clock.monotonicNow());
    return early === null ? this.refresh() : err(early);
  }

  /** The tokens where they are known to be the newest, are on disk, and live `minValidMs` longer. */
  #tokensFor(minValidMs: number): Tokens | null {
    const held = tokensOf(this.account);
    const unsaved = this.account.state.kind === 'unsaved';
    if (held === null || this.isRefreshing || unsaved || refreshInDoubt(this.account)) return null;
    return livesLongEnough(held, minValidMs, this.#deps.clock.monotonicNow()) ? held : null;
  }
}
