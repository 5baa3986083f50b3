import { spawn } from 'node:child_process';
import { parseServerInput } from '../../../common/server-input.ts';
import { safeLink } from '../../../common/urls.ts';

/**
 * `link` in the form in which it may be opened, or null when it must not be: only https, and plain
 * http on this computer when that is where the person said the server is.
 */
export function openableLink(link: string, typed: string): string | null {
  const server = parseServerInput(typed);
  return safeLink(link, { loopback: server.ok && server.value.loopback })?.href ?? null;
}

/** The program that shows a link, with the link as one argument: no shell ever reads it. */
export function openerOf(link: string, platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open', link];
  // `start` is a word of the shell, which reads `&` in a link as the end of a command.
  if (platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler', link];
  return ['xdg-open', link];
}

/** Shows `link` in the person's browser; false when the program for that is missing. */
export function openLink(link: string, platform: NodeJS.Platform): Promise<boolean> {
  const [program, ...words] = openerOf(link, platform);
  return new Promise((resolve) => {
    const child = spawn(program, words, { detached: true, stdio: 'ignore', windowsHide: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
