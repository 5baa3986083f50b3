import { encode } from 'uqr';
import { halfBlocks } from '../terminal/half-blocks.ts';
import type { Looks } from '../terminal/looks.ts';
import { paint } from '../terminal/looks.ts';

/** Half of what the standard asks for: phones read it, and it fits beside the code. */
const QUIET_ZONE = 2;

/** A picture in lines of equal width. `columns` is that width, whatever the painting adds to it. */
export type Picture = Readonly<{ lines: readonly string[]; columns: number }>;

/** `link` as a QR code for a camera; null when it is too long to be one that a phone reads off a screen. */
export function qrPicture(link: string, looks: Looks): Picture | null {
  if (link.length > 300) return null;
  const { data, size } = encode(link, { border: QUIET_ZONE, ecc: 'L' });
  // Without colours the ink is the terminal's own, which is light on dark for most: draw the light dots.
  const dots = looks.colour ? data : data.map((row) => row.map((ink) => !ink));
  const lines = halfBlocks(dots).map((line) => paint('qr', line, looks));
  return { lines, columns: size };
}
