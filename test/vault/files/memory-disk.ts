import { dirname } from 'node:path';
import type { FileLayer, WritableFile } from '../../../main/vault/files/file-layer.ts';

type Inode = { bytes: Uint8Array; synced: Uint8Array | null; loose: boolean };
type Names = Map<string, Inode>;
type Change = Readonly<{ folder: string; apply: (names: Names) => void }>;

/** A system error as Node creates it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code, errno: -1 });
}

/**
 * A disk that loses what was not synced, as real ones do: file content until `sync`, names until
 * `syncFolder`. Name changes become durable in order, as in a journaling file system.
 */
export class MemoryDisk implements FileLayer {
  readonly uid = 1000;
  readonly folders = new Map<string, { loose: boolean; uid: number }>();
  readonly #names: Names = new Map();
  readonly #syncedNames: Names = new Map();
  readonly #pending: Change[] = [];

  /**
   * The disk after a power cut: of the unsynced changes to names, the first `kept` were written.
   * Unsynced file content is lost; `torn`: its first half was written.
   */
  afterPowerCut(kept: number, torn = false): MemoryDisk {
    const names = new Map(this.#syncedNames);
    for (const change of this.#pending.slice(0, kept)) change.apply(names);
    const disk = new MemoryDisk();
    for (const [path, about] of this.folders) disk.folders.set(path, { ...about });
    for (const [path, { bytes, synced }] of names) {
      const old = synced ?? half(bytes);
      disk.put(path, torn ? over(old, half(bytes)) : old);
    }
    return disk;
  }

  /** How many changes to names a power cut could lose. */
  get unsynced(): number {
    return this.#pending.length;
  }

  /** Adds a file, bypassing the vault. */
  put(path: string, bytes: Uint8Array, loose = false): void {
    const inode = { bytes, synced: bytes, loose };
    this.#names.set(path, inode);
    this.#syncedNames.set(path, inode);
  }

  /** Removes a file, bypassing the vault. */
  drop(path: string): void {
    this.#names.delete(path);
    this.#syncedNames.delete(path);
  }

  has(path: string): boolean {
    return this.#names.has(path);
  }

  /** Every file, by its path. */
  files(): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.#names].map(([path, { bytes }]) => [path, bytes]));
  }

  isLoose(path: string): boolean {
    return this.#names.get(path)?.loose ?? this.folders.get(path)?.loose ?? false;
  }

  async create(path: string): Promise<WritableFile> {
    await Promise.resolve();
    if (this.#names.has(path)) throw systemError('EEXIST');
    if (!this.folders.has(dirname(path))) throw systemError('ENOENT');
    const inode: Inode = { bytes: new Uint8Array(), synced: null, loose: false };
    this.#change(path, (names) => names.set(path, inode));
    return writable(inode);
  }

  async edit(path: string): Promise<WritableFile> {
    await Promise.resolve();
    return writable(this.#find(path));
  }

  async read(path: string): Promise<Uint8Array> {
    await Promise.resolve();
    return this.#find(path).bytes;
  }

  async list(folder: string): Promise<readonly string[]> {
    await Promise.resolve();
    const inside = [...this.#names.keys()].filter((path) => dirname(path) === folder);
    return inside.map((path) => path.slice(folder.length + 1));
  }

  async rename(from: string, to: string): Promise<void> {
    await Promise.resolve();
    const inode = this.#find(from);
    this.#change(to, (names) => {
      names.delete(from);
      names.set(to, inode);
    });
  }

  async unlink(path: string): Promise<void> {
    await Promise.resolve();
    this.#find(path);
    this.#change(path, (names) => names.delete(path));
  }

  async syncFolder(path: string): Promise<void> {
    await Promise.resolve();
    for (const change of this.#pending.splice(0)) {
      if (change.folder === path) change.apply(this.#syncedNames);
      else this.#pending.push(change);
    }
  }

  async chmod(path: string, mode: number): Promise<void> {
    await Promise.resolve();
    const folder = this.folders.get(path);
    if (folder !== undefined) folder.loose = (mode & 0o077) !== 0;
    else this.#find(path).loose = (mode & 0o077) !== 0;
  }

  async stat(path: string): Promise<{ uid: number; folder: boolean; loose: boolean }> {
    await Promise.resolve();
    const folder = this.folders.get(path);
    if (folder !== undefined) return { ...folder, folder: true };
    return { uid: this.uid, folder: false, loose: this.#find(path).loose };
  }

  async makeFolder(path: string): Promise<string | null> {
    await Promise.resolve();
    if (this.folders.has(path)) return null;
    this.folders.set(path, { loose: false, uid: this.uid });
    return path;
  }

  #find(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode === undefined) throw systemError('ENOENT');
    return inode;
  }

  #change(path: string, apply: (names: Names) => void): void {
    apply(this.#names);
    this.#pending.push({ folder: dirname(path), apply });
  }
}

function writable(inode: Inode): WritableFile {
  return {
    write: async (bytes) => {
      await Promise.resolve();
      inode.bytes = Uint8Array.from(bytes);
    },
    sync: async () => {
      await Promise.resolve();
      inode.synced = inode.bytes;
    },
    close: () => Promise.resolve(),
  };
}

/** `bytes` with `head` written over their beginning. */
function over(bytes: Uint8Array, head: Uint8Array): Uint8Array {
  return Buffer.concat([head, bytes.subarray(head.length)]);
}

function half(bytes: Uint8Array): Uint8Array {
  return bytes.slice(0, Math.floor(bytes.length / 2));
}
