import { dirname, join } from 'node:path';
import type { VaultFailure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { onDisk } from './disk-failure.ts';
import type { FileLayer } from './file-layer.ts';

/**
 * Makes sure that `path` is a private folder (0700) owned by us. Creates it durably if it doesn't exist;
 * removes other users' permissions from the folder and the files in it. Fails with `disk-denied` if it
 * belongs to another user: our private files would lock its owner out.
 */
export async function openPrivateFolder(
  path: string,
  files: FileLayer,
): Promise<Result<void, VaultFailure>> {
  const opened = await onDisk(path, async () => {
    const topmost = await files.makeFolder(path);
    if (topmost !== null) await syncUpTo(dirname(topmost), dirname(path), files);
    const found = await files.stat(path);
    if (files.uid !== null && found.uid !== files.uid) return 'foreign';
    if (found.loose) await close(path, files);
    return 'ours';
  });
  if (!opened.ok) return opened;
  return opened.value === 'ours'
    ? ok(undefined)
    : err({ code: 'disk-denied', path, attempted: 'own' });
}

async function syncUpTo(top: string, bottom: string, files: FileLayer): Promise<void> {
  await files.syncFolder(bottom);
  if (bottom !== top && dirname(bottom) !== bottom) await syncUpTo(top, dirname(bottom), files);
}

async function close(path: string, files: FileLayer): Promise<void> {
  await files.chmod(path, 0o700);
  for (const name of await files.list(path)) {
    const inside = join(path, name);
    const found = await files.stat(inside);
    if (found.loose && !found.folder) await files.chmod(inside, 0o600);
  }
}
