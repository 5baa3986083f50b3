import type { VaultFailure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';

/** The errno name of a system error, such as `ENOSPC`; null for any other error. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('errno' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** A system error in our words. Anything else is a bug, and thrown again. */
export function diskFailure(error: unknown, path: string): VaultFailure {
  const errno = errnoOf(error);
  switch (errno) {
    case null:
      throw error;
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return { code: 'disk-full', path };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return { code: 'disk-denied', path };
    default:
      return { code: 'disk-failed', path, errno };
  }
}

/** Runs `work` on the file or folder `path`: what the system refuses becomes a failure that names it. */
export async function onDisk<T>(
  path: string,
  work: () => Promise<T>,
): Promise<Result<T, VaultFailure>> {
  try {
    return ok(await work());
  } catch (error) {
    return err(diskFailure(error, path));
  }
}

/** What the file holds; null: there is no such file. Rejects with every other system error. */
export async function readIfThere(
  files: Readonly<{ read(path: string): Promise<Uint8Array> }>,
  path: string,
): Promise<Uint8Array | null> {
  try {
    return await files.read(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Removes the file; one that is not there is fine. */
export async function unlinkIfThere(
  files: Readonly<{ unlink(path: string): Promise<void> }>,
  path: string,
): Promise<void> {
  try {
    await files.unlink(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
