import type { Instant } from '../account.ts';
import type { LiveAccount } from '../managed-account.ts';
import { MAX_PAUSE_MS } from '../refresh/backoff.ts';
import { Schedule } from './timer-queue.ts';
import type { Deps } from '../ports.ts';
import { Suspension } from './suspend-gate.ts';
import { HostLimiter } from '../../util/async.ts';

/**
 * How many accounts of one sign-in server are looked after at once, unasked. What a person or a tool
 * asks for is not counted and never waits.
 */
const MOST_PER_SERVER = 4;

/** After a wake-up, and when the network is back, what is overdue is spread over this time. */
const SPREAD_MS = 2_000;

/** Does for each account what is due without being asked: one thing at a time for each. */
export class Upkeep {
  readonly #world: Deps;
  readonly #act: (live: LiveAccount) => Promise<void>;
  readonly #known = new Map<string, LiveAccount>();
  readonly #schedule: Schedule;
  readonly #limiter: HostLimiter;
  readonly #suspension: Suspension;
  /** How much is being done just now for an account; while it is, nothing is begun unasked. */
  readonly #attended = new Map<LiveAccount, number>();
  readonly #work = new Set<Promise<unknown>>();
  /** Where a bug broke the work off: nothing is done unasked before this instant. */
  readonly #notBefore = new WeakMap<LiveAccount, Instant>();
  /** Where there is reason not to wait any longer: due at this instant already. */
  readonly #notAfter = new WeakMap<LiveAccount, Instant>();

  /** @param act does what the account wants done now */
  constructor(world: Deps, act: (live: LiveAccount) => Promise<void>) {
    this.#suspension = new Suspension(world.clock, () => this.#catchUp());
    this.#world = { ...world, network: this.#suspension.holding(world.network) };
    this.#act = act;
    this.#schedule = new Schedule(world.clock, (id) => this.#fallDue(id));
    this.#limiter = new HostLimiter(MOST_PER_SERVER, (id) => this.#begin(id));
  }

  /** The world for the accounts: it sends no refresh while the machine falls asleep. */
  get world(): Deps {
    return this.#world;
  }

  /** From here on the account is looked after. */
  add(live: LiveAccount): void {
    this.#known.set(live.account.id, live);
    this.changed(live);
  }

  remove(live: LiveAccount): void {
    this.#known.delete(live.account.id);
    this.#schedule.remove(live.account.id);
  }

  /** The account changed, and with it what is due next. */
  changed(live: LiveAccount): void {
    const { id } = live.account;
    if (this.#known.get(id) === live) this.#schedule.set(id, this.#due(live));
  }

  /** Somebody else looks after the account until {@link release}. */
  hold(live: LiveAccount): void {
    this.#attended.set(live, (this.#attended.get(live) ?? 0) + 1);
  }

  release(live: LiveAccount): void {
    const left = (this.#attended.get(live) ?? 0) - 1;
    if (left > 0) this.#attended.set(live, left);
    else this.#attended.delete(live);
    this.changed(live);
  }

  /** While `work` runs, nothing is begun unasked for the account, and `stop` waits for it. */
  attend<T>(live: LiveAccount, work: () => Promise<T>): Promise<T> {
    this.hold(live);
    const running = Promise.resolve()
      .then(work)
      .finally(() => {
        this.#work.delete(running);
        this.release(live);
      });
    this.#work.add(running);
    return running;
  }

  /** The machine is about to sleep: nothing is begun unasked, and no refresh is sent at all. */
  suspend(): void {
    this.#schedule.pause();
    this.#suspension.begin();
  }

  /** The machine is awake: what fell due meanwhile is done now, spread a little. */
  wake(): void {
    if (this.#suspension.isOn) this.#suspension.end();
    else this.#catchUp();
  }

  /** The network is back: who could not reach a server tries again now, not after the pause. */
  networkBack(): void {
    for (const live of this.#known.values()) {
      if (!waitsForNetwork(live)) continue;
      this.#notAfter.set(live, this.#soon());
      this.changed(live);
    }
  }

  /** Nothing is begun any more; what is under way ends first. */
  async stop(): Promise<void> {
    this.#schedule.stop();
    this.#limiter.clear();
    this.#suspension.end();
    await Promise.allSettled(this.#work);
  }

  #due(live: LiveAccount): Instant | null {
    if (this.#attended.has(live)) return null;
    const notBefore = this.#notBefore.get(live) ?? null;
    const notAfter = this.#notAfter.get(live) ?? null;
    return live.due({ notBefore, notAfter });
  }

  #catchUp(): void {
    const elapsed = this.#world.clock.elapsed();
    for (const live of this.#known.values()) {
      const due = this.#due(live);
      if (due !== null && due <= elapsed) this.#schedule.set(live.account.id, this.#soon());
    }
    this.#schedule.resume();
  }

  #soon(): Instant {
    const { clock, random } = this.#world;
    return clock.elapsed() + random.fraction() * SPREAD_MS;
  }

  #fallDue(id: string): void {
    const live = this.#known.get(id);
    if (live !== undefined) this.#limiter.enqueue(live.account.session.server.issuer, id);
  }

  /** Whose turn it is may have been served meanwhile: then there is nothing to do. */
  #begin(id: string): Promise<unknown> | null {
    const live = this.#known.get(id);
    if (live === undefined || this.#suspension.isOn) return null;
    const due = this.#due(live);
    if (due === null || due > this.#world.clock.elapsed()) {
      this.changed(live);
      return null;
    }
    this.#notAfter.delete(live);
    return this.attend(live, () => this.#act(live)).catch((error: unknown) => {
      this.#world.log.bug('an account could not be looked after', error);
      this.#notBefore.set(live, this.#world.clock.elapsed() + MAX_PAUSE_MS);
      this.changed(live);
    });
  }
}

/** Whether the account waits only because a server could not be reached. */
function waitsForNetwork({ account: { state } }: LiveAccount): boolean {
  return 'waiting' in state && state.waiting?.failure.code === 'unreachable';
}
