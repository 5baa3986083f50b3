import { DAY, HOUR, MINUTE, SECOND } from '../../common/time.ts';

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR };

/** More than this is a slip of the finger. */
const LONGEST_MS = DAY;

/**
 * A duration as a person or a tool writes it: `60` and `60s` are seconds, `5m` minutes, `1h` an hour.
 * In milliseconds; null when it is none, or longer than a day.
 */
export function readDurationMs(text: string): number | null {
  const [, digits, unit] = /^(\d{1,9})([smh]?)$/.exec(text.trim()) ?? [];
  if (digits === undefined) return null;
  const ms = Number(digits) * (UNITS[unit ?? ''] ?? SECOND);
  return ms <= LONGEST_MS ? ms : null;
}
