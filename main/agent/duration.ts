import { DAY, HOUR, MINUTE, SECOND } from '../../common/time.ts';

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR };

/** Anything longer is a typo. */
const MAX_MS = DAY;

/**
 * Parses a duration such as `60` or `60s` (seconds), `5m` or `1h` to milliseconds; null if it isn't one, or is
 * longer than a day.
 */
export function readDurationMs(text: string): number | null {
  const [, digits, unit] = /^(\d{1,9})([smh]?)$/.exec(text.trim()) ?? [];
  if (digits === undefined) return null;
  const ms = Number(digits) * (UNITS[unit ?? ''] ?? SECOND);
  return ms <= MAX_MS ? ms : null;
}
