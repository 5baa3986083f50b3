import { cpus, loadavg } from 'node:os';

/** One measurement and its limit. */
export type Row = Readonly<{
  name: string;
  figure: string;
  limit: string;
  ok: boolean;
  busy?: boolean;
}>;

/** Whether the machine is overloaded: then a time over the limit proves nothing. */
function isBusy(): boolean {
  return (loadavg()[0] ?? 0) > cpus().length;
}

/** A row for a time in milliseconds; not judged while the machine is busy. */
export function inTime(name: string, ms: number, limitMs: number): Row {
  const row = atMost(name, ms, limitMs, 'ms');
  return row.ok || !isBusy() ? row : { ...row, ok: true, busy: true };
}

/** A row for a number with an upper limit. */
export function atMost(name: string, value: number, limit: number, unit = ''): Row {
  return {
    name,
    figure: figureText(value, unit),
    limit: `<= ${figureText(limit, unit)}`,
    ok: value <= limit,
  };
}

/** A row for a number with a lower limit. */
export function atLeast(name: string, value: number, limit: number, unit = ''): Row {
  return {
    name,
    figure: figureText(value, unit),
    limit: `>= ${figureText(limit, unit)}`,
    ok: value >= limit,
  };
}

/** A row for a number that must be exact. */
export function exactly(name: string, value: number, wanted: number, unit = ''): Row {
  return {
    name,
    figure: figureText(value, unit),
    limit: figureText(wanted, unit),
    ok: value === wanted,
  };
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** A number for people to read: three significant digits. */
export function figureText(value: number, unit = ''): string {
  const digits =
    Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const text = value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
  return unit === '' ? text : `${text} ${unit}`;
}

/** The rows as a table. */
export function rowsText(rows: readonly Row[]): string {
  const wide = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, figure, limit, ok, busy }) =>
    [
      busy === true ? 'BUSY  ' : ok ? 'ok    ' : 'FAILED',
      name.padEnd(wide),
      figure.padStart(10),
      `(${limit})`,
    ].join('  '),
  );
  return `${lines.join('\n')}\n`;
}
