import { join } from 'node:path';
import type { VaultFailure } from '../../common/failure.ts';
import { err, ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import { sweepTemps } from './files/atomic-file.ts';
import { onDisk } from './files/disk-failure.ts';
import type { FileLayer } from './files/file-layer.ts';
import { FileVault } from './file-vault.ts';
import type { OpenVault } from './file-vault.ts';
import { openPrivateFolder } from './files/folder.ts';
import type { Header } from './header/header.ts';
import { mendHeaderFiles, readHeaderFiles, writeHeaderFiles } from './header/header-files.ts';
import type { KeyProviderName, KeyProvider } from './keys/key-provider.ts';
import { settleNames } from './records/record-names.ts';
import { listRecords } from './records/record-slots.ts';
import type { RecordFolder } from './records/record-slots.ts';
import { makeKeys, unlockKeys } from './keys/vault-keys.ts';
import type { Unlocked } from './keys/vault-keys.ts';

/**
 * Gives the keeper of the data key. Asked once, at opening, with how the vault is kept; null: there is
 * no vault yet, and the answer decides. A keeper of another kind than the vault's is `vault-locked`.
 */
export type Unlock = (kept: KeyProviderName | null) => Promise<Result<KeyProvider, VaultFailure>>;

export type VaultOptions = Readonly<{
  /** Where the vault lies, or will. The caller sees to it that no other process works on it. */
  folder: string;
  unlock: Unlock;
  files: FileLayer;
  /** Wall-clock time: epoch milliseconds. */
  now: () => number;
}>;

/**
 * Opens the vault in `folder`, or makes one where there is none.
 *
 * Fails with what `unlock` fails with; `vault-wrong-passphrase`; `vault-corrupt` when records are there
 * and no header leads to them; `vault-newer`; `disk-denied` when the folder is somebody else's. It then
 * has changed nothing but permissions, and the names of files that version 1 made.
 */
export async function openVault(options: VaultOptions): Promise<Result<OpenVault, VaultFailure>> {
  const { folder, files, now } = options;
  const store = { path: join(folder, 'accounts'), files, now };
  for (const path of [folder, store.path]) {
    const opened = await openPrivateFolder(path, files);
    if (!opened.ok) return opened;
    const swept = await onDisk(path, () => sweepTemps(path, files));
    if (!swept.ok) return swept;
  }
  const settled = await settleNames(store.path, files);
  if (!settled.ok) return settled;
  const header = await readHeaderFiles(folder, files);
  if (!header.ok) return header;
  const unlocked =
    header.value === null ? await create(options, store) : await unlock(options, header.value);
  if (!unlocked.ok) return unlocked;
  const vault = new FileVault(folder, store, unlocked.value);
  // What the disk refuses of this is tried again at the next opening; nothing hangs on it meanwhile.
  await vault.finishChange();
  return ok(vault);
}

async function create(
  { folder, unlock: ask, files, now }: VaultOptions,
  store: RecordFolder,
): Promise<Result<Unlocked, VaultFailure>> {
  const orphans = await listRecords(store);
  if (!orphans.ok) return orphans;
  if (orphans.value.length > 0) {
    return err({ code: 'vault-corrupt', quarantine: null, why: 'header-missing' });
  }
  const keeper = await ask(null);
  if (!keeper.ok) return keeper;
  const made = await makeKeys(keeper.value, now(), []);
  if (!made.ok) return made;
  const written = await writeHeaderFiles(folder, made.value.header, files);
  return written.ok ? made : written;
}

async function unlock(
  { folder, unlock: ask, files, now }: VaultOptions,
  header: Header,
): Promise<Result<Unlocked, VaultFailure>> {
  const keeper = await ask(header.key.keeper);
  if (!keeper.ok) return keeper;
  const keys = await unlockKeys(header, keeper.value);
  if (!keys.ok) return keys;
  // Only now that it has opened: a header that does not is left exactly as it was found. One whole
  // file is enough to go on, so a disk that refuses the second stops nobody.
  await mendHeaderFiles(folder, header, now(), files);
  return ok({ header, keys: keys.value });
}
