import { join } from 'node:path';
import type { StoredAccount } from '../../accounts/record.ts';
import type { VaultFailure } from '../../../common/failure.ts';
import { ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import type { DataKeys } from '../keys/data-key.ts';
import { onDisk, readIfThere } from '../files/disk-failure.ts';
import type { FileLayer } from '../files/file-layer.ts';
import { readRecord } from './record.ts';
import { open } from './seal.ts';

const ACCOUNT_ID = /^[0-9a-f]{16}$/;
const SLOT_NAME = /^([0-9a-f]{16})\.[ab]\.sealed$/;

/** An account has two slots, written alternately: if one write goes wrong, the other copy is intact. */
export type Slot = 'a' | 'b';

/** What a slot holds. */
export type Copy = Readonly<
  | { kind: 'good'; account: StoredAccount; generation: number }
  | { kind: 'missing' | 'damaged' | 'foreign' }
  | { kind: 'newer'; version: number }
>;

/** Both slots of an account. */
export type Copies = Readonly<{ id: string; a: Copy; b: Copy }>;

/** The newest readable copy and its slot. */
export type Newest = Readonly<{ slot: Slot; generation: number; account: StoredAccount }>;

/** The folder of the records, and what is needed to read and write them. */
export type RecordFolder = Readonly<{ path: string; files: FileLayer; now: () => number }>;

/** The ids of all accounts that have a file in the folder. */
export async function listRecords(
  folder: RecordFolder,
): Promise<Result<readonly string[], VaultFailure>> {
  return onDisk(folder.path, async () => {
    const ids = new Set<string>();
    for (const name of await folder.files.list(folder.path)) {
      const id = SLOT_NAME.exec(name)?.[1];
      if (id !== undefined) ids.add(id);
    }
    return [...ids].sort();
  });
}

/** Reads both slots; changes nothing. A file that exists but cannot be read is a failure, not damage. */
export async function inspect(
  folder: RecordFolder,
  keys: DataKeys,
  id: string,
): Promise<Result<Copies, VaultFailure>> {
  const a = await readCopy(folder, keys, id, 'a');
  if (!a.ok) return a;
  const b = await readCopy(folder, keys, id, 'b');
  return b.ok ? ok({ id, a: a.value, b: b.value }) : b;
}

/** The newest copy; null: neither is readable. Two copies of one generation come from version 1, where `a` was the newer. */
export function newestOf({ a, b }: Copies): Newest | null {
  const isA = a.kind === 'good' && (b.kind !== 'good' || a.generation >= b.generation);
  const [slot, copy] = isA ? (['a', a] as const) : (['b', b] as const);
  return copy.kind === 'good' ? { slot, generation: copy.generation, account: copy.account } : null;
}

/** The slot to write after `slot`. */
export function otherSlot(slot: Slot): Slot {
  return slot === 'a' ? 'b' : 'a';
}

/** The path of a slot's file. Throws a TypeError for an id that is not one of ours: it could name any file. */
export function slotPath(folder: RecordFolder, id: string, slot: Slot): string {
  if (!ACCOUNT_ID.test(id)) throw new TypeError(`Not an account id: ${JSON.stringify(id)}`);
  return join(folder.path, `${id}.${slot}.sealed`);
}

async function readCopy(
  folder: RecordFolder,
  keys: DataKeys,
  id: string,
  slot: Slot,
): Promise<Result<Copy, VaultFailure>> {
  const path = slotPath(folder, id, slot);
  const found = await onDisk(path, () => readIfThere(folder.files, path), 'read');
  if (!found.ok) return found;
  if (found.value === null) return ok({ kind: 'missing' });
  const opened = open(keys, id, found.value);
  if (opened.kind !== 'opened') return ok(opened);
  const read = readRecord(opened.text);
  if (read.kind === 'newer') return ok(read);
  if (read.kind === 'unreadable' || read.account.id !== id) return ok({ kind: 'damaged' });
  return ok({ kind: 'good', account: read.account, generation: read.generation });
}
