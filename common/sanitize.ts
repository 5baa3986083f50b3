/** Tabs, line breaks and their Unicode kin: they separate words, so each becomes a space. */
const SEPARATORS = /[\p{Zs}\p{Zl}\p{Zp}\t\n\v\f\r\u0085]/gu;

/**
 * What a person cannot see, or what makes them see another order: control and format characters
 * (bidi overrides and zero-width ones among them), lone surrogates, fillers and variation selectors.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** A cut text ends with this, so that nobody takes the part for the whole. */
const ELLIPSIS = '…';

/**
 * A server's text as a person may see it: one line, no invisible characters, at most `max`
 * characters (code points). null when it is no text, or when nothing visible is left.
 */
export function plainText(text: unknown, max = 200): string | null {
  if (typeof text !== 'string') return null;
  // A bound on the work, wide enough that invisible padding does not crowd out the words.
  const start = text.slice(0, max * 16);
  const clean = start.replace(SEPARATORS, ' ').replace(INVISIBLE, '').replace(/ +/g, ' ').trim();
  if (clean === '') return null;
  const characters = Array.from(clean);
  if (characters.length <= max) return clean;
  return characters.slice(0, max - 1).join('') + ELLIPSIS;
}
