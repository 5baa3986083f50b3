import { plainText } from '../../../common/sanitize.ts';

/** Long enough for any link, and for our longest sentence with a server's text in it. */
const LONGEST = 2_000;

/**
 * Untrusted text made safe for a terminal: one line, without control characters, which could move the
 * cursor, hide text or reverse its direction.
 */
export function shown(text: string): string {
  return plainText(text, LONGEST) ?? '';
}
