/** Durations in milliseconds. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/**
 * A countdown or an age in its two largest units: `4 min 12 s`, `2 h 5 min`, `6 d 23 h`.
 *
 * Takes milliseconds and rounds down, so that it never promises a second too many. A zero stays
 * (`4 min 0 s`), so that the text of a countdown does not jump.
 */
export function durationText(ms: number): string {
  const { large, small } = unitsOf(ms);
  if (small === null) return `${Math.max(0, Math.floor(ms / SECOND))} s`;
  return `${wholeText(ms, large)} ${wholeText(ms % large.ms, small)}`;
}

/**
 * How long a delay is or was: `10 s`, `1 min 30 s`, `2 h`.
 *
 * Takes milliseconds and rounds up, so that a caller who waits that long isn't early. Leaves out a zero.
 */
export function delayText(ms: number): string {
  const smallest = unitsOf(ms).small ?? UNITS.second;
  const text = durationText(Math.ceil(ms / smallest.ms) * smallest.ms);
  return text.replace(/ 0 \w+$/, '');
}

type Unit = Readonly<{ ms: number; name: string }>;

const UNITS = {
  second: { ms: SECOND, name: 's' },
  minute: { ms: MINUTE, name: 'min' },
  hour: { ms: HOUR, name: 'h' },
  day: { ms: DAY, name: 'd' },
} as const satisfies Readonly<Record<string, Unit>>;

/** The units of a duration's text; no small one below a minute. */
function unitsOf(ms: number): Readonly<{ large: Unit; small: Unit | null }> {
  const { second, minute, hour, day } = UNITS;
  if (ms >= DAY) return { large: day, small: hour };
  if (ms >= HOUR) return { large: hour, small: minute };
  if (ms >= MINUTE) return { large: minute, small: second };
  return { large: second, small: null };
}

function wholeText(ms: number, unit: Unit): string {
  return `${Math.floor(ms / unit.ms)} ${unit.name}`;
}

/** How far this computer's clock may be off from a server's before the user is told to set it. */
export const CLOCK_SKEW_LIMIT_MS = 2 * MINUTE;

/** What to say about this computer's clock. Takes the server's clock minus ours, in milliseconds; null: not known. */
export function clockSkewText(skewMs: number | null): string {
  if (skewMs === null) return "unknown: the server doesn't send its time";
  if (Math.abs(skewMs) <= CLOCK_SKEW_LIMIT_MS) return 'in sync with the server';
  const direction = skewMs > 0 ? 'behind' : 'ahead of';
  return `${durationText(Math.abs(skewMs))} ${direction} the server: set this computer's clock`;
}
