import type { Failure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import type { Instant, Tokens } from '../account.ts';
import { Allowance } from '../allowance.ts';
import type { Clock } from '../ports.ts';

/** New tokens on request. A person never meets the end of that; a program in a loop does. */
const REQUESTS = { most: 12, eachMs: 10_000 };

/** Who asks again within this time was rejected with the new token, for all we know. */
const SOON_MS = 60_000;

/** What is remembered of the callers who wanted new tokens of one account. */
export class RenewalRequests {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #allowance: Allowance;
  #answered: Instant = Number.NEGATIVE_INFINITY;
  #running: Promise<Result<Tokens, Failure>> | null = null;

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock;
    this.#allowance = new Allowance(clock, REQUESTS);
  }

  /** Whether the server was asked for somebody less than a minute ago. */
  get isSoon(): boolean {
    return this.#clock.elapsed() - this.#answered < SOON_MS;
  }

  /** The answer that others wait for already; null: nobody does. */
  get running(): Promise<Result<Tokens, Failure>> | null {
    return this.#running;
  }

  /** Takes one of so many requests in a row. False: there is none just now. */
  take(): boolean {
    return this.#allowance.take();
  }

  /** Asks the server; whoever comes meanwhile shares the answer. */
  ask(work: () => Promise<Result<Tokens, Failure>>): Promise<Result<Tokens, Failure>> {
    this.#running = work().finally(() => {
      this.#running = null;
      this.#answered = this.#clock.elapsed();
    });
    return this.#running;
  }
}
