import { ok } from '../../common/result.ts';
import { version } from '../host/version.ts';
import type { Command, LocalCommand } from './command.ts';
import { misused, runCommand } from './command.ts';
import { showHelp, VERB_NAMES } from './help.ts';
import type { UsageProblem } from './options.ts';
import type { World } from './io.ts';

/** Loads a command when it is asked for: a person who lists accounts needs no QR codes. */
const COMMANDS: Readonly<Record<string, () => Promise<Command | LocalCommand>>> = {
  agent: async () => (await import('./commands/agent.ts')).agent,
  login: async () => (await import('./commands/login.ts')).login,
  list: async () => (await import('./commands/list.ts')).list,
  status: async () => (await import('./commands/status.ts')).status,
  refresh: async () => (await import('./commands/refresh.ts')).refresh,
  check: async () => (await import('./commands/check.ts')).check,
  rename: async () => (await import('./commands/update.ts')).rename,
  set: async () => (await import('./commands/update.ts')).set,
  logout: async () => (await import('./commands/logout.ts')).logout,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  help: () => Promise.resolve(help),
};

/** `keyfob help`: how to use Keyfob, or one of its verbs. */
const help: LocalCommand = {
  verb: 'help',
  options: {},
  positionals: 1,
  runLocal: ({ positionals: [topic = ''] }, world) =>
    Promise.resolve(
      topic === '' || VERB_NAMES.includes(topic)
        ? ok(showHelp(topic, world))
        : misused('', unknownVerb(topic)),
    ),
};

/** Runs every verb but `token`, and gives the exit code. */
export async function runVerb(
  verb: string,
  words: readonly string[],
  world: World,
): Promise<number> {
  const load = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined;
  if (load !== undefined) return runCommand(await load(), words, world);
  switch (verb) {
    case '--help':
    case '-h':
      return showHelp('', world);
    case '--version':
    case '-V':
      world.out(`${version}\n`);
      return 0;
    default: {
      const { complain } = await import('./errors.ts');
      return complain({ kind: 'usage', verb: '', problem: unknownVerb(verb) }, world);
    }
  }
}

function unknownVerb(verb: string): UsageProblem {
  const text = verb === '' ? 'a verb is needed' : `there is no "${verb}"`;
  return { text, given: verb, near: verb === '' ? [] : [...VERB_NAMES, '--help', '--version'] };
}
