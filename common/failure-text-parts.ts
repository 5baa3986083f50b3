import type { Failure } from './failure.ts';
import { plainText } from './sanitize.ts';

/** For every code of `F`: the message and the hint, in sentences. A code without words does not compile. */
export type FailureWords<F extends Failure> = {
  readonly [C in F['code']]: (
    failure: Extract<F, { code: C }>,
  ) => readonly [message: string, hint: string];
};

/** A server's or a person's text as it may stand in a sentence. */
export function shown(text: string): string {
  return plainText(text) ?? '(nothing)';
}
