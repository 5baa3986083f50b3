import type { Result } from '../../common/result.ts';
import { err, ok } from '../../common/result.ts';
import { agentFor } from './client/agent-address.ts';
import type { Agent } from './client/ask.ts';
import type { OptionSpec, Parsed, UsageProblem } from './options.ts';
import { parseOptions } from './options.ts';
import type { Trouble } from './trouble.ts';
import type { World } from './io.ts';

/** A command of the command line that talks to the running agent. */
export type Command = Syntax &
  Readonly<{
    /** Gives the exit code, or what went wrong for {@link runCommand} to say. */
    run: (call: Call) => Promise<Result<number, Trouble>>;
  }>;

/** A command that needs no running agent, and so takes no `--timeout`. */
export type LocalCommand = Syntax &
  Readonly<{
    /** Gives the exit code, or what went wrong for {@link runCommand} to say. */
    runLocal: (parsed: Parsed, world: World) => Promise<Result<number, Trouble>>;
  }>;

/** One use of a command. */
export type Call = Readonly<{ world: World; parsed: Parsed; agent: Agent }>;

type Syntax = Readonly<{
  verb: string;
  options: OptionSpec;
  /** How many words without dashes it takes at most. */
  positionals: number;
}>;

/** Reads the words after the verb, does it, and says what went wrong. Gives the exit code. */
export async function runCommand(
  command: Command | LocalCommand,
  words: readonly string[],
  world: World,
): Promise<number> {
  const outcome = await attempt(command, words, world);
  if (outcome.ok) return outcome.value;
  const { complain } = await import('./errors.ts');
  return complain(outcome.failure, world);
}

/** A usage problem of `verb`, as what keeps a command from being run. */
export function misused(verb: string, problem: UsageProblem): Result<never, Trouble> {
  return err({ kind: 'usage', verb, problem });
}

async function attempt(
  command: Command | LocalCommand,
  words: readonly string[],
  world: World,
): Promise<Result<number, Trouble>> {
  const isLocal = 'runLocal' in command;
  const spec: OptionSpec = isLocal ? command.options : { ...command.options, timeout: 'value' };
  const parsed = parseOptions(words, spec, command.positionals);
  if (!parsed.ok) return misused(command.verb, parsed.failure);
  if (parsed.value.options.has('help')) {
    const { showHelp } = await import('./help.ts');
    return ok(showHelp(command.verb, world));
  }
  if (isLocal) return command.runLocal(parsed.value, world);
  const agent = agentFor(world, parsed.value);
  if (!agent.ok) return misused(command.verb, agent.failure);
  return command.run({ world, parsed: parsed.value, agent: agent.value });
}
