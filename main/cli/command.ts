import type { Result } from '../../common/result.ts';
import { err, ok } from '../../common/result.ts';
import { agentFor } from './agent-address.ts';
import type { Agent } from './ask.ts';
import type { OptionSpec, Parsed, UsageProblem } from './options.ts';
import { parseOptions } from './options.ts';
import type { Trouble } from './trouble.ts';
import type { World } from './world.ts';

/** One verb of the command line. */
export type Command = Readonly<{
  verb: string;
  options: OptionSpec;
  /** How many words without dashes it takes at most. */
  positionals: number;
  /** Gives the exit code, or what went wrong for {@link runCommand} to say. */
  run: (call: Call) => Promise<Result<number, Trouble>>;
}>;

/** One use of a command. */
export type Call = Readonly<{ world: World; parsed: Parsed; agent: Agent }>;

/** Options that every command takes. */
const COMMON: OptionSpec = { timeout: 'value', help: 'flag' };

/** Reads the words after the verb, does it, and says what went wrong. Gives the exit code. */
export async function runCommand(
  command: Command,
  words: readonly string[],
  world: World,
): Promise<number> {
  const outcome = await attempt(command, words, world);
  if (outcome.ok) return outcome.value;
  const { complain } = await import('./complain.ts');
  return complain(outcome.failure, world);
}

/** A usage problem of `verb`, as what keeps a command from being run. */
export function misused(verb: string, problem: UsageProblem): Result<never, Trouble> {
  return err({ kind: 'usage', verb, problem });
}

async function attempt(
  command: Command,
  words: readonly string[],
  world: World,
): Promise<Result<number, Trouble>> {
  const spec = { ...command.options, ...COMMON };
  const parsed = parseOptions(words, spec, command.positionals);
  if (!parsed.ok) return misused(command.verb, parsed.failure);
  if (parsed.value.options.has('help')) {
    const { showHelp } = await import('./help.ts');
    return ok(showHelp(command.verb, world));
  }
  const agent = agentFor(world, parsed.value);
  if (!agent.ok) return misused(command.verb, agent.failure);
  return command.run({ world, parsed: parsed.value, agent: agent.value });
}
