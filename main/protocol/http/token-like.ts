/** A run of the characters that tokens are made of, long enough to be one. */
const RUN = /[\w.~+/=-]{16,}/g;

/** Stands where something was that looks like a token. */
const LEFT_OUT = '[…]';

/**
 * A sentence without anything in it that looks like a token: 16 and more characters without a break,
 * letters and digits among them. Servers put tokens into their error texts; people need none there.
 */
export function withoutTokens(sentence: string): string {
  return sentence.replace(RUN, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? LEFT_OUT : run));
}
