import type { Failure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import type { MonotonicMs, Tokens } from '../account.ts';
import { SingleFlight } from '../../util/async.ts';
import { RateLimiter } from '../../util/rate-limiter.ts';
import type { Clock } from '../ports.ts';

/** New tokens on request. A person never meets the end of that; a program in a loop does. */
const REQUESTS = { burst: 12, refillMs: 10_000 };

/** Who asks again within this time was rejected with the new token, for all we know. */
const SOON_MS = 60_000;

/** What is remembered of the callers who wanted new tokens of one account. */
export class RefreshCallers {
  readonly #clock: Pick<Clock, 'monotonicNow'>;
  readonly #limiter: RateLimiter;
  readonly #flight: SingleFlight<Result<Tokens, Failure>>;
  #answered: MonotonicMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Pick<Clock, 'monotonicNow'>) {
    this.#clock = clock;
    this.#limiter = new RateLimiter(clock, REQUESTS);
    this.#flight = new SingleFlight(() => (this.#answered = clock.monotonicNow()));
  }

  /** Whether the server was asked for somebody less than a minute ago. */
  get askedRecently(): boolean {
    return this.#clock.monotonicNow() - this.#answered < SOON_MS;
  }

  /** The answer that others wait for already; null: nobody does. */
  get running(): Promise<Result<Tokens, Failure>> | null {
    return this.#flight.cachedTokens;
  }

  /** Takes one of so many requests in a row. False: there is none just now. */
  tryAcquire(): boolean {
    return this.#limiter.tryAcquire();
  }

  /** Asks the server; whoever comes meanwhile shares the answer. */
  run(work: () => Promise<Result<Tokens, Failure>>): Promise<Result<Tokens, Failure>> {
    return this.#flight.run(work);
  }
}
