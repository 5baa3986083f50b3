import type { StoredAccount } from '../../../main/accounts/record.ts';
import type { FileLayer, WritableFile } from '../../../main/vault/files/file-layer.ts';
import { unprotectedKeyProvider } from '../../../main/vault/keys/unprotected-key.ts';
import type { OpenVault } from '../../../main/vault/file-vault.ts';
import { openVault } from '../../../main/vault/open-vault.ts';
import { ok } from '../../../common/result.ts';
import { MemoryDisk, systemError } from '../../../test/vault/files/memory-disk.ts';

/** The vault's folder on the in-memory disk. */
export const FOLDER = '/vault';

/** The kinds of steps that a full disk refuses; all others still work. */
const NEED_ROOM: readonly string[] = ['create', 'write', 'sync'];

/** Runs around each step of a disk, or in its place. */
type Guard = <T>(name: string, work: () => Promise<T>, half?: () => Promise<T>) => Promise<T>;

/** The disk with `guard` around each of its steps. */
export function guarded(disk: FileLayer, guard: Guard): FileLayer {
  const file = (made: WritableFile): WritableFile => ({
    write: (bytes) =>
      guard(
        'write',
        () => made.write(bytes),
        () => made.write(bytes.slice(0, bytes.length / 2)),
      ),
    sync: () => guard('sync', () => made.sync()),
    close: () => guard('close', () => made.close()),
  });
  return {
    uid: disk.uid,
    create: async (path) => file(await guard('create', () => disk.create(path))),
    edit: async (path) => file(await guard('edit', () => disk.edit(path))),
    read: (path) => guard('read', () => disk.read(path)),
    list: (path) => guard('list', () => disk.list(path)),
    rename: (from, to) => guard('rename', () => disk.rename(from, to)),
    unlink: (path) => guard('unlink', () => disk.unlink(path)),
    syncFolder: (path) => guard('sync', () => disk.syncFolder(path)),
    chmod: (path, mode) => guard('chmod', () => disk.chmod(path, mode)),
    stat: (path) => guard('stat', () => disk.stat(path)),
    makeFolder: (path) => guard('create', () => disk.makeFolder(path)),
  };
}

/** When the process is killed. `half`: in the middle of a write; for any other step, before it. */
export type DeathAt = Readonly<{ step: number; when: 'before' | 'half' | 'after' }>;

/** A disk whose process is killed at one step: neither that step nor a later one ever returns. */
export class DyingDisk {
  readonly files: FileLayer;
  #death: DeathAt | null = null;
  #taken = 0;
  #dead = false;

  constructor(disk: FileLayer) {
    this.files = guarded(disk, async (_name, work, half) => {
      if (this.#dead) return never();
      const step = this.#taken;
      this.#taken += 1;
      if (this.#death?.step !== step) return work();
      this.#dead = true;
      if (this.#death.when === 'after') await work();
      if (this.#death.when === 'half') await half?.();
      return never();
    });
  }

  /** Starts counting steps, and kills at `death` if given. */
  arm(death: DeathAt | null): void {
    this.#taken = 0;
    this.#death = death;
  }

  get steps(): number {
    return this.#taken;
  }

  get dead(): boolean {
    return this.#dead;
  }
}

/**
 * What a disk refuses. `all`: everything; `room`: steps that need free space, as on a full disk.
 */
export type Sickness = Readonly<{ from: number; errno: string; refuses: 'all' | 'room' }>;

/** A disk that can start failing at a step, and recover. */
export class SickDisk {
  readonly files: FileLayer;
  #sickness: Sickness | null = null;
  #taken = 0;
  #refused = 0;

  constructor(disk: FileLayer) {
    this.files = guarded(disk, async (name, work, half) => {
      const step = this.#taken;
      this.#taken += 1;
      if (!this.#refuses(name, step)) return work();
      this.#refused += 1;
      await half?.();
      throw systemError(this.#sickness?.errno ?? 'EIO');
    });
  }

  fallIll(sickness: Sickness): void {
    this.#taken = 0;
    this.#refused = 0;
    this.#sickness = sickness;
  }

  heal(): void {
    this.#sickness = null;
  }

  get steps(): number {
    return this.#taken;
  }

  /** How many steps were refused since it started failing. */
  get refused(): number {
    return this.#refused;
  }

  #refuses(name: string, step: number): boolean {
    if (this.#sickness === null || step < this.#sickness.from) return false;
    return this.#sickness.refuses === 'all' || NEED_ROOM.includes(name);
  }
}

/** A disk that reports every sync as done and syncs nothing: used to check that the runs notice. */
export function withoutSync(disk: FileLayer): FileLayer {
  const done = () => Promise.resolve();
  const create = async (path: string) => ({ ...(await disk.create(path)), sync: done });
  const edit = async (path: string) => ({ ...(await disk.edit(path)), sync: done });
  return { ...guarded(disk, (_name, work) => work()), create, edit, syncFolder: done };
}

/** An in-memory disk with a vault that holds `account`, fully synced. */
export async function diskWith(account: StoredAccount | null): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const vault = await vaultOn(disk);
  const saved = account === null ? ok(undefined) : await vault.save(account);
  if (!saved.ok) throw new Error(`Cannot create the vault: ${saved.failure.code}`);
  await disk.syncFolder('/');
  return disk;
}

/** Opens the vault on a disk without protection, to save the time of a key derivation. */
export async function vaultOn(files: FileLayer, folder = FOLDER): Promise<OpenVault> {
  const keeper = unprotectedKeyProvider({ consent: true, consentedAt: 0 });
  const unlock = () => Promise.resolve(ok(keeper));
  const opened = await openVault({ folder, unlock, files, now: () => 0 });
  if (!opened.ok) throw new Error(`Cannot open the vault: ${opened.failure.code}`);
  return opened.value;
}

/** The accounts in a vault, read from a copy of its files; the vault itself isn't changed. */
export async function heldOn(disk: MemoryDisk): Promise<readonly StoredAccount[]> {
  const copy = new MemoryDisk();
  for (const [path, about] of disk.folders) copy.folders.set(path, { ...about });
  for (const [path, bytes] of disk.files()) copy.put(path, bytes);
  const loaded = await (await vaultOn(copy)).load();
  if (!loaded.ok) throw new Error(`Cannot load the vault: ${loaded.failure.code}`);
  return loaded.value.accounts;
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
