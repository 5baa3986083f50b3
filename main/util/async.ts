/** Waits for a time. The `Clock` is one; tests use their own. */
export type Timer = Readonly<{
  /** Resolves after `ms` milliseconds. Rejects when aborted, and leaves no timer behind. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}>;

/** A mutex per key: work for one key runs in the order it was requested; keys do not wait for each other. */
export class KeyedMutex {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Runs `work` once all earlier work for `key` has settled, fulfilled or rejected. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const result = before === undefined ? started(work) : before.then(work);
    const tail = result.then(ignore, ignore).then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    this.#tails.set(key, tail);
    return result;
  }

  /** Resolves once all work requested so far has settled. */
  async settled(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}

/** Calls `work` now; what it throws becomes a rejection. */
function started<T>(work: () => Promise<T>): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}

function ignore(): void {
  // A result or an error is for the caller of `run`; the next in line only needs that the work settled.
}

/** A counting semaphore: at most `permits` pieces of work at once, the others first come, first served. */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(permits: number) {
    this.#free = permits;
  }

  /** Runs `work` as soon as there is a permit, which is free again once `work` has settled. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/**
 * A concurrency limit per host for work that is queued by id: at most `limit` pieces at once for each
 * host, the others first come, first served. Hosts do not wait for each other.
 */
export class HostLimiter {
  readonly #limit: number;
  readonly #begin: (id: string) => Promise<unknown> | null;
  readonly #hosts = new Map<string, HostQueue>();

  /**
   * @param limit pieces of work at once for one host
   * @param begin begins the work of `id`; null: there is nothing left to do for it. The promise must
   * not reject: nothing here handles the error.
   */
  constructor(limit: number, begin: (id: string) => Promise<unknown> | null) {
    this.#limit = limit;
    this.#begin = begin;
  }

  /** Begins the work of `id` as soon as its host has room. An id that is queued already keeps its place. */
  enqueue(host: string, id: string): void {
    const queue = this.#hosts.get(host) ?? { running: 0, ids: new Set() };
    this.#hosts.set(host, queue);
    queue.ids.add(id);
    this.#next(host, queue);
  }

  /** Empties the queues. Work that has begun goes on. */
  clear(): void {
    for (const { ids } of this.#hosts.values()) ids.clear();
  }

  #next(host: string, queue: HostQueue): void {
    for (const id of queue.ids) {
      if (queue.running >= this.#limit) return;
      queue.ids.delete(id);
      const work = this.#begin(id);
      if (work === null) continue;
      queue.running += 1;
      void work.finally(() => {
        queue.running -= 1;
        this.#next(host, queue);
      });
    }
    if (queue.running === 0 && queue.ids.size === 0) this.#hosts.delete(host);
  }
}

type HostQueue = { running: number; readonly ids: Set<string> };

/** Single flight: one piece of work at a time, and everyone who requests it while it runs shares its result. */
export class SingleFlight<T> {
  readonly #landed: () => void;
  #current: Promise<T> | null = null;

  /** @param landed called after each flight, before its callers hear of the result */
  constructor(landed: () => void = ignore) {
    this.#landed = landed;
  }

  /** The flight under way; null: there is none. */
  get current(): Promise<T> | null {
    return this.#current;
  }

  /** Joins the flight under way, or begins one: `work` is called after this has returned. */
  run(work: () => Promise<T>): Promise<T> {
    this.#current ??= Promise.resolve()
      .then(work)
      .finally(() => {
        this.#current = null;
        this.#landed();
      });
    return this.#current;
  }
}

/** A {@link SingleFlight} per key. */
export class KeyedSingleFlight<T> {
  readonly #flights = new Map<string, SingleFlight<T>>();

  run(key: string, work: () => Promise<T>): Promise<T> {
    const flight = this.#flights.get(key) ?? new SingleFlight<T>(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight.run(work);
  }
}

const TIMED_OUT = Symbol('timed out');
const ABORTED = Symbol('aborted');

/**
 * The result of `work`, or of `onTimeout` where `work` takes longer than `limitMs` milliseconds. Work that
 * is too late goes on; its result or error is dropped.
 */
export async function withTimeout<T, L>(
  work: Promise<T>,
  limitMs: number,
  timer: Timer,
  onTimeout: () => L,
): Promise<T | L> {
  const over = new AbortController();
  const late = timer.sleep(limitMs, over.signal).then(
    (): typeof TIMED_OUT => TIMED_OUT,
    (error: unknown) => {
      if (over.signal.aborted) return work; // aborted below, once the work had settled
      throw error;
    },
  );
  try {
    const first = await Promise.race<T | typeof TIMED_OUT>([work, late]);
    return first === TIMED_OUT ? onTimeout() : first;
  } finally {
    over.abort();
  }
}

/**
 * The result of `work`, or of `onAbort` as soon as `signal` is aborted. Work that is too late goes on; its
 * result or error is dropped. Leaves no listener behind.
 */
export async function withAbort<T, A>(
  work: Promise<T>,
  signal: AbortSignal,
  onAbort: () => A,
): Promise<T | A> {
  let stop = ignore;
  const aborted = new Promise<typeof ABORTED>((resolve) => {
    stop = () => resolve(ABORTED);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    const first = await Promise.race<T | typeof ABORTED>([aborted, work]);
    return first === ABORTED ? onAbort() : first;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** How {@link retryUntil} goes about it. */
export type RetryOptions<T> = Readonly<{
  /** Whether this result is final. */
  until: (result: T) => boolean;
  /**
   * How long to wait after the `attempt`-th attempt (counted from 1) came to nothing: milliseconds. Null:
   * that was the last attempt, and its result is final.
   */
  pauseMs: (attempt: number, result: T) => number | null;
  timer: Timer;
  /** Cuts a pause short, never an attempt. */
  signal?: AbortSignal;
}>;

/**
 * Repeats `attempt`, with a pause after each, until it gives a final result.
 *
 * Rejects with what an attempt rejects with, and when aborted as the timer does.
 */
export function retryUntil<T, F extends T>(
  attempt: () => Promise<T>,
  options: RetryOptions<T> & {
    readonly until: (result: T) => result is F;
    readonly pauseMs: (attempt: number, result: T) => number;
  },
): Promise<F>;
export function retryUntil<T>(attempt: () => Promise<T>, options: RetryOptions<T>): Promise<T>;
export async function retryUntil<T>(
  attempt: () => Promise<T>,
  { until, pauseMs, timer, signal }: RetryOptions<T>,
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    const result = await attempt();
    if (until(result)) return result;
    const ms = pauseMs(attempts, result);
    if (ms === null) return result;
    await timer.sleep(ms, signal);
  }
}

/** Exponential backoff: the pause after the `attempt`-th attempt (counted from 1) doubles from `firstMs` to `mostMs`. */
export function exponentialBackoff(attempt: number, firstMs: number, mostMs: number): number {
  return Math.min(firstMs * 2 ** (attempt - 1), mostMs);
}
