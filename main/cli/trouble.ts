import type { Failure } from '../../common/failure.ts';
import type { UsageProblem } from './options.ts';

/** Why a command did not do what it was asked. */
export type Trouble = Readonly<
  | { kind: 'usage'; verb: string; problem: UsageProblem }
  /** Met on this side of the socket. */
  | { kind: 'failure'; failure: Failure }
  /** Said by the agent, in its words. */
  | { kind: 'answered'; error: AgentError }
>;

/** The `error` of an agent's answer. */
export type AgentError = Readonly<{
  code: string;
  message: string;
  hint: string;
  retry_after_s: number | null;
}>;
