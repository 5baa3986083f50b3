import type { Clock } from '../../accounts/ports.ts';
import { RateLimiter } from '../../util/rate-limiter.ts';

/**
 * How often a page whose process ended is loaded again unasked: one that ends again and again would
 * otherwise keep the computer busy for ever.
 */
export function reloads(clock: Clock): RateLimiter {
  return new RateLimiter(clock, { burst: 3, refillMs: 60_000 });
}
