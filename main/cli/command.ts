import type { Result } from '../../common/result.ts';
import { err, ok } from '../../common/result.ts';
import { agentFor } from './client/agent-address.ts';
import type { Agent } from './client/ask.ts';
import type { OptionSpec, Parsed, UsageProblem } from './options.ts';
import { parseOptions } from './options.ts';
import type { CommandError } from './errors.ts';
import type { Io } from './io.ts';

/** A command that talks to the running agent. */
export type Command = Syntax &
  Readonly<{
    /** Gives the exit code, or what went wrong for {@link runCommand} to report. */
    run: (call: Call) => Promise<Result<number, CommandError>>;
  }>;

/** A command that needs no running agent, and so takes no `--timeout`. */
export type LocalCommand = Syntax &
  Readonly<{
    /** Gives the exit code, or what went wrong for {@link runCommand} to report. */
    runLocal: (parsed: Parsed, io: Io) => Promise<Result<number, CommandError>>;
  }>;

/** One use of a command. */
export type Call = Readonly<{ io: Io; parsed: Parsed; agent: Agent }>;

type Syntax = Readonly<{
  name: string;
  options: OptionSpec;
  /** The maximum number of positional arguments. */
  positionals: number;
}>;

/** Parses the words after the command's name, runs it, and reports an error. Gives the exit code. */
export async function runCommand(
  command: Command | LocalCommand,
  words: readonly string[],
  io: Io,
): Promise<number> {
  const outcome = await attempt(command, words, io);
  if (outcome.ok) return outcome.value;
  const { reportError } = await import('./errors.ts');
  return reportError(outcome.failure, io);
}

/** The error of a command line that `command` cannot use; `''` is keyfob itself. */
export function usageError(command: string, problem: UsageProblem): Result<never, CommandError> {
  return err({ kind: 'usage', command, problem });
}

async function attempt(
  command: Command | LocalCommand,
  words: readonly string[],
  io: Io,
): Promise<Result<number, CommandError>> {
  const isLocal = 'runLocal' in command;
  const spec: OptionSpec = isLocal ? command.options : { ...command.options, timeout: 'value' };
  const parsed = parseOptions(words, spec, command.positionals);
  if (!parsed.ok) return usageError(command.name, parsed.failure);
  if (parsed.value.options.has('help')) {
    const { showHelp } = await import('./help.ts');
    return ok(showHelp(command.name, io));
  }
  if (isLocal) return command.runLocal(parsed.value, io);
  const agent = agentFor(io, parsed.value);
  if (!agent.ok) return usageError(command.name, agent.failure);
  return command.run({ io, parsed: parsed.value, agent: agent.value });
}
