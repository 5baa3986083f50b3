import { dirname } from 'node:path';
import type { VaultFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import { discard } from '../files/atomic-file.ts';
import { errnoOf } from '../../util/errno.ts';
import { onDisk } from '../files/disk-failure.ts';
import type { FileLayer } from '../files/file-layer.ts';

/**
 * Quarantines an unreadable file: renames it to `*.damaged-TIME` beside itself, since a later version
 * or another tool may still read it. Never overwrites anything.
 *
 * @param now epoch milliseconds, for the name
 * @returns the new path
 */
export async function quarantine(
  path: string,
  now: number,
  files: FileLayer,
): Promise<Result<string, VaultFailure>> {
  return onDisk(path, async () => {
    const target = await reserve(`${path}.damaged-${stamp(now)}`, files);
    try {
      await files.rename(path, target);
    } catch (error) {
      await discard(target, files);
      throw error;
    }
    await files.syncFolder(dirname(path));
    return target;
  });
}

/** Creates an empty file under an unused name to rename over, since a rename replaces silently. */
async function reserve(name: string, files: FileLayer): Promise<string> {
  for (let count = 1; ; count += 1) {
    const path = count === 1 ? name : `${name}-${count}`;
    try {
      const file = await files.create(path);
      await file.close();
      return path;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** `2026-11-23T06:51:00.123Z` without the characters that Windows forbids in file names. */
function stamp(now: number): string {
  return new Date(now).toISOString().replace(/[-:.]/g, '');
}
