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
 * Supplies the key provider. Called once, at opening, with the vault's current kind of provider; null:
 * there is no vault yet, and the result decides. A provider of another kind fails with `vault-locked`.
 */
export type Unlock = (
  current: KeyProviderName | null,
) => Promise<Result<KeyProvider, VaultFailure>>;

export type VaultOptions = Readonly<{
  /** The vault's folder, which need not exist yet. The caller makes sure that no other process uses it. */
  folder: string;
  unlock: Unlock;
  files: FileLayer;
  /** Wall-clock time: epoch milliseconds. */
  now: () => number;
}>;

/**
 * Opens the vault in `folder`, or creates one if there is none.
 *
 * Fails with what `unlock` fails with, and with `vault-wrong-passphrase`, `vault-corrupt` (there are
 * records but no header for them), `vault-newer` and `disk-denied` (the folder belongs to another user).
 * On failure it has changed nothing but permissions and the names of version 1's files.
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
  // If the disk refuses, the next opening tries again; nothing depends on it until then.
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
  const provider = await ask(null);
  if (!provider.ok) return provider;
  const made = await makeKeys(provider.value, now(), []);
  if (!made.ok) return made;
  const written = await writeHeaderFiles(folder, made.value.header, files);
  return written.ok ? made : written;
}

async function unlock(
  { folder, unlock: ask, files, now }: VaultOptions,
  header: Header,
): Promise<Result<Unlocked, VaultFailure>> {
  const provider = await ask(header.key.keeper);
  if (!provider.ok) return provider;
  const keys = await unlockKeys(header, provider.value);
  if (!keys.ok) return keys;
  // Repaired only after it opened: a header that doesn't open is left exactly as found. One intact file
  // is enough to continue, so a disk that refuses the second doesn't matter.
  await mendHeaderFiles(folder, header, now(), files);
  return ok({ header, keys: keys.value });
}
