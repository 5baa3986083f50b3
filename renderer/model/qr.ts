import { encode } from 'uqr';

/** A QR code: its size in modules, quiet zone included, and its dark modules as an SVG path. */
export type QrCode = Readonly<{ size: number; path: string }>;

/** The quiet zone that the standard requires, in modules. */
const QUIET_ZONE = 4;

/** The longest link whose code a phone can still read at the window's size. */
const LONGEST = 300;

/** `link` as a QR code; null: too long. */
export function qrCode(link: string): QrCode | null {
  if (link.length > LONGEST) return null;
  const { data, size } = encode(link, { border: QUIET_ZONE, ecc: 'M' });
  const runs = data.flatMap((row, y) => darkRuns(row).map(([x, n]) => `M${x} ${y}h${n}v1h-${n}z`));
  return { size, path: runs.join('') };
}

function darkRuns(row: readonly boolean[]): readonly (readonly [start: number, length: number])[] {
  const starts = row.flatMap((dark, x) => (dark && row[x - 1] !== true ? [x] : []));
  return starts.map((start) => {
    const end = row.indexOf(false, start);
    return [start, (end === -1 ? row.length : end) - start];
  });
}
