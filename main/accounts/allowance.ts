import type { Instant } from './account.ts';
import type { Clock } from './ports.ts';

/** How often in a row something may be done, and how long it takes until it may be done once more. */
const MOST = 12;
const EACH_MS = 10_000;

/**
 * How often somebody may have something: a dozen times in a row, and once more every ten seconds. A person
 * never meets the end of that; a program in a loop does.
 */
export class Allowance {
  readonly #clock: Pick<Clock, 'elapsed'>;
  /** When all of it is there again. */
  #full: Instant = Number.NEGATIVE_INFINITY;

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock;
  }

  /** Takes one of it. False: there is none just now. */
  take(): boolean {
    const elapsed = this.#clock.elapsed();
    const full = Math.max(this.#full, elapsed) + EACH_MS;
    if (full - elapsed > MOST * EACH_MS) return false;
    this.#full = full;
    return true;
  }
}
