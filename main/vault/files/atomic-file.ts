import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { VaultFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import { onDisk } from './disk-failure.ts';
import type { FileLayer, WritableFile } from './file-layer.ts';

const TEMP_NAME = /\.[0-9a-f]{16}\.tmp$/;

/**
 * Writes a whole file so that, whatever happens and whenever, the name holds either all of the old
 * content or all of the new. Resolves to success only once the new one would survive a power cut.
 *
 * After a failure the name holds one of the two; nothing half-written is left under a name that
 * anybody reads.
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
 * Writes over the content of a file, which costs the disk a single write: no name changes, and where
 * the length stays the same, nothing for the disk's journal. Cut short, the file is damaged: so only
 * for one that is not needed, such as the older of two copies. Where this cannot be done the content
 * is replaced as {@link writeDurably} does it.
 */
export async function overwriteDurably(
  path: string,
  bytes: Uint8Array,
  files: FileLayer,
): Promise<Result<void, VaultFailure>> {
  const over = await onDisk(path, async () => fill(await files.edit(path), bytes));
  return over.ok ? over : writeDurably(path, bytes, files);
}

/** Removes what a killed process left half-written in `folder`. Call while nobody writes there. */
export async function sweepTemps(folder: string, files: FileLayer): Promise<void> {
  const names = await files.list(folder);
  const stale = names.filter((name) => TEMP_NAME.test(name));
  await Promise.all(stale.map((name) => discard(join(folder, name), files)));
}

/** Removes a file that nobody needs, if that can be done. */
export async function discard(temp: string, files: FileLayer): Promise<void> {
  try {
    await files.unlink(temp);
  } catch {
    // Gone already, or the disk refuses: a stray temp file harms nobody, and the next opening sweeps it.
  }
}

/** Resolves once the file holds `bytes` and would after a power cut. Closes it in any case. */
async function fill(file: WritableFile, bytes: Uint8Array): Promise<void> {
  try {
    await file.write(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
