import { chmod, mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import type { FileLayer, WritableFile } from './file-layer.ts';
import { errnoOf } from '../../util/errno.ts';

/** Errors of file systems that can't fsync a folder (some network and FUSE file systems). Nothing more can be done there. */
const CANNOT_SYNC_FOLDER: ReadonlySet<string> = new Set([
  'EINVAL',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
]);

/** The file-system port on Node's `fs`. */
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
    // Windows can't open a folder for fsync; NTFS journals renames itself.
    syncFolder: windows ? () => Promise.resolve() : syncFolder,
    chmod,
    stat: async (path) => {
      const found = await stat(path);
      // Windows has no mode bits (Node makes them up); the profile's ACL protects the files.
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
    // On macOS libuv uses F_FULLFSYNC, since a plain fsync stops at the drive's cache.
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
    // datasync: content and length only, so that the file system's journal has nothing to write.
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
