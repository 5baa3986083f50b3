import type { Failure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import type { MonotonicMs, Tokens } from '../account.ts';
import { SingleFlight } from '../../util/async.ts';
import { RateLimiter } from '../../util/rate-limiter.ts';
import type { Clock } from '../ports.ts';

/** Refreshes on request: more than a user needs, less than a program in a loop wants. */
const REQUESTS = { burst: 12, refillMs: 10_000 };

/** A request this soon after the last refresh suggests that the new token was rejected. */
const SOON_MS = 60_000;

/** The callers that request new tokens of one account. */
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

  /** Whether the last refresh on request ended less than a minute ago. */
  get askedRecently(): boolean {
    return this.#clock.monotonicNow() - this.#answered < SOON_MS;
  }

  /** The refresh that other callers wait for; null: none. */
  get running(): Promise<Result<Tokens, Failure>> | null {
    return this.#flight.current;
  }

  /** False: too many requests. */
  tryAcquire(): boolean {
    return this.#limiter.tryAcquire();
  }

  /** Runs `work`; callers that come meanwhile share its result. */
  run(work: () => Promise<Result<Tokens, Failure>>): Promise<Result<Tokens, Failure>> {
    return this.#flight.run(work);
  }
}
