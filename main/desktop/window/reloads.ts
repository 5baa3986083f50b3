import { Allowance } from '../../accounts/allowance.ts';
import type { Clock } from '../../accounts/ports.ts';

/**
 * How often a page whose process ended is loaded again unasked: one that ends again and again would
 * otherwise keep the computer busy for ever.
 */
export function reloads(clock: Clock): Allowance {
  return new Allowance(clock, { most: 3, eachMs: 60_000 });
}
