import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentFailure, VaultFailure } from '../../../common/failure.ts';
import { err, ok, unexpected } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { systemErrnoOf } from '../../util/errno.ts';
import { pipeName } from './pipe-name.ts';
import { bindName, listenAt } from './socket-binding.ts';
import type { Binding, SocketLock } from './socket-binding.ts';
import { ensurePrivateFolder, helperPath, probeSocket, removeSocket } from './socket-files.ts';

/** Why a lock can't be acquired: another process has it, or the path can't be trusted or used. */
export type SocketLockFailure = Extract<
  VaultFailure | AgentFailure,
  { code: 'vault-in-use' | 'socket-unsafe' }
>;

const RETRY_MS = 20;
/** About ten seconds: removing a dead socket takes a tenth of a second, unless that process was stopped halfway. */
const MAX_ATTEMPTS = 150;

/**
 * Acquires the lock at `path` by making `server` listen there. The operating system holds the lock: it ends
 * with the process, however that ends, and a socket file left behind locks no one out.
 *
 * Fails with `vault-in-use` if another process listens there, and with `socket-unsafe` if other users can
 * reach the folder, or if it or the file at `path` can't be used.
 *
 * @param path of a socket; on Windows it may also name the pipe itself: see {@link pipeName}.
 * @param server not listening yet, its handlers attached: requests may arrive before this resolves. By
 * default one that closes every connection, where only the lock matters.
 */
export async function acquireSocketLock(
  path: string,
  server: Server = createServer((socket) => socket.destroy()),
  platform: NodeJS.Platform = process.platform,
): Promise<Result<SocketLock, SocketLockFailure>> {
  // A pipe's first instance is exclusive, and Windows removes it with its process: there are no dead pipes.
  if (platform === 'win32') return toResult(path, await listenAt(pipeName(path), server));
  try {
    const unsafe = await ensurePrivateFolder(path);
    return unsafe === null ? await acquire(path, server) : err(unsafe);
  } catch (error) {
    const why = `the system refuses to use it (${systemErrnoOf(error)})`;
    return err({ code: 'socket-unsafe', path, why });
  }
}

/**
 * The path always names a socket that listens, or one whose process is dead: see {@link bindName}. So a
 * refused connection proves that the process is dead. The hard part: several processes may find the same
 * dead socket, and a slow one must not remove the new socket of a fast one. So removing it takes a lock, which
 * is a socket lock itself.
 */
async function acquire(
  path: string,
  server: Server,
): Promise<Result<SocketLock, SocketLockFailure>> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const found = await probeSocket(path);
    switch (found.kind) {
      case 'alive':
        return err({ code: 'vault-in-use', owner: path });
      case 'unusable':
        return err({ code: 'socket-unsafe', path, why: found.why });
      case 'dead': {
        const removed = await removeDead(path, found.identity);
        if (removed.ok) break;
        if (removed.failure.code !== 'vault-in-use') return removed;
        await sleep(RETRY_MS); // Another process is removing it, and will most likely take its place.
        break;
      }
      case 'free': {
        const bound = await bindName(path, server);
        if (bound.kind !== 'taken') return toResult(path, bound);
        break;
      }
      default:
        unexpected(found);
    }
  }
  return err({ code: 'vault-in-use', owner: path });
}

/**
 * Removes the dead socket `identity` from `path`; fails with `vault-in-use` while another process has the
 * right to remove it. There is one right per identity: its owner is the only process that may touch this
 * very socket, so if a second look finds the same identity, no other process can have replaced it.
 */
export async function removeDead(
  path: string,
  identity: string,
): Promise<Result<void, SocketLockFailure>> {
  const right = await acquire(helperPath(path, identity), createServer());
  if (!right.ok) return right;
  try {
    const again = await probeSocket(path);
    if (again.kind === 'dead' && again.identity === identity) await removeSocket(path);
  } finally {
    await right.value.release();
  }
  return ok(undefined);
}

function toResult(path: string, bound: Binding): Result<SocketLock, SocketLockFailure> {
  switch (bound.kind) {
    case 'bound':
      return ok(bound.lock);
    case 'taken':
      return err({ code: 'vault-in-use', owner: path });
    case 'refused':
      return err({ code: 'socket-unsafe', path, why: bound.why });
    default:
      return unexpected(bound);
  }
}
