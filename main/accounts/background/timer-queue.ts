import TinyQueue from 'tinyqueue';
import type { MonotonicMs } from '../account.ts';
import type { Clock } from '../ports.ts';

/** However wrong an answer is, the same account is not acted on more often than this. */
const MIN_PAUSE_MS = 1_000;

/**
 * One timer for everything that falls due. Keeps instants, not delays: after the machine woke they
 * are compared with the clock again, and what is overdue comes at once. With nothing due there is
 * no timer at all.
 */
export class TimerQueue {
  readonly #clock: Clock;
  readonly #act: (id: string) => void;
  readonly #due = new Map<string, MonotonicMs>();
  readonly #acted = new Map<string, MonotonicMs>();
  /** Entries that no longer hold are skipped. */
  readonly #heap = new TinyQueue<Entry>([], (one, other) => one.due - other.due);
  #sleeping: Readonly<{ until: MonotonicMs; wake: AbortController }> | null = null;
  #stopped = false;
  #paused = false;

  /** @param act called when `id` is due; it must end in another `set` */
  constructor(clock: Clock, act: (id: string) => void) {
    this.#clock = clock;
    this.#act = act;
  }

  /** When `id` is next due; null: no more. */
  set(id: string, due: MonotonicMs | null): void {
    if (due === null) {
      this.#due.delete(id);
    } else {
      const at = Math.max(due, (this.#acted.get(id) ?? Number.NEGATIVE_INFINITY) + MIN_PAUSE_MS);
      if (this.#due.get(id) === at) return;
      this.#due.set(id, at);
      this.#heap.push({ id, due: at });
    }
    this.#rearm();
  }

  /** Forgets `id` altogether. */
  remove(id: string): void {
    this.#due.delete(id);
    this.#acted.delete(id);
    this.#rearm();
  }

  /** The machine is about to sleep: what falls due from now on waits for {@link resume}. */
  pause(): void {
    this.#paused = true;
    this.#sleeping?.wake.abort();
    this.#sleeping = null;
  }

  /** The machine is awake: what fell due meanwhile comes at once. */
  resume(): void {
    this.#paused = false;
    this.#rearm();
  }

  /** Nothing is acted on any more. */
  stop(): void {
    this.#stopped = true;
    this.#sleeping?.wake.abort();
  }

  #earliest(): Entry | undefined {
    for (;;) {
      const first = this.#heap.peek();
      if (first === undefined || this.#due.get(first.id) === first.due) return first;
      this.#heap.pop();
    }
  }

  #rearm(): void {
    const first = this.#earliest();
    if (this.#stopped || this.#paused || first?.due === this.#sleeping?.until) return;
    this.#sleeping?.wake.abort();
    this.#sleeping = null;
    if (first !== undefined) this.#sleepUntil(first.due);
  }

  #sleepUntil(until: MonotonicMs): void {
    const wake = new AbortController();
    this.#sleeping = { until, wake };
    const delayMs = Math.max(0, until - this.#clock.monotonicNow());
    this.#clock.sleep(delayMs, wake.signal).then(
      () => {
        // A sleep may end just before it is replaced: the one that replaced it will fire.
        if (this.#sleeping?.wake === wake) this.#fire();
      },
      // The only rejection is our own abort: another instant is waited for instead.
      () => undefined,
    );
  }

  #fire(): void {
    if (this.#stopped || this.#paused) return;
    this.#sleeping = null;
    const now = this.#clock.monotonicNow();
    for (let first = this.#earliest(); first !== undefined; first = this.#earliest()) {
      if (first.due > now) break;
      this.#heap.pop();
      this.#due.delete(first.id);
      this.#acted.set(first.id, now);
      this.#act(first.id);
    }
    this.#rearm();
  }
}

type Entry = Readonly<{ id: string; due: MonotonicMs }>;
