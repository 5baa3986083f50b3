import type { Failure, VaultFailure } from '../protocol/failure.ts';
import { fail, ok } from '../protocol/outcome.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Account, AccountEvent, Instant, Tokens } from './account.ts';
import { attemptOf, endOfSession, nextAccount, tokensOf } from './account.ts';
import { toStored } from './account-storage.ts';
import { Allowance } from './allowance.ts';
import { dueOf } from './due.ts';
import { Holders } from './holders.ts';
import type { Lease } from './leases.ts';
import { livesLongEnough } from './leases.ts';
import { pauseOf, refusalOf } from './refusal.ts';
import type { Refreshed } from './refresh-request.ts';
import { requestNewTokens } from './refresh-request.ts';
import { attemptsThatCount, pauseAfter } from './retry.ts';
import type { Surroundings } from './surroundings.ts';

/** Refreshes on request. A person never meets the end of that; a program in a loop does. */
const REQUESTS = { most: 12, eachMs: 10_000 };

/**
 * One account, alive: its state, who holds its token, and the one refresh that may be under way.
 *
 * Everything that changes an account goes through here, so these hold for every caller: one refresh
 * at a time, its start on disk before it is sent, its result on disk before anybody uses it, and
 * never cancelled once sent.
 */
export class LiveAccount {
  readonly #world: Surroundings;
  readonly #changed: () => void;
  readonly #chance: number;
  readonly #holders: Holders;
  readonly #requests: Allowance;
  #account: Account;
  #flight: Promise<Outcome<Tokens, Failure>> | null = null;
  #flightEnded: Instant = Number.NEGATIVE_INFINITY;
  /** New tokens on their way to the disk: no other record may be written over them. */
  #keeping: Promise<unknown> | null = null;
  #refreshSentAt: number | null;
  /** The same on the clock that never jumps; if an earlier process sent it, when this one began. */
  #refreshSent: Instant;
  #forgotten = false;

  /**
   * @param refreshSentAt a refresh was under way when the last process ended (epoch milliseconds):
   *   it comes first, because its answer may be lost
   */
  constructor(
    account: Account,
    refreshSentAt: number | null,
    world: Surroundings,
    changed: () => void,
  ) {
    this.#account = account;
    this.#refreshSentAt = refreshSentAt;
    this.#refreshSent = world.clock.elapsed();
    this.#world = world;
    this.#holders = new Holders(world.clock);
    this.#requests = new Allowance(world.clock, REQUESTS);
    this.#changed = changed;
    this.#chance = world.random.fraction();
  }

  get account(): Account {
    return this.#account;
  }

  /** Whether the answer to a refresh may have been lost: the newest tokens may not be ours. */
  get answerLost(): boolean {
    return this.#refreshSentAt !== null;
  }

  /** Who holds the current token, now. Nobody does if it may be dead: then there is nothing to spare. */
  get leases(): readonly Lease[] {
    return this.answerLost ? [] : this.#holders.leases;
  }

  /** When this account next wants something done without being asked; null: nothing, or under way. */
  due(): Instant | null {
    if (this.#flight !== null) return null;
    const { answerLost, leases } = this;
    const around = { answerLost, leases, chance: this.#chance, flightEnded: this.#flightEnded };
    return dueOf(this.#account, { ...around, elapsed: this.#world.clock.elapsed() });
  }

  /** Applies `event` and announces the change. Saving is the caller's, where it matters. */
  apply(event: AccountEvent): void {
    this.#account = nextAccount(this.#account, event);
    this.#changed();
  }

  /** Writes the account as it is; one that was forgotten is never written again. */
  async save(): Promise<Outcome<void, VaultFailure>> {
    while (this.#keeping !== null) await this.#keeping;
    return this.#write(this.#account, this.#refreshSentAt);
  }

  /** From now on nothing is written: the record is gone, and a late answer must not bring it back. */
  forget(): void {
    this.#forgotten = true;
  }

  /** When to try again after the next failure of this kind, the `attempt`-th in a row. */
  retryAfter(failure: Failure, attempt = attemptOf(this.#account.state) + 1): Instant {
    const { clock, random } = this.#world;
    return clock.elapsed() + pauseAfter(attempt, failure, random.fraction());
  }

  /**
   * The current token if it lives `minValidMs` longer, else a new one. However many ask at once, the
   * server is asked once. The lease is `consumer`'s.
   */
  async take(minValidMs: number, consumer: string): Promise<Outcome<Tokens, Failure>> {
    const refusal = refusalOf(this.#account);
    if (refusal !== null) return fail(refusal);
    let tokens = await this.usable(minValidMs);
    // Saving may have taken longer than the new token lives.
    if (tokens.ok && this.#inHand(0) === null) tokens = await this.usable();
    if (!tokens.ok) return tokens;
    this.#holders.add(consumer, tokens.value);
    this.#changed();
    return tokens;
  }

  /**
   * The current token for a call of our own: no lease. Refreshes first where it does not live
   * `minValidMs` longer, where it is not on disk yet, and where an answer was lost: then the server may
   * have ended it already. A refresh that was under way anyway may fail and leave it as good as it was.
   */
  async usable(minValidMs = 0): Promise<Outcome<Tokens, Failure>> {
    const held = this.#inHand(minValidMs);
    if (held !== null) return ok(held);
    const refreshed = await this.#refreshUnlessTooEarly();
    const left = refreshed.ok ? null : this.#inHand(minValidMs);
    return left === null ? refreshed : ok(left);
  }

  /** New tokens, whoever holds the old ones: those were rejected. */
  async renew(): Promise<Outcome<Tokens, Failure>> {
    const { state, label } = this.#account;
    if (state.kind === 'signing-out') return fail({ code: 'signing-out', account: label });
    return this.#refreshUnlessTooEarly();
  }

  /**
   * New tokens because a caller wants them. Whoever asks on and on gets those that are there: a program
   * in a loop is to trouble neither the server nor the holders. A server that is away is told to each:
   * the pauses between the tries spare it already.
   */
  async renewOnRequest(): Promise<Outcome<Tokens, Failure>> {
    const spared = this.#flight !== null || this.#account.state.kind === 'unreachable';
    const held = spared || this.#requests.take() ? null : this.#inHand(0);
    return held === null ? this.renew() : ok(held);
  }

  /** New tokens; joins the refresh that is under way. */
  refresh(): Promise<Outcome<Tokens, Failure>> {
    this.#flight ??= Promise.resolve()
      .then(() => this.#fly())
      .finally(() => {
        this.#flight = null;
        this.#flightEnded = this.#world.clock.elapsed();
        this.#changed();
      });
    return this.#flight;
  }

  /** Resolves when no refresh is under way. */
  async settled(): Promise<void> {
    await this.#flight;
  }

  async #fly(): Promise<Outcome<Tokens, Failure>> {
    const { state } = this.#account;
    if (state.kind === 'signed-out')
      return fail({ code: 'signed-out', account: this.#account.label });
    if (state.kind === 'unsaved')
      return this.#keep({ tokens: state.tokens, session: this.#account.session });
    this.apply({ kind: 'refresh-sent' });
    const alreadyLost = this.answerLost;
    if (!alreadyLost) this.#refreshSent = this.#world.clock.elapsed();
    this.#refreshSentAt ??= this.#world.clock.now();
    const noted = await this.save();
    if (!noted.ok) {
      if (!alreadyLost) this.#refreshSentAt = null;
      return this.#failed(noted.failure);
    }
    const answer = await requestNewTokens(this.#account.session, state.tokens, this.#world);
    if (answer.ok) return this.#keep(answer.value);
    const { failure, lost } = answer.failure;
    if (!alreadyLost && !lost) this.#refreshSentAt = null;
    return this.#failed(failure);
  }

  #keep(refreshed: Refreshed): Promise<Outcome<Tokens, Failure>> {
    const keeping = this.#keepOnce(refreshed).finally(() => (this.#keeping = null));
    this.#keeping = keeping;
    return keeping;
  }

  /** Saved before used: only when the record is on disk does anybody, ourselves included, see the tokens. */
  async #keepOnce({ tokens, session }: Refreshed): Promise<Outcome<Tokens, Failure>> {
    const event = { kind: 'refreshed', tokens, session } as const;
    const saved = await this.#write(nextAccount(this.#account, event), null);
    if (!saved.ok) {
      const { failure } = saved;
      this.#world.log.warn('new tokens are not on disk yet', { code: failure.code });
      const retry = this.retryAfter(failure);
      this.apply({ kind: 'save-failed', tokens, session, failure, retry });
      return saved;
    }
    this.#refreshSentAt = null;
    // A new token ends the old one at the server.
    const cut = { account: this.#account.label, heldBy: this.#holders.dismiss() };
    if (cut.heldBy !== null) this.#world.log.info('a new token replaced one still held', cut);
    this.apply(event);
    return ok(tokens);
  }

  async #failed(failure: Failure): Promise<Outcome<Tokens, Failure>> {
    const sinceSentMs = this.answerLost ? this.#world.clock.elapsed() - this.#refreshSent : null;
    const attempt = attemptsThatCount(attemptOf(this.#account.state) + 1, sinceSentMs);
    this.apply({ kind: 'refresh-failed', failure, retry: this.retryAfter(failure, attempt) });
    this.#world.log.warn('refresh failed', { account: this.#account.label, code: failure.code });
    if (endOfSession(failure) !== null) {
      this.#holders.dismiss();
      const saved = await this.save();
      if (!saved.ok) this.#world.log.warn('the end of a session is not on disk yet');
    }
    return fail(failure);
  }

  #write(account: Account, refreshSentAt: number | null): Promise<Outcome<void, VaultFailure>> {
    if (this.#forgotten) return Promise.resolve(ok(undefined));
    return this.#world.vault.save(toStored(account, refreshSentAt));
  }

  async #refreshUnlessTooEarly(): Promise<Outcome<Tokens, Failure>> {
    if (this.#flight !== null) return this.#flight;
    const elapsed = this.#world.clock.elapsed();
    const pause = pauseOf(this.#account.state, this.#flightEnded, elapsed);
    return pause === null ? this.refresh() : fail(pause);
  }

  /** The tokens where they are known to be the newest, are on disk, and live `minValidMs` longer. */
  #inHand(minValidMs: number): Tokens | null {
    const held = tokensOf(this.#account);
    const unsaved = this.#account.state.kind === 'unsaved';
    if (held === null || this.#flight !== null || unsaved || this.answerLost) return null;
    return livesLongEnough(held, minValidMs, this.#world.clock.elapsed()) ? held : null;
  }
}
