import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { lstat, mkdir, stat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentFailure } from '../../../common/failure.ts';
import { systemErrnoOf } from '../../util/errno.ts';

/** A socket's path may have 104 bytes on macOS and the BSDs, including the terminating zero; on Linux 108. */
const MAX_PATH_BYTES = 103;

/** Longer than the pause between two system calls of another process. */
const SETTLE_MS = 50;

/** What is at a path. `identity` distinguishes one dead socket from every other that was or will be there. */
export type Probe = Readonly<
  | { kind: 'free' }
  | { kind: 'alive' }
  | { kind: 'dead'; identity: string }
  | { kind: 'unusable'; why: string }
>;

type SocketUnsafe = Extract<AgentFailure, { code: 'socket-unsafe' }>;

/** Creates the socket's folder if it is missing, and checks that it is ours and closed to other users. */
export async function ensurePrivateFolder(path: string): Promise<SocketUnsafe | null> {
  const unsafe = (why: string): SocketUnsafe => ({ code: 'socket-unsafe', path, why });
  const longest = Math.max(Buffer.byteLength(path), Buffer.byteLength(helperPath(path, '')));
  if (longest > MAX_PATH_BYTES) {
    return unsafe(`its path has ${longest} bytes; a socket's path may have ${MAX_PATH_BYTES}`);
  }
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await stat(folder);
    if (found.uid !== process.getuid?.()) return unsafe('its folder belongs to another user');
    if ((found.mode & 0o077) !== 0)
      return unsafe('other users can access its folder (expected mode 0700)');
    return null;
  } catch (error) {
    return unsafe(`its folder can't be created or accessed (${systemErrnoOf(error)})`);
  }
}

/** Determines what is at `path`, and whether a process listens there. */
export async function probeSocket(path: string): Promise<Probe> {
  const found = await inspect(path);
  if (found.kind !== 'dead') return found;
  const first = await tryConnect(path);
  if (first !== 'dead') return first;
  // On Linux only a dead socket refuses. Elsewhere a full queue refuses too, and where sockets can't be
  // linked a new one doesn't listen at once: only a socket that still refuses later is dead.
  await sleep(SETTLE_MS);
  const second = await tryConnect(path);
  return second === 'dead' ? found : second;
}

/** The path of the lock that gives the right to remove a dead socket; one per identity (`seed`). */
export function helperPath(path: string, seed: string): string {
  // As long as `agent.sock`, so that it fits wherever that one does.
  const name = createHash('sha256').update(seed).digest('hex').slice(0, 9);
  return join(dirname(path), `.${name}`);
}

/** Removes a socket, if it still exists. */
export async function removeSocket(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemErrnoOf(error) !== 'ENOENT') throw error;
  }
}

/** Reports a socket as dead until a connection succeeds. Inode numbers are reused; a number with its times isn't. */
async function inspect(path: string): Promise<Probe> {
  try {
    const found = await lstat(path, { bigint: true });
    if (!found.isSocket()) return { kind: 'unusable', why: 'the file there is not a socket' };
    const { dev, ino, ctimeNs, birthtimeNs } = found;
    return { kind: 'dead', identity: [dev, ino, ctimeNs, birthtimeNs].join(' ') };
  } catch (error) {
    if (systemErrnoOf(error) === 'ENOENT') return { kind: 'free' };
    throw error;
  }
}

async function tryConnect(path: string): Promise<Exclude<Probe, { kind: 'dead' }> | 'dead'> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return { kind: 'alive' };
  } catch (error) {
    return probeFor(systemErrnoOf(error));
  } finally {
    socket.destroy();
  }
}

function probeFor(errno: string): Exclude<Probe, { kind: 'dead' }> | 'dead' {
  switch (errno) {
    case 'ECONNREFUSED':
      return 'dead';
    case 'ENOENT':
      return { kind: 'free' };
    case 'EAGAIN': // Its queue is full: a busy process listens.
    case 'ECONNRESET':
    case 'EPIPE':
      return { kind: 'alive' };
    default:
      return { kind: 'unusable', why: `the system refuses to connect to it (${errno})` };
  }
}
