import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { VaultFailure } from '../protocol/failure.ts';
import type { Outcome } from '../protocol/outcome.ts';
import { errnoOf, onDisk } from './disk-failure.ts';
import type { FileLayer } from './file-layer.ts';

const TEMP_NAME = /\.[0-9a-f]{16}\.tmp$/;

/** Where the content that a write replaces is kept, and what it is. */
export type Previous = Readonly<{ path: string; bytes: Uint8Array }>;

/**
 * Writes a whole file so that, whatever happens and whenever, the name holds either all of the old
 * content or all of the new. Resolves to success only once the new one would survive a power cut.
 *
 * After a failure the name holds one of the two; nothing half-written is left under a name that
 * anybody reads.
 *
 * @param previous keeps the content being replaced under a second name, which is also never without
 * a whole file.
 */
export async function writeDurably(
  path: string,
  bytes: Uint8Array,
  files: FileLayer,
  previous: Previous | null = null,
): Promise<Outcome<void, VaultFailure>> {
  return onDisk(path, async () => {
    const temp = await writeTemp(path, bytes, files);
    try {
      if (previous !== null) await keep(path, previous, files);
      await files.rename(temp, path);
    } catch (error) {
      await discard(temp, files);
      throw error;
    }
    await files.syncFolder(dirname(path));
  });
}

/** Removes what a killed process left half-written in `folder`. Call while nobody writes there. */
export async function sweepTemps(folder: string, files: FileLayer): Promise<void> {
  const names = await files.list(folder);
  const stale = names.filter((name) => TEMP_NAME.test(name));
  await Promise.all(stale.map((name) => discard(join(folder, name), files)));
}

async function writeTemp(path: string, bytes: Uint8Array, files: FileLayer): Promise<string> {
  const temp = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  const file = await files.create(temp);
  try {
    try {
      await file.write(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await discard(temp, files);
    throw error;
  }
  return temp;
}

/** Gives the current file its second name, by a hard link; a copy where the disk knows no links. */
async function keep(path: string, previous: Previous, files: FileLayer): Promise<void> {
  const second = `${previous.path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    await files.link(path, second);
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    // Whatever kept us from linking: a disk that is truly in trouble refuses the copy as well.
    const copy = await writeTemp(previous.path, previous.bytes, files);
    return replace(copy, previous.path, files);
  }
  await replace(second, previous.path, files);
  // If both names meant the same file already, rename(2) did nothing and left the first one.
  await discard(second, files);
}

async function replace(temp: string, path: string, files: FileLayer): Promise<void> {
  try {
    await files.rename(temp, path);
  } catch (error) {
    await discard(temp, files);
    throw error;
  }
}

/** Removes a file that nobody needs, if that can be done. */
export async function discard(temp: string, files: FileLayer): Promise<void> {
  try {
    await files.unlink(temp);
  } catch {
    // Gone already, or the disk refuses: a stray temp file harms nobody, and the next opening sweeps it.
  }
}
