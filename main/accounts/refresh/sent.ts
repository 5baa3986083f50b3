import type { Instant } from '../account.ts';
import type { Clock } from '../ports.ts';
import type { Uptime } from '../uptime.ts';

/** When a request was sent: by the wall clock (epoch milliseconds), and by the two that nobody sets. */
export type Sent = Readonly<{ at: number; instant: Instant; uptime: Uptime }>;

/** A request is sent now. */
export function sentNow(clock: Clock): Sent {
  return { at: clock.now(), instant: clock.elapsed(), uptime: clock.uptime() };
}
