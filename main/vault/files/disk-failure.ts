import type { DiskAccess, VaultFailure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { errnoOf } from '../../util/errno.ts';

/**
 * The failure for a system error. `access` is what was attempted. Rethrows any other error: that's a
 * bug.
 */
export function diskFailure(
  error: unknown,
  path: string,
  access: DiskAccess = 'write',
): VaultFailure {
  const attempted = access === 'write' ? {} : { attempted: access };
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
      return { code: 'disk-denied', path, ...attempted };
    default:
      return { code: 'disk-failed', path, errno, ...attempted };
  }
}

/** Runs `work` on the file or folder `path`; a system error becomes a failure that names the path. */
export async function onDisk<T>(
  path: string,
  work: () => Promise<T>,
  access: DiskAccess = 'write',
): Promise<Result<T, VaultFailure>> {
  try {
    return ok(await work());
  } catch (error) {
    return err(diskFailure(error, path, access));
  }
}

/** Reads a file; null: it doesn't exist. Rejects with any other system error. */
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

/** Removes a file if it exists. */
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
