import type { Failure } from '../../common/failure.ts';
import { exitCodeOf, isFailureCode } from '../../common/failure-codes.ts';
import { retryAfterMs } from '../../common/failure.ts';
import { describeFailure } from '../../common/failure-text.ts';
import { unexpected } from '../../common/result.ts';
import { usageOf } from './help.ts';
import { suggest } from './suggest.ts';
import type { UsageProblem } from './options.ts';
import { shown } from './terminal/shown.ts';
import type { Io } from './io.ts';

/** Why a command failed. */
export type CommandError = Readonly<
  | { kind: 'usage'; command: string; problem: UsageProblem }
  /** Detected by this process. */
  | { kind: 'failure'; failure: Failure }
  /** Reported by the agent, in its words. */
  | { kind: 'answered'; error: AgentError }
>;

/** The `error` of an agent's answer. */
export type AgentError = Readonly<{
  code: string;
  message: string;
  hint: string;
  retry_after_s: number | null;
}>;

const USAGE_EXIT_CODE = 2;

/** Prints an error to stderr, with what to do about it. Returns the exit code. */
export function reportError(error: CommandError, io: Io): number {
  switch (error.kind) {
    case 'usage':
      io.err(usageText(error.command, error.problem));
      return USAGE_EXIT_CODE;
    case 'failure':
    case 'answered': {
      const told = errorOf(error);
      io.err(errorText(told));
      return exitCode(told.code);
    }
    default:
      return unexpected(error);
  }
}

/** The error in the form in which the agent reports one. */
export function errorOf(error: Exclude<CommandError, { kind: 'usage' }>): AgentError {
  if (error.kind === 'answered') return error.error;
  const waitMs = retryAfterMs(error.failure);
  const { code, message, hint } = describeFailure(error.failure);
  return { code, message, hint, retry_after_s: waitMs === null ? null : Math.ceil(waitMs / 1_000) };
}

/** The exit code of a failure code; 1 for one that only a newer agent knows. */
function exitCode(code: string): number {
  return isFailureCode(code) ? exitCodeOf(code) : 1;
}

/** An error in at most two lines: what happened, its code, and what to do when. */
function errorText({ code, message, hint }: AgentError): string {
  const advice = hint === '' ? [] : [`  ${shown(hint)}\n`];
  return [`keyfob: ${shown(message)} [${shown(code)}]\n`, ...advice].join('');
}

function usageText(command: string, { text, given, candidates }: UsageProblem): string {
  const guess = suggest(given, candidates);
  const question = guess === null ? '' : ` Did you mean ${guess}?`;
  const name = command === '' ? 'keyfob' : `keyfob ${command}`;
  return `${name}: ${text}.${question}\n\n${usageOf(command)}`;
}
