import { chmod, mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import type { FileLayer, WritableFile } from './file-layer.ts';
import { errnoOf } from './disk-failure.ts';

/**
 * What a system answers that cannot fsync a folder: some network and FUSE file systems. Their names
 * are as durable as they make them; there is nothing more to ask for.
 */
const CANNOT_SYNC_FOLDER: ReadonlySet<string> = new Set([
  'EINVAL',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
]);

/** The disk, by way of Node. */
export function nodeFiles(platform: NodeJS.Platform = process.platform): FileLayer {
  const windows = platform === 'win32';
  return {
    uid: windows ? null : (process.getuid?.() ?? null),
    create,
    edit,
    read: readFile,
    list: (folder) => readdir(folder),
    rename,
    unlink,
    // Windows opens no folder for fsync; NTFS writes renames to its own journal.
    syncFolder: windows ? () => Promise.resolve() : syncFolder,
    chmod,
    stat: async (path) => {
      const found = await stat(path);
      // Windows has no such bits: what Node shows there is made up, and the profile's ACL protects.
      const loose = !windows && (found.mode & 0o077) !== 0;
      return { uid: found.uid, folder: found.isDirectory(), loose };
    },
    makeFolder: async (path) => (await mkdir(path, { recursive: true, mode: 0o700 })) ?? null,
  };
}

async function create(path: string): Promise<WritableFile> {
  const handle = await open(path, 'wx', 0o600);
  return {
    write: (bytes) => handle.writeFile(bytes),
    // On macOS this is F_FULLFSYNC: libuv asks for it, since a plain fsync there stops at the drive's cache.
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

async function edit(path: string): Promise<WritableFile> {
  const handle = await open(path, 'r+');
  return {
    write: async (bytes) => {
      await handle.writeFile(bytes);
      const { size } = await handle.stat();
      if (size > bytes.length) await handle.truncate(bytes.length);
    },
    // The content and the length: no more, so that the disk's journal has nothing to write.
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!CANNOT_SYNC_FOLDER.has(errnoOf(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}
