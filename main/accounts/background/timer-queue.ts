import TinyQueue from 'tinyqueue';
import type { MonotonicMs } from '../account.ts';
import type { Clock } from '../ports.ts';

/** Minimum interval between two actions of one account, whatever goes wrong. */
const MIN_INTERVAL_MS = 1_000;

/**
 * A priority queue of due times with a single timer. Stores times, not delays: after a resume they are
 * compared with the clock again, and overdue entries fire at once. No timer runs while it is empty.
 */
export class TimerQueue {
  readonly #clock: Clock;
  readonly #act: (id: string) => void;
  readonly #due = new Map<string, MonotonicMs>();
  readonly #acted = new Map<string, MonotonicMs>();
  /** May contain outdated entries; they are skipped. */
  readonly #heap = new TinyQueue<Entry>([], (one, other) => one.due - other.due);
  #sleeping: Readonly<{ until: MonotonicMs; wake: AbortController }> | null = null;
  #stopped = false;
  #paused = false;

  /** @param act called when `id` is due; has to lead to another `set` */
  constructor(clock: Clock, act: (id: string) => void) {
    this.#clock = clock;
    this.#act = act;
  }

  /** Sets the next due time of `id`; null: none. */
  set(id: string, due: MonotonicMs | null): void {
    if (due === null) {
      this.#due.delete(id);
    } else {
      const at = Math.max(due, (this.#acted.get(id) ?? Number.NEGATIVE_INFINITY) + MIN_INTERVAL_MS);
      if (this.#due.get(id) === at) return;
      this.#due.set(id, at);
      this.#heap.push({ id, due: at });
    }
    this.#rearm();
  }

  /** Removes `id`. */
  remove(id: string): void {
    this.#due.delete(id);
    this.#acted.delete(id);
    this.#rearm();
  }

  /** Nothing fires until {@link resume}. */
  pause(): void {
    this.#paused = true;
    this.#sleeping?.wake.abort();
    this.#sleeping = null;
  }

  /** Fires what fell due meanwhile. */
  resume(): void {
    this.#paused = false;
    this.#rearm();
  }

  /** Nothing fires any more. */
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
        // Ignored if another sleep has replaced this one: that one will fire.
        if (this.#sleeping?.wake === wake) this.#fire();
      },
      // Rejects only when aborted by us: another sleep has replaced it.
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
