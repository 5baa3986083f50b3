import type { Instant } from './account.ts';
import type { Clock } from './ports.ts';

/** How often in a row something may be done, and after how many milliseconds once more. */
export type AllowanceSize = Readonly<{ most: number; eachMs: number }>;

/** How often somebody may have something: so many times in a row, and then once more from time to time. */
export class Allowance {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #size: AllowanceSize;
  /** When all of it is there again. */
  #full: Instant = Number.NEGATIVE_INFINITY;

  constructor(clock: Pick<Clock, 'elapsed'>, size: AllowanceSize) {
    this.#clock = clock;
    this.#size = size;
  }

  /** Takes one of it. False: there is none just now. */
  take(): boolean {
    const { eachMs, most } = this.#size;
    const elapsed = this.#clock.elapsed();
    const full = Math.max(this.#full, elapsed) + eachMs;
    if (full - elapsed > most * eachMs) return false;
    this.#full = full;
    return true;
  }
}
