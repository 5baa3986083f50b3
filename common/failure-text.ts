import {
  DISCOVERY_WORDS,
  LOGIN_WORDS,
  NETWORK_WORDS,
  SESSION_WORDS,
} from './failure-text-server.ts';
import { AGENT_WORDS, INPUT_WORDS, VAULT_WORDS } from './failure-text-local.ts';
import type { FailureWords } from './failure-text-parts.ts';
import type { Failure, FailureCode } from './failure.ts';

/** A failure as a person meets it, wherever they meet it. */
export type FailureDescription = Readonly<{
  code: FailureCode;
  /** What happened: whole sentences. */
  message: string;
  /** What to do next: whole sentences. */
  hint: string;
}>;

const WORDS: FailureWords<Failure> = {
  ...INPUT_WORDS,
  ...NETWORK_WORDS,
  ...DISCOVERY_WORDS,
  ...LOGIN_WORDS,
  ...SESSION_WORDS,
  ...VAULT_WORDS,
  ...AGENT_WORDS,
};

/** Says a failure in words: what happened, with the names involved, and what to do next. English. */
export function describeFailure(failure: Failure): FailureDescription {
  const { code } = failure;
  // The entry for a code takes the failures of that code; TypeScript cannot follow that through a union.
  const words = WORDS[code] as (failure: Failure) => readonly [string, string];
  const [message, hint] = words(failure);
  return { code, message, hint };
}
