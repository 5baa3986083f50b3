import { exitCodeOf } from '../../common/failure-codes.ts';
import { retryAfterMs } from '../../common/failure.ts';
import { describeFailure } from '../../common/failure-text.ts';
import { unexpected } from '../../common/result.ts';
import { usageOf } from './help.ts';
import { nearest } from './suggest.ts';
import type { UsageProblem } from './options.ts';
import { shown } from './terminal/shown.ts';
import type { AgentError, Trouble } from './trouble.ts';
import type { World } from './io.ts';

/** The exit code of a command line that cannot be used. */
export const USAGE_EXIT_CODE = 2;

/** Says on stderr what went wrong and what to do about it; gives the exit code. */
export function complain(trouble: Trouble, world: World): number {
  switch (trouble.kind) {
    case 'usage':
      world.err(usageText(trouble.verb, trouble.problem));
      return USAGE_EXIT_CODE;
    case 'failure':
    case 'answered': {
      const error = errorOf(trouble);
      world.err(errorText(error));
      return exitCode(error.code);
    }
    default:
      return unexpected(trouble);
  }
}

/** A failure as the agent would have said it. */
export function errorOf(trouble: Exclude<Trouble, { kind: 'usage' }>): AgentError {
  if (trouble.kind === 'answered') return trouble.error;
  const waitMs = retryAfterMs(trouble.failure);
  const { code, message, hint } = describeFailure(trouble.failure);
  return { code, message, hint, retry_after_s: waitMs === null ? null : Math.ceil(waitMs / 1_000) };
}

/** The exit code of a failure's code; 1 for one that only a newer agent knows. */
export function exitCode(code: string): number {
  // A code from the wire may be none of ours, and then the table has no number for it.
  const lookUp = exitCodeOf as (code: string) => number | undefined;
  return lookUp(code) ?? 1;
}

/** A failure in at most three lines: what happened, its code, what to do, when. */
export function errorText({ code, message, hint, retry_after_s: wait }: AgentError): string {
  const again = wait === null ? [] : [`  Try again in ${wait} s.\n`];
  const advice = hint === '' ? [] : [`  ${shown(hint)}\n`];
  return [`keyfob: ${shown(message)} [${shown(code)}]\n`, ...advice, ...again].join('');
}

function usageText(verb: string, { text, given, near }: UsageProblem): string {
  const guess = nearest(given, near);
  const question = guess === null ? '' : ` Did you mean ${guess}?`;
  const name = verb === '' ? 'keyfob' : `keyfob ${verb}`;
  return `${name}: ${text}.${question}\n\n${usageOf(verb)}`;
}
