/** How many permits can be taken in a row, and after how many milliseconds each one is back. */
export type RateLimit = Readonly<{ burst: number; refillMs: number }>;

/** Milliseconds since some fixed instant. Never jumps. */
type MonotonicClock = Readonly<{ elapsed(): number }>;

/** A token bucket: `burst` permits in a row, then one every `refillMs`. */
export class RateLimiter {
  readonly #clock: MonotonicClock;
  readonly #limit: RateLimit;
  /** When the bucket is full again. */
  #fullAt = Number.NEGATIVE_INFINITY;

  constructor(clock: MonotonicClock, limit: RateLimit) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Takes a permit; false: there is none now. */
  tryAcquire(): boolean {
    const { burst, refillMs } = this.#limit;
    const elapsed = this.#clock.elapsed();
    const fullAt = Math.max(this.#fullAt, elapsed) + refillMs;
    if (fullAt - elapsed > burst * refillMs) return false;
    this.#fullAt = fullAt;
    return true;
  }
}
