import { runCommand } from './command.ts';
import { token } from './commands/token.ts';
import type { Io } from './io.ts';

/**
 * Runs one command line and gives its exit code.
 *
 * `keyfob token` runs before every request of a script, so it alone is loaded up front; everything
 * else is loaded on use.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name = '', ...words] = argv;
  if (name === 'token') return runCommand(token, words, io);
  const { runNamedCommand } = await import('./commands.ts');
  return runNamedCommand(name, words, io);
}
