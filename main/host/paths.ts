import { posix, win32 } from 'node:path';
import { pipeName } from './socket-lock/pipe-name.ts';

/** Where Keyfob's files and sockets are. Absolute paths; none of them has to exist yet. */
export type HostPaths = Readonly<{
  /** The folder for everything that must not be lost. */
  home: string;
  /** The vault's folder. */
  vault: string;
  /** The settings file, which isn't encrypted. */
  settings: string;
  /** The agent's socket; on Windows the name of a pipe. */
  socket: string;
  /** The log file. */
  log: string;
}>;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The paths by the system's conventions and the user's environment: `KEYFOB_HOME` moves everything into one
 * folder, `KEYFOB_SOCKET` moves the socket.
 *
 * Reads nothing from disk: the CLI calls this for every token.
 *
 * @param uid the numeric ID of the user that runs Keyfob; null on Windows.
 * @see {@link https://specifications.freedesktop.org/basedir-spec/0.8/#variables XDG Base Directory 0.8, variables}
 */
export function hostPaths(
  env: Env,
  platform: NodeJS.Platform,
  homedir: string,
  uid: number | null,
): HostPaths {
  const paths = defaultPaths(env, platform, homedir, uid);
  const socket = env.KEYFOB_SOCKET;
  if (!socket) return paths;
  const path = platform === 'win32' ? pipeName(win32.resolve(socket)) : posix.resolve(socket);
  return { ...paths, socket: path };
}

function defaultPaths(
  env: Env,
  platform: NodeJS.Platform,
  homedir: string,
  uid: number | null,
): HostPaths {
  if (env.KEYFOB_HOME) return inOneFolder(absolute(env.KEYFOB_HOME, platform), platform);
  switch (platform) {
    case 'win32': {
      const local = env.LOCALAPPDATA ?? win32.join(homedir, 'AppData', 'Local');
      return inOneFolder(win32.join(local, 'Keyfob'), platform);
    }
    case 'darwin': {
      const library = posix.join(homedir, 'Library');
      const home = posix.join(library, 'Application Support', 'Keyfob');
      const log = posix.join(library, 'Logs', 'Keyfob', 'keyfob.log');
      return { ...inOneFolder(home, platform), log };
    }
    default:
      return byXdg(env, homedir, uid);
  }
}

function inOneFolder(home: string, platform: NodeJS.Platform): HostPaths {
  const join = (...parts: string[]) => (platform === 'win32' ? win32 : posix).join(home, ...parts);
  const socket = join('run', 'agent.sock');
  return {
    home,
    vault: join('vault'),
    settings: join('settings.json'),
    // In its own folder, which must be closed to other users; `home` need not be.
    socket: platform === 'win32' ? pipeName(socket) : socket,
    log: join('keyfob.log'),
  };
}

function byXdg(env: Env, homedir: string, uid: number | null): HostPaths {
  const folder = (name: string, ...fallback: string[]) =>
    posix.join(xdgFolder(env, name) ?? posix.join(homedir, ...fallback), 'keyfob');
  const home = folder('XDG_DATA_HOME', '.local', 'share');
  const runtime = runtimeFolder(env, uid);
  return {
    home,
    vault: posix.join(home, 'vault'),
    settings: posix.join(folder('XDG_CONFIG_HOME', '.config'), 'settings.json'),
    socket:
      runtime === null
        ? posix.join(home, 'run', 'agent.sock')
        : posix.join(runtime, 'keyfob', 'agent.sock'),
    log: posix.join(folder('XDG_STATE_HOME', '.local', 'state'), 'keyfob.log'),
  };
}

/** The specification says to ignore relative paths. */
function xdgFolder(env: Env, name: string): string | null {
  const value = env[name];
  return value && posix.isAbsolute(value) ? value : null;
}

/** `su` and some versions of `sudo` keep the original user's variable: that folder isn't ours. */
function runtimeFolder(env: Env, uid: number | null): string | null {
  const folder = xdgFolder(env, 'XDG_RUNTIME_DIR');
  const owner = /^\/run\/user\/(\d+)\/?$/.exec(folder ?? '')?.[1];
  return owner !== undefined && Number(owner) !== uid ? null : folder;
}

function absolute(path: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? win32.resolve(path) : posix.resolve(path);
}
