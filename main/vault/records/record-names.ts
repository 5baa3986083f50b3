import { join } from 'node:path';
import type { VaultFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import { onDisk } from '../files/disk-failure.ts';
import type { FileLayer } from '../files/file-layer.ts';

const OLD_NAME = /^([0-9a-f]{16})\.(sealed|previous)$/;

/** The slot that takes over each of version 1's files: of two of the same turn, `a` is the newer one. */
const SLOTS: Readonly<Record<string, string>> = { sealed: 'a', previous: 'b' };

/**
 * Gives the files of version 1 the names they have now: there the newest copy was the one under a name
 * of its own. Nothing is written, so it works on a full disk; cut short, the next opening goes on.
 *
 * Names that the last process changed may not be on the disk yet. From here on they are: files are
 * written over, and what is written to a file that loses its name is lost.
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
