import { dirname, join } from 'node:path';
import type { StoredAccount } from '../accounts/stored-account.ts';
import type { VaultWarning } from '../accounts/ports.ts';
import type { VaultFailure } from '../protocol/failure.ts';
import { fail, ok, type Outcome } from '../protocol/outcome.ts';
import { writeDurably } from './atomic-file.ts';
import type { DataKeys } from './data-key.ts';
import { onDisk, readIfThere, unlinkIfThere } from './disk-failure.ts';
import type { FileLayer } from './file-layer.ts';
import { readRecord, writeRecord } from './record.ts';
import { open, seal } from './seal.ts';
import { setAside } from './set-aside.ts';

const ACCOUNT_ID = /^[0-9a-f]{16}$/;
const RECORD_NAME = /^([0-9a-f]{16})\.(?:sealed|previous)$/;

/** What one file of a record is. */
export type Copy = Readonly<
  | { kind: 'good'; account: StoredAccount; bytes: Uint8Array }
  | { kind: 'missing' | 'damaged' | 'foreign' }
  | { kind: 'newer'; version: number }
>;

/** Both files of a record. `previous` is looked at only where `current` is no use. */
export type Copies = Readonly<{ id: string; current: Copy; previous: Copy | null }>;

/** What was had of a record that needed help. */
export type Recovered = Readonly<{
  account: StoredAccount | null;
  warnings: readonly VaultWarning[];
}>;

/** Where records lie, and what is needed to read and write them. One account, one file and its older copy. */
export type RecordFolder = Readonly<{ path: string; files: FileLayer; now: () => number }>;

/** The ids of all accounts that have a file here. */
export async function listRecords(
  folder: RecordFolder,
): Promise<Outcome<readonly string[], VaultFailure>> {
  return onDisk(folder.path, async () => {
    const ids = new Set<string>();
    for (const name of await folder.files.list(folder.path)) {
      const id = RECORD_NAME.exec(name)?.[1];
      if (id !== undefined) ids.add(id);
    }
    return [...ids].sort();
  });
}

/** Reads a record; touches nothing. A file that is there and cannot be read is a failure, not damage. */
export async function inspect(
  folder: RecordFolder,
  keys: DataKeys,
  id: string,
): Promise<Outcome<Copies, VaultFailure>> {
  const current = await readCopy(folder, keys, id, currentPath(folder, id));
  if (!current.ok) return current;
  if (current.value.kind === 'good' || current.value.kind === 'newer') {
    return ok({ id, current: current.value, previous: null });
  }
  const previous = await readCopy(folder, keys, id, previousPath(folder, id));
  return previous.ok ? ok({ id, current: current.value, previous: previous.value }) : previous;
}

/**
 * Makes the best of a record whose current file is no use: sets damaged files aside and makes the
 * older copy the current one. What the disk refuses of that stays as it is until the next load; the
 * account is usable all the same.
 */
export async function recover(
  folder: RecordFolder,
  { id, current, previous }: Copies,
): Promise<Recovered> {
  const account = previous?.kind === 'good' ? previous.account : null;
  const usedOlderCopy = account !== null;
  const warnings: VaultWarning[] = [];
  let free = current.kind === 'missing';
  if (!free) {
    const aside = await moveAside(folder, currentPath(folder, id));
    free = aside.moved;
    warnings.push({ code: 'record-set-aside', path: aside.path, usedOlderCopy });
  } else if (usedOlderCopy) {
    warnings.push({ code: 'record-missing', path: currentPath(folder, id) });
  }
  if (usedOlderCopy) {
    if (free) await promote(folder, id);
  } else if (previous !== null && previous.kind !== 'missing') {
    const { path } = await moveAside(folder, previousPath(folder, id));
    warnings.push({ code: 'record-set-aside', path, usedOlderCopy });
  }
  return { account, warnings };
}

/** Writes the record of an account durably. The last good one is kept as the older copy. */
export async function save(
  folder: RecordFolder,
  keys: DataKeys,
  account: StoredAccount,
): Promise<Outcome<void, VaultFailure>> {
  const { id } = account;
  const path = currentPath(folder, id);
  const bytes = seal(keys.current, id, writeRecord(account));
  const replaced = await readCopy(folder, keys, id, path);
  if (!replaced.ok) return replaced;
  switch (replaced.value.kind) {
    case 'good': {
      const previous = { path: previousPath(folder, id), bytes: replaced.value.bytes };
      return writeDurably(path, bytes, folder.files, previous);
    }
    case 'missing':
      return writeDurably(path, bytes, folder.files);
    default: {
      // Damaged since it was loaded: it must not push out the older copy, which may still be good.
      const moved = await setAside(path, folder.now(), folder.files);
      return moved.ok ? writeDurably(path, bytes, folder.files) : moved;
    }
  }
}

/** Removes a record, durably. The older copy goes first: left alone, it would bring the account back. */
export async function remove(
  folder: RecordFolder,
  id: string,
): Promise<Outcome<void, VaultFailure>> {
  const path = currentPath(folder, id);
  return onDisk(path, async () => {
    await unlinkIfThere(folder.files, previousPath(folder, id));
    await folder.files.syncFolder(folder.path);
    await unlinkIfThere(folder.files, path);
    await folder.files.syncFolder(folder.path);
  });
}

/**
 * Seals both files of a record under the current key, each in its place. What is damaged or foreign
 * is left alone: no key of ours will ever open it. Fails with `vault-newer` where a later version's
 * file still needs the old key.
 */
export async function reseal(
  folder: RecordFolder,
  keys: DataKeys,
  id: string,
): Promise<Outcome<void, VaultFailure>> {
  for (const path of [currentPath(folder, id), previousPath(folder, id)]) {
    const found = await onDisk(path, () => readIfThere(folder.files, path));
    if (!found.ok) return found;
    if (found.value === null) continue;
    const opened = open(keys, id, found.value);
    if (opened.kind === 'newer') return fail({ code: 'vault-newer', version: opened.version });
    if (opened.kind !== 'opened' || opened.keyId === keys.current.id) continue;
    const bytes = seal(keys.current, id, opened.text);
    const written = await writeDurably(path, bytes, folder.files);
    if (!written.ok) return written;
  }
  return ok(undefined);
}

async function readCopy(
  { files }: RecordFolder,
  keys: DataKeys,
  id: string,
  path: string,
): Promise<Outcome<Copy, VaultFailure>> {
  const found = await onDisk(path, () => readIfThere(files, path));
  if (!found.ok) return found;
  const bytes = found.value;
  if (bytes === null) return ok({ kind: 'missing' });
  const opened = open(keys, id, bytes);
  if (opened.kind !== 'opened') return ok(opened);
  const read = readRecord(opened.text);
  if (read.kind === 'newer') return ok(read);
  if (read.kind === 'unreadable' || read.account.id !== id) return ok({ kind: 'damaged' });
  return ok({ kind: 'good', account: read.account, bytes });
}

/** `path`: where the file went; where it still is, if the disk would not move it. */
async function moveAside(folder: RecordFolder, path: string) {
  const moved = await setAside(path, folder.now(), folder.files);
  return moved.ok ? { moved: true, path: moved.value } : { moved: false, path };
}

/** By renaming, which needs no room: it works on a full disk too. */
async function promote(folder: RecordFolder, id: string): Promise<void> {
  const path = currentPath(folder, id);
  await onDisk(path, async () => {
    await folder.files.rename(previousPath(folder, id), path);
    await folder.files.syncFolder(dirname(path));
  });
}

function currentPath(folder: RecordFolder, id: string): string {
  return join(folder.path, `${checkId(id)}.sealed`);
}

function previousPath(folder: RecordFolder, id: string): string {
  return join(folder.path, `${checkId(id)}.previous`);
}

/** An id becomes a file name: one that is not ours could name any file. */
function checkId(id: string): string {
  if (!ACCOUNT_ID.test(id)) throw new TypeError(`Not an account id: ${JSON.stringify(id)}`);
  return id;
}
