import { spawn } from 'node:child_process';
import { parseServerInput } from '../../../common/server-input.ts';
import { safeLink } from '../../../common/urls.ts';

/**
 * `link`, normalized, or null when it must not be opened: only https is, and http on this computer
 * if the server that was entered is on this computer too.
 */
export function openableLink(link: string, typed: string): string | null {
  const server = parseServerInput(typed);
  return safeLink(link, { loopback: server.ok && server.value.loopback })?.href ?? null;
}

/** The command that opens a link. No shell is involved: the link is one argument. */
export function openerOf(link: string, platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open', link];
  // `start` is a shell built-in, and the shell ends the command at an `&` in the link.
  if (platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler', link];
  return ['xdg-open', link];
}

/** Opens `link` in the user's browser; false when the program for that is missing. */
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
