import { version } from '../host/version.ts';
import type { Command } from './command.ts';
import { runCommand } from './command.ts';
import { complain } from './complain.ts';
import { showHelp, VERB_NAMES } from './help.ts';
import type { World } from './world.ts';

/** Loads a command when it is asked for: a person who lists accounts needs no QR codes. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  login: async () => (await import('./login.ts')).login,
  list: async () => (await import('./list.ts')).list,
  status: async () => (await import('./status.ts')).status,
  refresh: async () => (await import('./refresh.ts')).refresh,
  check: async () => (await import('./check.ts')).check,
  rename: async () => (await import('./arrange.ts')).rename,
  set: async () => (await import('./arrange.ts')).set,
  logout: async () => (await import('./logout.ts')).logout,
  doctor: async () => (await import('./doctor.ts')).doctor,
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
    case 'agent':
      return (await import('../headless/agent.ts')).runAgent(words);
    case 'help':
      return help(words, world);
    case '--help':
    case '-h':
      return showHelp('', world);
    case '--version':
    case '-V':
      world.out(`${version}\n`);
      return 0;
    default:
      return unknown(verb, world);
  }
}

function help(words: readonly string[], world: World): number {
  const [verb, extra] = words;
  const topic = verb === undefined || verb.startsWith('-') ? '' : verb;
  if (topic !== '' && !VERB_NAMES.includes(topic)) return unknown(topic, world);
  if (extra !== undefined) {
    const text = `"${extra}" is one word too many`;
    const problem = { text, given: extra, near: [] };
    return complain({ kind: 'usage', verb: 'help', problem }, world);
  }
  return showHelp(topic, world);
}

function unknown(verb: string, world: World): number {
  const text = verb === '' ? 'a verb is needed' : `there is no "${verb}"`;
  const near = verb === '' ? [] : [...VERB_NAMES, '--help', '--version'];
  return complain({ kind: 'usage', verb: '', problem: { text, given: verb, near } }, world);
}
