import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredAccount } from '../../main/accounts/record.ts';
import { nodeFiles } from '../../main/vault/files/node-files.ts';
import type { TestHomeserver } from '../homeserver/homeserver.ts';
import { MemoryDisk } from '../../test/vault/files/memory-disk.ts';
import { FOLDER, heldOn, vaultOn } from './rows/disks.ts';
import { newSession } from './session.ts';

/** A folder on the real disk with a vault in it, for processes under test. */
export class Home {
  readonly path: string;
  readonly account: StoredAccount;

  private constructor(path: string, account: StoredAccount) {
    this.path = path;
    this.account = account;
  }

  /** Makes a new folder with a new session in its vault. */
  static async make(server: TestHomeserver): Promise<Home> {
    const path = await mkdtemp(join(tmpdir(), 'kf-faults-'));
    const account = await newSession(server);
    const vault = await vaultOn(nodeFiles(), join(path, 'vault'));
    const saved = await vault.save(account);
    await vault.close();
    if (!saved.ok) throw new Error(`Cannot create the vault: ${saved.failure.code}`);
    return new Home(path, account);
  }

  /** The account in the vault, read from a copy; null: none. */
  async held(): Promise<StoredAccount | null> {
    const disk = new MemoryDisk();
    const folder = join(this.path, 'vault');
    for (const [from, to] of [
      [folder, FOLDER],
      [join(folder, 'accounts'), `${FOLDER}/accounts`],
    ] as const) {
      disk.folders.set(to, { loose: false, uid: disk.uid });
      for (const entry of await readdir(from, { withFileTypes: true }))
        if (entry.isFile()) disk.put(`${to}/${entry.name}`, await readFile(join(from, entry.name)));
    }
    const [account] = await heldOn(disk);
    return account ?? null;
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
