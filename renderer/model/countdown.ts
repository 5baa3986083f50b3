import { SECOND } from '../../common/time.ts';

/**
 * Ties main's clock to the page's: at `pageAt` of the page's monotonic clock, main's wall clock said
 * `madeAt` (epoch milliseconds).
 */
export type Sync = Readonly<{ madeAt: number; pageAt: number }>;

/** The countdown of one moment, in whole seconds: text and ring are both made of this. */
export type Countdown = Readonly<{
  secondsLeft: number;
  /** 1 when it starts, 0 when it is over. */
  fraction: number;
}>;

/** Main's wall clock in epoch milliseconds, when the page's monotonic clock says `pageAt`. */
export function mainNow(sync: Sync, pageAt: number): number {
  return sync.madeAt + Math.max(0, pageAt - sync.pageAt);
}

/** What is left until `endsAt`, of a wait of `lengthMs` milliseconds. Rounds down to whole seconds. */
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

/** The page's two clocks at one moment, both in milliseconds. */
export type PageTime = Readonly<{ monotonic: number; wall: number }>;

/**
 * Whether the machine slept, or its clock was set, between two looks at the page's clocks: the
 * monotonic one may not count sleep, so the last snapshot says too little about now.
 */
export function clockJumped(before: PageTime, after: PageTime): boolean {
  const drift = after.wall - before.wall - (after.monotonic - before.monotonic);
  return Math.abs(drift) > 2 * SECOND;
}
