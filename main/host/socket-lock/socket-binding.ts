import { chmod, link, lstat } from 'node:fs/promises';
import type { Server } from 'node:net';
import { randomBytes } from 'node:crypto';
import { systemErrnoOf } from '../../util/errno.ts';
import { helperPath, removeSocket } from './socket-files.ts';

/** A name that is ours, and a server that listens there. */
export type SocketLock = Readonly<{
  /** Where it listens; `server.address()` may name the place where it was made. */
  path: string;
  /**
   * Gives the name up: removes the socket if it is still ours, and takes no more connections. Those
   * that are open stay. Call it when nothing that the claim protects will be touched any more.
   */
  release(): Promise<void>;
}>;

/** What became of an attempt to have a name. */
export type Binding = Readonly<
  { kind: 'bound'; claim: SocketLock } | { kind: 'taken' } | { kind: 'refused'; why: string }
>;

/** Answers of a file system that gives a socket no second name. */
const CANNOT_LINK: ReadonlySet<string> = new Set([
  'EPERM',
  'EINVAL',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
]);

/**
 * Makes `server` listen at `path`, unless something is there. The server listens under a name that
 * nobody looks for, and that socket gets `path` as its second name: so `path` never means a socket that
 * does not listen yet, which would look like a dead one. And `link` never replaces anything.
 *
 * @param secondName the system's `link`, or a test's that cannot.
 */
export async function bindName(
  path: string,
  server: Server,
  secondName: typeof link = link,
): Promise<Binding> {
  const draft = helperPath(path, randomBytes(16).toString('hex'));
  const listening = await listenAt(draft, server);
  if (listening.kind !== 'bound') return listening;
  try {
    await chmod(draft, 0o600);
    const { dev, ino } = await lstat(draft, { bigint: true });
    await secondName(draft, path);
    await removeSocket(draft);
    return { kind: 'bound', claim: { path, release: () => release(path, { dev, ino }, server) } };
  } catch (error) {
    await closed(server);
    const errno = systemErrnoOf(error);
    if (errno === 'EEXIST') return { kind: 'taken' };
    return CANNOT_LINK.has(errno) ? listenPrivately(path, server) : refused(errno);
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
      resolve({ kind: 'bound', claim: { path, release: () => stop(server) } });
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ path, exclusive: true });
  });
}

/**
 * The second best, where sockets cannot be linked: between two system calls the name means a socket
 * that does not listen yet. `examine` waits a moment before it believes in a death, so that this is
 * over by then.
 */
async function listenPrivately(path: string, server: Server): Promise<Binding> {
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
    // While the server listens nobody takes the name away, so what is ours now is ours when removed.
    const found = await lstat(path, { bigint: true });
    if (found.dev === ours.dev && found.ino === ours.ino) await removeSocket(path);
  } catch (error) {
    // Somebody removed the name by hand: it is given up already.
    if (systemErrnoOf(error) !== 'ENOENT') throw error;
  }
  await stop(server);
}

/** Stops listening, and does not wait for connections that are open. */
function stop(server: Server): Promise<void> {
  server.close();
  return Promise.resolve();
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function refused(errno: string): Binding {
  return { kind: 'refused', why: `the system does not let us listen there (${errno})` };
}
