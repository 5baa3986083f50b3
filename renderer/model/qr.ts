import { encode } from 'uqr';

/** A QR code to draw: its side in dots, quiet zone included, and its dark dots as an SVG path. */
export type QrCode = Readonly<{ size: number; path: string }>;

/** The light rim that the standard asks for, in dots. */
const QUIET_ZONE = 4;

/** What a phone still reads off a small window. */
const LONGEST = 300;

/** `link` as a QR code; null when it is too long for one. */
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
