import { chmod, link, lstat } from 'node:fs/promises';
import type { Server } from 'node:net';
import { randomBytes } from 'node:crypto';
import { systemErrnoOf } from '../../util/errno.ts';
import { helperPath, removeSocket } from './socket-files.ts';

/** A path that this process owns, because its server listens there. */
export type SocketLock = Readonly<{
  /** The path; `server.address()` may return the private name under which the socket was created. */
  path: string;
  /**
   * Releases the lock: removes the socket if it is still ours, and stops listening. Open connections stay.
   * Call it when nothing that the lock protects will be touched any more.
   */
  release(): Promise<void>;
}>;

/** The result of an attempt to bind a path. */
export type Binding = Readonly<
  { kind: 'bound'; lock: SocketLock } | { kind: 'taken' } | { kind: 'refused'; why: string }
>;

/** Errors of file systems that can't hard-link a socket. */
const CANNOT_LINK: ReadonlySet<string> = new Set([
  'EPERM',
  'EINVAL',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
]);

/**
 * Makes `server` listen at `path`, unless the path exists. The socket is created under a private name and
 * then hard-linked to `path`: so `path` never names a socket that doesn't listen yet, which would look like a
 * dead one. And `link` never replaces anything.
 *
 * @param makeLink the system's `link`, or a test's that fails.
 */
export async function bindName(
  path: string,
  server: Server,
  makeLink: typeof link = link,
): Promise<Binding> {
  const draft = helperPath(path, randomBytes(16).toString('hex'));
  const listening = await listenAt(draft, server);
  if (listening.kind !== 'bound') return listening;
  try {
    await chmod(draft, 0o600);
    const { dev, ino } = await lstat(draft, { bigint: true });
    await makeLink(draft, path);
    await removeSocket(draft);
    return { kind: 'bound', lock: { path, release: () => release(path, { dev, ino }, server) } };
  } catch (error) {
    await closed(server);
    const errno = systemErrnoOf(error);
    if (errno === 'EEXIST') return { kind: 'taken' };
    return CANNOT_LINK.has(errno) ? listenDirectly(path, server) : refused(errno);
  }
}

/** Makes `server` listen at `path` itself. */
export function listenAt(path: string, server: Server): Promise<Binding> {
  return new Promise((resolve) => {
    const onError = (error: unknown) => {
      server.off('listening', onListening);
      const errno = systemErrnoOf(error);
      resolve(errno === 'EADDRINUSE' ? { kind: 'taken' } : refused(errno));
    };
    const onListening = () => {
      server.off('error', onError);
      resolve({ kind: 'bound', lock: { path, release: () => stop(server) } });
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ path, exclusive: true });
  });
}

/**
 * The fallback where sockets can't be hard-linked: between two system calls the path names a socket that
 * doesn't listen yet. `probeSocket` waits a moment before it treats a socket as dead, and by then this one listens.
 */
async function listenDirectly(path: string, server: Server): Promise<Binding> {
  const bound = await listenAt(path, server);
  if (bound.kind === 'bound') await chmod(path, 0o600);
  return bound;
}

async function release(
  path: string,
  ours: Readonly<{ dev: bigint; ino: bigint }>,
  server: Server,
): Promise<void> {
  try {
    // While the server listens, no other process removes the path, so what is ours now is still ours below.
    const found = await lstat(path, { bigint: true });
    if (found.dev === ours.dev && found.ino === ours.ino) await removeSocket(path);
  } catch (error) {
    // The socket was removed by hand: nothing is left to release.
    if (systemErrnoOf(error) !== 'ENOENT') throw error;
  }
  await stop(server);
}

/** Stops listening, without waiting for open connections. */
function stop(server: Server): Promise<void> {
  server.close();
  return Promise.resolve();
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function refused(errno: string): Binding {
  return { kind: 'refused', why: `the system refuses to listen there (${errno})` };
}
