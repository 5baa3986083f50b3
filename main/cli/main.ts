import { runCommand } from './command.ts';
import { token } from './commands/token.ts';
import type { Io } from './io.ts';

/**
 * Runs one command line and gives its exit code.
 *
 * `keyfob token` stands in scripts, in prompts and in front of every request, so it alone is loaded
 * at the start; whatever else a command line needs comes in when it turns out to be needed.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name = '', ...words] = argv;
  if (name === 'token') return runCommand(token, words, io);
  const { runNamedCommand } = await import('./commands.ts');
  return runNamedCommand(name, words, io);
}
