import { runCommand } from './command.ts';
import { token } from './commands/token.ts';
import type { World } from './io.ts';

/**
 * Runs one command line and gives its exit code.
 *
 * `keyfob token` stands in scripts, in prompts and in front of every request, so it alone is loaded
 * at the start; whatever else a command line needs comes in when it turns out to be needed.
 */
export async function main(argv: readonly string[], world: World): Promise<number> {
  const [verb, ...words] = argv;
  if (verb === 'token') return runCommand(token, words, world);
  const { runVerb } = await import('./commands.ts');
  return runVerb(verb ?? '', words, world);
}
