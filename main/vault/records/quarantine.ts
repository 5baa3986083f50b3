import { dirname } from 'node:path';
import type { VaultFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import { discard } from '../files/atomic-file.ts';
import { errnoOf, onDisk } from '../files/disk-failure.ts';
import type { FileLayer } from '../files/file-layer.ts';

/**
 * Moves a file that cannot be read out of the way, to a name of its own beside it: what cannot be
 * opened today may be tomorrow, or by somebody else. Nothing is ever overwritten.
 *
 * @param now epoch milliseconds, for the name.
 * @returns where it went.
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

/** An empty file of our own under a name nobody has: to rename over, since a rename replaces silently. */
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

/** `2026-11-23T06:51:00.123Z` without the signs that Windows refuses in names. */
function stamp(now: number): string {
  return new Date(now).toISOString().replace(/[-:.]/g, '');
}
