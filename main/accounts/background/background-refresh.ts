import type { MonotonicMs } from '../account.ts';
import type { ManagedAccount } from '../managed-account.ts';
import { MAX_PAUSE_MS } from '../refresh/backoff.ts';
import { TimerQueue } from './timer-queue.ts';
import type { Deps } from '../ports.ts';
import { SuspendGate } from './suspend-gate.ts';
import { HostLimiter } from '../../util/async.ts';

/**
 * Concurrent background actions per authorization server. Requests from users and tools are not limited.
 */
const MOST_PER_SERVER = 4;

/** After a resume, and when the network is back, overdue actions are spread over this time. */
const SPREAD_MS = 2_000;

/** Runs the due background action of each account, one at a time per account. */
export class BackgroundRefresh {
  readonly #deps: Deps;
  readonly #act: (managed: ManagedAccount) => Promise<void>;
  readonly #known = new Map<string, ManagedAccount>();
  readonly #timers: TimerQueue;
  readonly #limiter: HostLimiter;
  readonly #suspendGate: SuspendGate;
  /** Number of locks per account; while there is one, no background action starts. */
  readonly #locks = new Map<ManagedAccount, number>();
  readonly #work = new Set<Promise<unknown>>();
  /** After an exception: no background action before this time. */
  readonly #notBefore = new WeakMap<ManagedAccount, MonotonicMs>();
  /** The network is back: due at this time at the latest. */
  readonly #notAfter = new WeakMap<ManagedAccount, MonotonicMs>();

  /** @param act runs the action that is due */
  constructor(deps: Deps, act: (managed: ManagedAccount) => Promise<void>) {
    this.#suspendGate = new SuspendGate(deps.clock, () => this.#catchUp());
    this.#deps = { ...deps, network: this.#suspendGate.withSuspendGate(deps.network) };
    this.#act = act;
    this.#timers = new TimerQueue(deps.clock, (id) => this.#fallDue(id));
    this.#limiter = new HostLimiter(MOST_PER_SERVER, (id) => this.#begin(id));
  }

  /** The dependencies for accounts: their network sends no refresh while the machine is suspending. */
  get deps(): Deps {
    return this.#deps;
  }

  /** Starts background actions for the account. */
  add(managed: ManagedAccount): void {
    this.#known.set(managed.account.id, managed);
    this.changed(managed);
  }

  remove(managed: ManagedAccount): void {
    this.#known.delete(managed.account.id);
    this.#timers.remove(managed.account.id);
  }

  /** The account changed: reschedules its next action. */
  changed(managed: ManagedAccount): void {
    const { id } = managed.account;
    if (this.#known.get(id) === managed) this.#timers.set(id, this.#dueAt(managed));
  }

  /** No background action starts until {@link release}. */
  lock(managed: ManagedAccount): void {
    this.#locks.set(managed, (this.#locks.get(managed) ?? 0) + 1);
  }

  release(managed: ManagedAccount): void {
    const left = (this.#locks.get(managed) ?? 0) - 1;
    if (left > 0) this.#locks.set(managed, left);
    else this.#locks.delete(managed);
    this.changed(managed);
  }

  /** Runs `work` with the account locked; `stop` waits for it. */
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

  /** The machine is suspending: no background action starts, and no refresh is sent at all. */
  suspend(): void {
    this.#timers.pause();
    this.#suspendGate.close();
  }

  /** The machine resumed: runs what fell due meanwhile, slightly spread. */
  wake(): void {
    if (this.#suspendGate.isClosed) this.#suspendGate.open();
    else this.#catchUp();
  }

  /** The network is back: accounts that could not reach their server retry now. */
  networkBack(): void {
    for (const managed of this.#known.values()) {
      if (!waitsForNetwork(managed)) continue;
      this.#notAfter.set(managed, this.#soon());
      this.changed(managed);
    }
  }

  /** No action starts any more; resolves when those under way have ended. */
  async stop(): Promise<void> {
    this.#timers.stop();
    this.#limiter.clear();
    this.#suspendGate.open();
    await Promise.allSettled(this.#work);
  }

  #dueAt(managed: ManagedAccount): MonotonicMs | null {
    if (this.#locks.has(managed)) return null;
    const notBefore = this.#notBefore.get(managed) ?? null;
    const notAfter = this.#notAfter.get(managed) ?? null;
    return managed.nextActionAt({ notBefore, notAfter });
  }

  #catchUp(): void {
    const now = this.#deps.clock.monotonicNow();
    for (const managed of this.#known.values()) {
      const due = this.#dueAt(managed);
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

  /** Starts the due action of an account; null: none is due any more, or the machine is suspending. */
  #begin(id: string): Promise<unknown> | null {
    const managed = this.#known.get(id);
    if (managed === undefined || this.#suspendGate.isClosed) return null;
    const due = this.#dueAt(managed);
    if (due === null || due > this.#deps.clock.monotonicNow()) {
      this.changed(managed);
      return null;
    }
    this.#notAfter.delete(managed);
    return this.runExclusive(managed, () => this.#act(managed)).catch((error: unknown) => {
      this.#deps.log.bug('a background action failed', error);
      this.#notBefore.set(managed, this.#deps.clock.monotonicNow() + MAX_PAUSE_MS);
      this.changed(managed);
    });
  }
}

/** Whether the account waits only because its server could not be reached. */
function waitsForNetwork({ account: { state } }: ManagedAccount): boolean {
  return 'waiting' in state && state.waiting?.failure.code === 'unreachable';
}
