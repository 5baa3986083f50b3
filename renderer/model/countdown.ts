import { SECOND } from '../../common/time.ts';

/**
 * Maps the page's clock to main's: when the page's monotonic clock was `pageAt`, main's wall clock was
 * `madeAt` (epoch milliseconds).
 */
export type Sync = Readonly<{ madeAt: number; pageAt: number }>;

/** The time left, in whole seconds, for both the text and the ring. */
export type Countdown = Readonly<{
  secondsLeft: number;
  /** 1 at the start, 0 at the end. */
  fraction: number;
}>;

/** Main's wall clock in epoch milliseconds when the page's monotonic clock is `pageAt`. */
export function mainNow(sync: Sync, pageAt: number): number {
  return sync.madeAt + Math.max(0, pageAt - sync.pageAt);
}

/** The time left until `endsAt`, out of `lengthMs` milliseconds. Rounds down to whole seconds. */
export function countdown(endsAt: number, lengthMs: number, now: number): Countdown {
  const secondsLeft = Math.max(0, Math.floor((endsAt - now) / SECOND));
  const whole = Math.max(SECOND, lengthMs);
  return { secondsLeft, fraction: Math.min(1, (secondsLeft * SECOND) / whole) };
}

/** `18:05`, `0:07`, `1:02:09`: takes whole seconds. */
export function clockText(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const rest = `${two(minutes % 60)}:${two(seconds % 60)}`;
  return seconds >= 3_600
    ? `${Math.floor(seconds / 3_600)}:${rest}`
    : rest.replace(/^0(?=\d:)/, '');
}

/** The page's two clocks at the same moment, in milliseconds. */
export type PageTime = Readonly<{ monotonic: number; wall: number }>;

/**
 * Whether the machine slept or its clock was set between two readings. The monotonic clock may not advance
 * during sleep, so the mapping to main's clock is then out of date.
 */
export function clockJumped(before: PageTime, after: PageTime): boolean {
  const drift = after.wall - before.wall - (after.monotonic - before.monotonic);
  return Math.abs(drift) > 2 * SECOND;
}
