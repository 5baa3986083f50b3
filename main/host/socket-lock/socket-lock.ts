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
import { probeSocket, helperPath, openSocketFolder, removeSocket } from './socket-files.ts';

export type { SocketLock as Claim } from './socket-binding.ts';

/** How a claim can fail: somebody lives there, or the place cannot be trusted or used. */
export type SocketLockFailure = Extract<
  VaultFailure | AgentFailure,
  { code: 'vault-in-use' | 'socket-unsafe' }
>;

const LOOK_AGAIN_MS = 20;
/** Some ten seconds: whoever removes a dead socket needs a tenth of one, unless it was stopped in the middle. */
const MOST_LOOKS = 150;

/**
 * Makes this process the only one at `path`, and `server` listen there. The operating system keeps the
 * claim: it ends with the process, however that ends, and a lock file left behind locks nobody out.
 *
 * Fails with `vault-in-use` when another process listens there; with `socket-unsafe` when the folder
 * or what lies at `path` is not ours alone, or cannot be used.
 *
 * @param path of a socket; on Windows it may also name the pipe itself: see {@link pipeName}.
 * @param server not listening yet, its handlers attached: requests may come before this resolves. Without
 * one, the claim is all there is to it.
 */
export async function acquireSocketLock(
  path: string,
  server: Server = createServer((socket) => socket.destroy()),
  platform: NodeJS.Platform = process.platform,
): Promise<Result<SocketLock, SocketLockFailure>> {
  // A pipe's first instance is exclusive, and Windows removes it with its process: nothing to take over.
  if (platform === 'win32') return claimed(path, await listenAt(pipeName(path), server));
  try {
    const unsafe = await openSocketFolder(path);
    return unsafe === null ? await claimSocket(path, server) : err(unsafe);
  } catch (error) {
    const why = `the system does not let us use it (${systemErrnoOf(error)})`;
    return err({ code: 'socket-unsafe', path, why });
  }
}

/**
 * The path always means a socket that listens, or one whose process is dead: see `bindName`. So a
 * refused connection proves a death. The one hard part is that many may find the same dead socket, and
 * a slow one must not remove what a quick one has put in its place meanwhile: hence the right to
 * remove, which is a claim itself.
 */
async function claimSocket(
  path: string,
  server: Server,
): Promise<Result<SocketLock, SocketLockFailure>> {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
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
        await sleep(LOOK_AGAIN_MS); // Somebody else is removing it, and will most likely take its place.
        break;
      }
      case 'free': {
        const bound = await bindName(path, server);
        if (bound.kind !== 'taken') return claimed(path, bound);
        break;
      }
      default:
        unexpected(found);
    }
  }
  return err({ code: 'vault-in-use', owner: path });
}

/**
 * Removes the dead socket `identity` from `path`; fails with `vault-in-use` while somebody else has the
 * right to. One identity, one right: whoever has it is alone with this very socket, and what it finds
 * under the same identity a second time nobody else can have replaced.
 */
export async function removeDead(
  path: string,
  identity: string,
): Promise<Result<void, SocketLockFailure>> {
  const right = await claimSocket(helperPath(path, identity), createServer());
  if (!right.ok) return right;
  try {
    const again = await probeSocket(path);
    if (again.kind === 'dead' && again.identity === identity) await removeSocket(path);
  } finally {
    await right.value.release();
  }
  return ok(undefined);
}

function claimed(path: string, bound: Binding): Result<SocketLock, SocketLockFailure> {
  switch (bound.kind) {
    case 'bound':
      return ok(bound.claim);
    case 'taken':
      return err({ code: 'vault-in-use', owner: path });
    case 'refused':
      return err({ code: 'socket-unsafe', path, why: bound.why });
    default:
      return unexpected(bound);
  }
}
