import { encode } from 'uqr';
import { halfBlocks } from '../terminal/half-blocks.ts';
import type { Looks } from '../terminal/looks.ts';

/** Half of what the standard requires: phones still read it, and it fits beside the code. */
const QUIET_ZONE = 2;

/** Fixed colours and not the theme's, as cameras expect: `util.styleText` has only the theme's. */
const BLACK_ON_WHITE = '\u001b[38;5;16;48;5;231m';
const RESET = '\u001b[0m';

/** Lines of equal visible width, `columns`. */
export type Picture = Readonly<{ lines: readonly string[]; columns: number }>;

/** `link` as a QR code; null when it is too long for a phone to read off a screen. */
export function qrPicture(link: string, looks: Looks): Picture | null {
  if (link.length > 300) return null;
  const { data, size } = encode(link, { border: QUIET_ZONE, ecc: 'L' });
  // Without colours the dots have the terminal's own, mostly light on dark: draw the light dots.
  const dots = looks.ansi ? data : data.map((row) => row.map((ink) => !ink));
  const lines = halfBlocks(dots).map((line) =>
    looks.ansi ? `${BLACK_ON_WHITE}${line}${RESET}` : line,
  );
  return { lines, columns: size };
}
