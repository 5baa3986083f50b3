import type { Failure, VaultFailure } from '../../common/failure.ts';
import { err, ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import type { Account, AccountEvent, Instant, Tokens } from './account.ts';
import { attemptOf, endOfSession, tokensOf } from './account.ts';
import type { Notes } from './account-storage.ts';
import { dueOf } from './due.ts';
import { BEFORE_RESTART, Holders } from './holders.ts';
import { AccountStore } from './kept-account.ts';
import type { Lease } from './leases.ts';
import { livesLongEnough } from './leases.ts';
import { Pause } from './pause.ts';
import { refusalOf } from './refusal.ts';
import type { Refreshed } from './refresh-request.ts';
import { requestNewTokens } from './refresh-request.ts';
import { RenewalRequests } from './renewal-requests.ts';
import { attemptsThatCount, pauseAfter } from './retry.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * One account, alive: its state, who holds its token, and the one refresh that may be under way.
 *
 * Everything that changes an account goes through here, so these hold for every caller: one refresh
 * at a time, its start on disk before it is sent, its result on disk before anybody uses it, and
 * never cancelled once sent.
 */
export class LiveAccount {
  /** Who wanted new tokens: see `renewOnRequest`. */
  readonly requests: RenewalRequests;
  readonly #world: Surroundings;
  readonly #changed: () => void;
  readonly #store: AccountStore;
  readonly #chance: number;
  readonly #holders: Holders;
  readonly #pause: Pause;
  #flight: Promise<Result<Tokens, Failure>> | null = null;
  #flightEnded: Instant = Number.NEGATIVE_INFINITY;
  #isEnding = false;

  /**
   * @param notes of the last process: a refresh that was under way comes first, its answer may be lost
   * @param changed called after every change
   */
  constructor(account: Account, notes: Notes, world: Surroundings, changed: () => void) {
    this.#world = world;
    this.#changed = changed;
    this.#store = new AccountStore(account, notes, world, changed);
    this.#holders = new Holders(this.#world.clock);
    const tokens = tokensOf(this.account);
    if (this.#store.isHeld && tokens !== null) this.#holders.add(BEFORE_RESTART, tokens);
    this.requests = new RenewalRequests(this.#world.clock);
    this.#pause = new Pause(this.#world.clock);
    this.#chance = this.#world.random.fraction();
  }

  get account(): Account {
    return this.#store.account;
  }

  /** Whether the answer to a refresh may have been lost: the newest tokens may not be ours. */
  get answerLost(): boolean {
    return this.#store.answerLost;
  }

  /** What the disk did not take when it was to be {@link saveSurely saved}; null: nothing. */
  get owed(): AccountStore['owed'] {
    return this.#store.owed;
  }

  /** Applies `event` and announces the change. Saving is the caller's, where it matters. */
  apply(event: AccountEvent): void {
    this.#store.apply(event);
  }

  /** Writes the account as it is; one that was forgotten is never written again. */
  save(): Promise<Result<void, VaultFailure>> {
    return this.#store.save();
  }

  /** The same, and where the disk refuses, again until it takes it: it is {@link owed}, and due then. */
  saveSurely(): Promise<Result<void, VaultFailure>> {
    return this.#store.saveSurely();
  }

  /** From now on nothing is written: the record is gone, and a late answer must not bring it back. */
  forget(): void {
    this.#store.forget();
  }

  /** When to try again after the next failure of this kind, the `attempt`-th in a row. */
  retryAfter(failure: Failure, attempt = attemptOf(this.account.state) + 1): Instant {
    const { clock, random } = this.#world;
    return clock.elapsed() + pauseAfter(attempt, failure, random.fraction());
  }

  /** Who holds the current token, now. Nobody does if it may be dead: then there is nothing to spare. */
  get leases(): readonly Lease[] {
    return this.answerLost ? [] : this.#holders.leases;
  }

  get isRefreshing(): boolean {
    return this.#flight !== null;
  }

  /** Whether the last refresh failed, so that its pauses spare the server. */
  get hasFailed(): boolean {
    return this.#pause.isOn;
  }

  /** What to tell whoever asks while the server wants a pause; null: it wants none. */
  get askedPause(): Failure | null {
    return this.#pause.told();
  }

  /** The tokens that can be used now; null: there are none, or a refresh comes first. */
  get current(): Tokens | null {
    return this.#inHand(0);
  }

  /** When this account next wants something done without being asked; null: nothing, or under way. */
  due(): Instant | null {
    if (this.#flight !== null) return null;
    const { answerLost, leases } = this;
    const { notBefore } = this.#pause;
    const known = { answerLost, leases, notBefore, chance: this.#chance };
    const elapsed = this.#world.clock.elapsed();
    const due = dueOf(this.account, { ...known, elapsed, flightEnded: this.#flightEnded });
    const { owed } = this;
    return owed === null ? due : Math.min(owed.retry, due ?? owed.retry);
  }

  /** From here on no refresh begins. */
  beginEnd(): void {
    this.#isEnding = true;
  }

  /** What the disk refused so far is written once more, now: new tokens above all. */
  async writeOwed(): Promise<void> {
    if (this.account.state.kind === 'unsaved') await this.refresh();
    if (this.owed !== null) await this.saveSurely();
  }

  /**
   * The current token if it lives `minValidMs` longer, else a new one. However many ask at once, the
   * server is asked once. The lease is `consumer`'s.
   */
  async take(minValidMs: number, consumer: string): Promise<Result<Tokens, Failure>> {
    const refusal = refusalOf(this.account);
    if (refusal !== null) return err(refusal);
    let tokens = await this.usable(minValidMs);
    // Saving may have taken longer than the new token lives.
    if (tokens.ok && this.current === null) tokens = await this.usable();
    if (!tokens.ok) return tokens;
    // A person may have signed out meanwhile.
    const late = refusalOf(this.account);
    if (late !== null) return err(late);
    this.#holders.add(consumer, tokens.value);
    this.#store.noteHeld();
    this.#changed();
    return tokens;
  }

  /**
   * The current token for a call of our own: no lease. Refreshes first where it does not live
   * `minValidMs` longer, where it is not on disk yet, and where an answer was lost: then the server may
   * have ended it already. A refresh that was under way anyway may fail and leave it as good as it was.
   */
  async usable(minValidMs = 0): Promise<Result<Tokens, Failure>> {
    const held = this.#inHand(minValidMs);
    if (held !== null) return ok(held);
    const refreshed = await this.#refreshUnlessTooEarly();
    const left = refreshed.ok ? null : this.#inHand(minValidMs);
    return left === null ? refreshed : ok(left);
  }

  /** New tokens, whoever holds the old ones: those were rejected. */
  async renew(): Promise<Result<Tokens, Failure>> {
    const { state, label } = this.account;
    if (state.kind === 'signing-out') return err({ code: 'signing-out', account: label });
    return this.#refreshUnlessTooEarly();
  }

  /** New tokens; joins the refresh that is under way. None is sent while the server wants a pause. */
  refresh(): Promise<Result<Tokens, Failure>> {
    const told = this.#flight === null ? this.#pause.told() : null;
    if (told !== null) return Promise.resolve(err(told));
    this.#flight ??= Promise.resolve()
      .then(() => this.#fly())
      .finally(() => {
        this.#flight = null;
        this.#flightEnded = this.#world.clock.elapsed();
        this.#changed();
      });
    return this.#flight;
  }

  /** Resolves when no refresh is under way, and all that was to be noted is. */
  async settled(): Promise<void> {
    await this.#flight;
    await this.#store.noted();
  }

  async #fly(): Promise<Result<Tokens, Failure>> {
    const { label, session, state } = this.account;
    if (state.kind === 'signed-out') return err({ code: 'signed-out', account: label });
    if (state.kind === 'unsaved') return this.#keep({ tokens: state.tokens, session });
    if (this.#isEnding) return err({ code: 'agent-stopping' });
    this.apply({ kind: 'refresh-sent' });
    const expected = this.#store.missing.expect();
    const noted = await this.save();
    if (!noted.ok) {
      expected.takeBack();
      return this.#failed(noted.failure);
    }
    const answer = await requestNewTokens(this.account.session, state.tokens, this.#world);
    if (answer.ok) {
      this.#pause.over();
      return this.#keep(answer.value);
    }
    const { failure, lost, sent } = answer.failure;
    expected.left(sent);
    if (!lost) expected.takeBack();
    return this.#failed(failure);
  }

  async #keep(refreshed: Refreshed): Promise<Result<Tokens, Failure>> {
    const saved = await this.#store.keep(refreshed, () => {
      // A new token ends the old one at the server.
      const cut = { account: this.account.label, heldBy: this.#holders.dismiss() };
      if (cut.heldBy !== null) this.#world.log.info('a new token replaced one still held', cut);
    });
    return saved.ok ? ok(refreshed.tokens) : saved;
  }

  async #failed(failure: Failure): Promise<Result<Tokens, Failure>> {
    this.#pause.failed(failure);
    const { missing } = this.#store;
    const { log } = this.#world;
    const attempt = attemptsThatCount(attemptOf(this.account.state) + 1, missing.sinceSentMs);
    this.apply({ kind: 'refresh-failed', failure, retry: this.retryAfter(failure, attempt) });
    log.warn('refresh failed', { account: this.account.label, code: failure.code });
    if (endOfSession(failure) !== null) {
      this.#pause.over();
      this.#holders.dismiss();
      const saved = await this.saveSurely();
      if (!saved.ok) log.warn('the end of a session is not on disk yet');
    }
    return err(failure);
  }

  async #refreshUnlessTooEarly(): Promise<Result<Tokens, Failure>> {
    const early = this.#flight === null ? this.#pause.tooEarly() : null;
    return early === null ? this.refresh() : err(early);
  }

  /** The tokens where they are known to be the newest, are on disk, and live `minValidMs` longer. */
  #inHand(minValidMs: number): Tokens | null {
    const held = tokensOf(this.account);
    const unsaved = this.account.state.kind === 'unsaved';
    if (held === null || this.#flight !== null || unsaved || this.answerLost) return null;
    return livesLongEnough(held, minValidMs, this.#world.clock.elapsed()) ? held : null;
  }
}
