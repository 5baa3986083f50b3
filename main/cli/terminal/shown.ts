import { plainText } from '../../../common/sanitize.ts';

/** Long enough for any link, and for the longest sentence of ours with a server's words in it. */
const LONGEST = 2_000;

/**
 * Somebody else's text as it may stand in a terminal: one line, without control characters that could
 * move the cursor, hide words or turn their order around.
 */
export function shown(text: string): string {
  return plainText(text, LONGEST) ?? '';
}
