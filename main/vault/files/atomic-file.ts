import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { VaultFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import { onDisk } from './disk-failure.ts';
import type { FileLayer, WritableFile } from './file-layer.ts';

const TEMP_NAME = /\.[0-9a-f]{16}\.tmp$/;

/**
 * Writes a whole file atomically (temp file, fsync, rename, fsync of the folder): at any time the name
 * holds either all of the old content or all of the new. Succeeds only once the new content would
 * survive a power cut.
 */
export async function writeDurably(
  path: string,
  bytes: Uint8Array,
  files: FileLayer,
): Promise<Result<void, VaultFailure>> {
  return onDisk(path, async () => {
    const temp = `${path}.${randomBytes(8).toString('hex')}.tmp`;
    const file = await files.create(temp);
    try {
      await fill(file, bytes);
      await files.rename(temp, path);
    } catch (error) {
      await discard(temp, files);
      throw error;
    }
    await files.syncFolder(dirname(path));
  });
}

/**
 * Overwrites a file in place, a single disk write: no rename, and no journal entry if the length stays
 * the same. If interrupted, the file is damaged, so use it only for a file that isn't needed, such as
 * the older of two copies. If it fails, replaces the file as {@link writeDurably} does.
 */
export async function overwriteDurably(
  path: string,
  bytes: Uint8Array,
  files: FileLayer,
): Promise<Result<void, VaultFailure>> {
  const over = await onDisk(path, async () => fill(await files.edit(path), bytes));
  return over.ok ? over : writeDurably(path, bytes, files);
}

/** Removes temp files that a killed process left in `folder`. Call while nothing writes there. */
export async function sweepTemps(folder: string, files: FileLayer): Promise<void> {
  const names = await files.list(folder);
  const stale = names.filter((name) => TEMP_NAME.test(name));
  await Promise.all(stale.map((name) => discard(join(folder, name), files)));
}

/** Removes a file that isn't needed, if possible. */
export async function discard(temp: string, files: FileLayer): Promise<void> {
  try {
    await files.unlink(temp);
  } catch {
    // Already gone, or the disk refuses: a stray temp file does no harm, and the next opening removes it.
  }
}

/** Writes and syncs `bytes`. Closes the file in any case. */
async function fill(file: WritableFile, bytes: Uint8Array): Promise<void> {
  try {
    await file.write(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
