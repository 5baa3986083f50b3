import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { lstat, mkdir, stat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentFailure } from '../../../common/failure.ts';
import { systemErrnoOf } from '../../util/errno.ts';

/** The name of a socket on macOS and the BSDs holds 104 bytes with the zero at its end; Linux has 108. */
const MOST_PATH_BYTES = 103;

/** Long enough for the pause between two system calls of another process. */
const SETTLE_MS = 50;

/** What a path means. `identity` tells one dead socket from every other that was or will be there. */
export type Found = Readonly<
  | { kind: 'free' }
  | { kind: 'alive' }
  | { kind: 'dead'; identity: string }
  | { kind: 'unusable'; why: string }
>;

type SocketUnsafe = Extract<AgentFailure, { code: 'socket-unsafe' }>;

/** Sees to it that the folder of the socket is ours and closed to others; makes it where it is missing. */
export async function openSocketFolder(path: string): Promise<SocketUnsafe | null> {
  const unsafe = (why: string): SocketUnsafe => ({ code: 'socket-unsafe', path, why });
  const longest = Math.max(Buffer.byteLength(path), Buffer.byteLength(helperPath(path, '')));
  if (longest > MOST_PATH_BYTES) {
    return unsafe(`the path has ${longest} bytes, and a socket's may have ${MOST_PATH_BYTES}`);
  }
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await stat(folder);
    if (found.uid !== process.getuid?.()) return unsafe('its folder belongs to another user');
    if ((found.mode & 0o077) !== 0)
      return unsafe('other users may enter its folder (wanted: 0700)');
    return null;
  } catch (error) {
    return unsafe(`its folder cannot be made or looked at (${systemErrnoOf(error)})`);
  }
}

/** Looks at what is at `path`, and whether a process answers for it. */
export async function probeSocket(path: string): Promise<Found> {
  const found = await identify(path);
  if (found.kind !== 'dead') return found;
  const first = await knock(path);
  if (first !== 'dead') return first;
  // Linux refuses for one reason only. Elsewhere a full queue refuses too, and where sockets cannot be
  // linked a new one does not listen at once: only who refuses again, later, is dead.
  await sleep(SETTLE_MS);
  const second = await knock(path);
  return second === 'dead' ? found : second;
}

/** The same for each dead socket, different for any two: the name of the right to remove it. */
export function helperPath(path: string, seed: string): string {
  // As long as `agent.sock`, so that it fits wherever that fits.
  const name = createHash('sha256').update(seed).digest('hex').slice(0, 9);
  return join(dirname(path), `.${name}`);
}

/** Removes a socket; one that is gone already is fine. */
export async function removeSocket(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemErrnoOf(error) !== 'ENOENT') throw error;
  }
}

/** Dead until somebody answers. An inode's number is used again; its times and number together are not. */
async function identify(path: string): Promise<Found> {
  try {
    const found = await lstat(path, { bigint: true });
    if (!found.isSocket()) return { kind: 'unusable', why: 'what lies there is not a socket' };
    const { dev, ino, ctimeNs, birthtimeNs } = found;
    return { kind: 'dead', identity: [dev, ino, ctimeNs, birthtimeNs].join(' ') };
  } catch (error) {
    if (systemErrnoOf(error) === 'ENOENT') return { kind: 'free' };
    throw error;
  }
}

async function knock(path: string): Promise<Exclude<Found, { kind: 'dead' }> | 'dead'> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return { kind: 'alive' };
  } catch (error) {
    return meaningOf(systemErrnoOf(error));
  } finally {
    socket.destroy();
  }
}

function meaningOf(errno: string): Exclude<Found, { kind: 'dead' }> | 'dead' {
  switch (errno) {
    case 'ECONNREFUSED':
      return 'dead';
    case 'ENOENT':
      return { kind: 'free' };
    case 'EAGAIN': // Its queue is full: somebody lives there, and is busy.
    case 'ECONNRESET':
    case 'EPIPE':
      return { kind: 'alive' };
    default:
      return { kind: 'unusable', why: `the system does not let us connect to it (${errno})` };
  }
}
