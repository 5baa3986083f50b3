import { ok } from '../../common/result.ts';
import { version } from '../host/version.ts';
import type { Command, LocalCommand } from './command.ts';
import { usageError, runCommand } from './command.ts';
import { showHelp, COMMAND_NAMES } from './help.ts';
import type { UsageProblem } from './options.ts';
import type { Io } from './io.ts';

/** Loaded on use: listing accounts needs no QR codes. */
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

/** `keyfob help`: how to use Keyfob, or one of its commands. */
const help: LocalCommand = {
  name: 'help',
  options: {},
  positionals: 1,
  runLocal: ({ positionals: [topic = ''] }, io) =>
    Promise.resolve(
      topic === '' || COMMAND_NAMES.includes(topic)
        ? ok(showHelp(topic, io))
        : usageError('', unknownCommand(topic)),
    ),
};

/** Runs any command but `token`, and gives the exit code. */
export async function runNamedCommand(
  name: string,
  words: readonly string[],
  io: Io,
): Promise<number> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load !== undefined) return runCommand(await load(), words, io);
  switch (name) {
    case '--help':
    case '-h':
      return showHelp('', io);
    case '--version':
    case '-V':
      io.out(`${version}\n`);
      return 0;
    default: {
      const { reportError } = await import('./errors.ts');
      return reportError({ kind: 'usage', command: '', problem: unknownCommand(name) }, io);
    }
  }
}

function unknownCommand(name: string): UsageProblem {
  const text = name === '' ? 'expected a command' : `unknown command "${name}"`;
  return {
    text,
    given: name,
    candidates: name === '' ? [] : [...COMMAND_NAMES, '--help', '--version'],
  };
}
