/** Tabs, line breaks and other Unicode separators: each becomes a space. */
const SEPARATORS = /[\p{Zs}\p{Zl}\p{Zp}\t\n\v\f\r\u0085]/gu;

/**
 * Characters that are invisible or change the visible order: control and format characters (such as bidi
 * overrides and zero-width characters), lone surrogates, fillers and variation selectors.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Ends a text that was cut. */
const ELLIPSIS = '…';

/**
 * A server's text as it may be shown: one line, no invisible characters, at most `max` characters (code
 * points). null when it is not a string, or when nothing visible is left.
 */
export function plainText(text: unknown, max = 200): string | null {
  if (typeof text !== 'string') return null;
  // Bounds the work, but leaves room for invisible padding before the visible text.
  const start = text.slice(0, max * 16);
  const clean = start.replace(SEPARATORS, ' ').replace(INVISIBLE, '').replace(/ +/g, ' ').trim();
  if (clean === '') return null;
  const characters = Array.from(clean);
  if (characters.length <= max) return clean;
  return characters.slice(0, max - 1).join('') + ELLIPSIS;
}
