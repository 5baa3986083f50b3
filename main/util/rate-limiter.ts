/** How many permits can be taken in a row, and after how many milliseconds each one is back. */
export type RateLimit = Readonly<{ burst: number; refillMs: number }>;

/** Milliseconds since some fixed instant. Never jumps. */
type MonotonicClock = Readonly<{ monotonicNow(): number }>;

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
    const now = this.#clock.monotonicNow();
    const fullAt = Math.max(this.#fullAt, now) + refillMs;
    if (fullAt - now > burst * refillMs) return false;
    this.#fullAt = fullAt;
    return true;
  }
}
