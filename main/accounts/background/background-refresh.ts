import type { MonotonicMs } from '../account.ts';
import type { ManagedAccount } from '../managed-account.ts';
import { MAX_PAUSE_MS } from '../refresh/backoff.ts';
import { TimerQueue } from './timer-queue.ts';
import type { Deps } from '../ports.ts';
import { SuspendGate } from './suspend-gate.ts';
import { HostLimiter } from '../../util/async.ts';

/**
 * How many accounts of one sign-in server are looked after at once, unasked. What a person or a tool
 * asks for is not counted and never waits.
 */
const MOST_PER_SERVER = 4;

/** After a wake-up, and when the network is back, what is overdue is spread over this time. */
const SPREAD_MS = 2_000;

/** Does for each account what is due without being asked: one thing at a time for each. */
export class BackgroundRefresh {
  readonly #deps: Deps;
  readonly #act: (managed: ManagedAccount) => Promise<void>;
  readonly #known = new Map<string, ManagedAccount>();
  readonly #timers: TimerQueue;
  readonly #limiter: HostLimiter;
  readonly #suspendGate: SuspendGate;
  /** How much is being done just now for an account; while it is, nothing is begun unasked. */
  readonly #locks = new Map<ManagedAccount, number>();
  readonly #work = new Set<Promise<unknown>>();
  /** Where a bug broke the work off: nothing is done unasked before this instant. */
  readonly #notBefore = new WeakMap<ManagedAccount, MonotonicMs>();
  /** Where there is reason not to wait any longer: due at this instant already. */
  readonly #notAfter = new WeakMap<ManagedAccount, MonotonicMs>();

  /** @param act does what the account wants done now */
  constructor(deps: Deps, act: (managed: ManagedAccount) => Promise<void>) {
    this.#suspendGate = new SuspendGate(deps.clock, () => this.#catchUp());
    this.#deps = { ...deps, network: this.#suspendGate.withSuspendGate(deps.network) };
    this.#act = act;
    this.#timers = new TimerQueue(deps.clock, (id) => this.#fallDue(id));
    this.#limiter = new HostLimiter(MOST_PER_SERVER, (id) => this.#begin(id));
  }

  /** The world for the accounts: it sends no refresh while the machine falls asleep. */
  get deps(): Deps {
    return this.#deps;
  }

  /** From here on the account is looked after. */
  add(managed: ManagedAccount): void {
    this.#known.set(managed.account.id, managed);
    this.changed(managed);
  }

  remove(managed: ManagedAccount): void {
    this.#known.delete(managed.account.id);
    this.#timers.remove(managed.account.id);
  }

  /** The account changed, and with it what is due next. */
  changed(managed: ManagedAccount): void {
    const { id } = managed.account;
    if (this.#known.get(id) === managed) this.#timers.set(id, this.#nextActionAt(managed));
  }

  /** Somebody else looks after the account until {@link release}. */
  lock(managed: ManagedAccount): void {
    this.#locks.set(managed, (this.#locks.get(managed) ?? 0) + 1);
  }

  release(managed: ManagedAccount): void {
    const left = (this.#locks.get(managed) ?? 0) - 1;
    if (left > 0) this.#locks.set(managed, left);
    else this.#locks.delete(managed);
    this.changed(managed);
  }

  /** While `work` runs, nothing is begun unasked for the account, and `stop` waits for it. */
  runExclusive<T>(managed: ManagedAccount, work: () => Promise<T>): Promise<T> {
    this.lock(managed);
    const running = Promise.resolve()
      .then(work)
      .finally(() => {
        this.#work.delete(running);
        this.release(managed);
      });
    this.#work.add(running);
    return running;
  }

  /** The machine is about to sleep: nothing is begun unasked, and no refresh is sent at all. */
  suspend(): void {
    this.#timers.pause();
    this.#suspendGate.close();
  }

  /** The machine is awake: what fell due meanwhile is done now, spread a little. */
  wake(): void {
    if (this.#suspendGate.isClosed) this.#suspendGate.open();
    else this.#catchUp();
  }

  /** The network is back: who could not reach a server tries again now, not after the pause. */
  networkBack(): void {
    for (const managed of this.#known.values()) {
      if (!waitsForNetwork(managed)) continue;
      this.#notAfter.set(managed, this.#soon());
      this.changed(managed);
    }
  }

  /** Nothing is begun any more; what is under way ends first. */
  async stop(): Promise<void> {
    this.#timers.stop();
    this.#limiter.clear();
    this.#suspendGate.open();
    await Promise.allSettled(this.#work);
  }

  #nextActionAt(managed: ManagedAccount): MonotonicMs | null {
    if (this.#locks.has(managed)) return null;
    const notBefore = this.#notBefore.get(managed) ?? null;
    const notAfter = this.#notAfter.get(managed) ?? null;
    return managed.nextActionAt({ notBefore, notAfter });
  }

  #catchUp(): void {
    const now = this.#deps.clock.monotonicNow();
    for (const managed of this.#known.values()) {
      const due = this.#nextActionAt(managed);
      if (due !== null && due <= now) this.#timers.set(managed.account.id, this.#soon());
    }
    this.#timers.resume();
  }

  #soon(): MonotonicMs {
    const { clock, random } = this.#deps;
    return clock.monotonicNow() + random.fraction() * SPREAD_MS;
  }

  #fallDue(id: string): void {
    const managed = this.#known.get(id);
    if (managed !== undefined) this.#limiter.enqueue(managed.account.session.server.issuer, id);
  }

  /** Whose turn it is may have been served meanwhile: then there is nothing to do. */
  #begin(id: string): Promise<unknown> | null {
    const managed = this.#known.get(id);
    if (managed === undefined || this.#suspendGate.isClosed) return null;
    const due = this.#nextActionAt(managed);
    if (due === null || due > this.#deps.clock.monotonicNow()) {
      this.changed(managed);
      return null;
    }
    this.#notAfter.delete(managed);
    return this.runExclusive(managed, () => this.#act(managed)).catch((error: unknown) => {
      this.#deps.log.bug('an account could not be looked after', error);
      this.#notBefore.set(managed, this.#deps.clock.monotonicNow() + MAX_PAUSE_MS);
      this.changed(managed);
    });
  }
}

/** Whether the account waits only because a server could not be reached. */
function waitsForNetwork({ account: { state } }: ManagedAccount): boolean {
  return 'waiting' in state && state.waiting?.failure.code === 'unreachable';
}
