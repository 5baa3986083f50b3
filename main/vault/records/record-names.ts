import { join } from 'node:path';
import type { VaultFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import { onDisk } from '../files/disk-failure.ts';
import type { FileLayer } from '../files/file-layer.ts';

const OLD_NAME = /^([0-9a-f]{16})\.(sealed|previous)$/;

/** The slot that takes over each of version 1's files: of two copies of one generation, `a` is the newer. */
const SLOTS: Readonly<Record<string, string>> = { sealed: 'a', previous: 'b' };

/**
 * Renames version 1's files to today's names: in version 1 the newest copy had a name of its own.
 * Writes no content, so it works on a full disk; if interrupted, the next opening continues.
 *
 * Also syncs the folder: renames by the last process may not be on disk yet, and slots are overwritten
 * in place. What is written to a file that then loses its name would be lost.
 */
export async function settleNames(
  folder: string,
  files: FileLayer,
): Promise<Result<void, VaultFailure>> {
  return onDisk(folder, async () => {
    const old = (await files.list(folder)).filter((name) => OLD_NAME.test(name));
    for (const name of old) {
      const [, id = '', kind = ''] = OLD_NAME.exec(name) ?? [];
      await files.rename(join(folder, name), join(folder, `${id}.${SLOTS[kind] ?? 'a'}.sealed`));
    }
    await files.syncFolder(folder);
  });
}
