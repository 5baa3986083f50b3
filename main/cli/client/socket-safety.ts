import type { Stats } from 'node:fs';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AgentFailure } from '../../../common/failure.ts';

const ROOT = 0;
const OTHERS_MAY_WRITE = 0o022;
const STICKY = 0o1000;

/**
 * Why the socket at `path` cannot be trusted to be the user's own agent. Another user's agent could
 * show that user's sign-in code, or hand that user's token to a script. null when it is safe or does
 * not exist.
 *
 * Not checked on Windows (`uid` is null): a named pipe is protected by its creator.
 */
export function socketDanger(path: string, uid: number | null): AgentFailure | null {
  if (uid === null) return null;
  const folder = look(dirname(path));
  const socket = look(path);
  if (folder === null || socket === null) return null;
  const why = folderDanger(folder, uid) ?? socketDangerItself(socket, uid);
  return why === null ? null : { code: 'socket-unsafe', path, why };
}

function folderDanger(folder: Stats, uid: number): string | null {
  if (folder.uid !== uid && folder.uid !== ROOT) return 'its folder belongs to another user';
  // In a sticky folder only the owner can replace a file, so checking the socket's owner is enough.
  const open = (folder.mode & OTHERS_MAY_WRITE) !== 0 && (folder.mode & STICKY) === 0;
  return open ? 'other users can write to its folder' : null;
}

function socketDangerItself(socket: Stats, uid: number): string | null {
  if (!socket.isSocket()) return 'it is not a socket';
  return socket.uid === uid ? null : 'it belongs to another user';
}

function look(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null; // no access: connecting fails for the same reason, and reports it
  }
}
