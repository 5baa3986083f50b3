import type { StoredAccount } from '../../accounts/record.ts';
import type { VaultWarning } from '../../accounts/ports.ts';
import type { VaultFailure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { overwriteDurably, writeDurably } from '../files/atomic-file.ts';
import type { DataKeys } from '../keys/data-key.ts';
import { onDisk, readIfThere, unlinkIfThere } from '../files/disk-failure.ts';
import { writeRecord } from './record.ts';
import type { Copies, Newest, RecordFolder, Slot } from './record-slots.ts';
import { newestOf, otherSlot, slotPath } from './record-slots.ts';
import { open, seal, SEAL_OVERHEAD_BYTES } from './seal.ts';
import { quarantine } from './quarantine.ts';

/** What disks write at once. A record fills whole ones, so that its file mostly keeps its length. */
const BLOCK_BYTES = 4_096;

/**
 * What is known of an account's files: where the newest copy is (null: there is none), and which hold
 * something that cannot be read and must not be written over.
 */
export type Place = Readonly<{
  newest: Readonly<{ slot: Slot; turn: number }> | null;
  unreadable: readonly Slot[];
}>;

/** What was had of a record that needed help. */
export type Recovered = Readonly<{
  account: StoredAccount | null;
  place: Place;
  warnings: readonly VaultWarning[];
}>;

/** What is known once both files were read. */
export function placeOf(copies: Copies): Place {
  const slots: readonly Slot[] = ['a', 'b'];
  const unreadable = slots.filter((slot) => !['good', 'missing'].includes(copies[slot].kind));
  const newest = newestOf(copies);
  return { newest: newest && { slot: newest.slot, turn: newest.turn }, unreadable };
}

/** Whether both files are as they should be: then the newest copy is the newest there ever was. */
export function isWhole({ a, b }: Copies): boolean {
  return a.kind === 'good' && b.kind === 'good';
}

/**
 * Makes the best of a record that is not whole: sets damaged files aside, and writes the copy that can
 * be read a second time. What the disk refuses of that stays as it is until the next load; the account
 * is usable all the same.
 *
 * The copy that is gone may have been the newer one. So an account is taken as one whose refresh may
 * be under way: its tokens are renewed before anybody gets one.
 */
export async function recover(
  folder: RecordFolder,
  keys: DataKeys,
  copies: Copies,
): Promise<Recovered> {
  const { id } = copies;
  const newest = newestOf(copies);
  const usedOlderCopy = newest !== null;
  let place = placeOf(copies);
  const warnings: VaultWarning[] = [];
  for (const slot of place.unreadable) {
    const path = slotPath(folder, id, slot);
    const moved = await quarantine(path, folder.now(), folder.files);
    if (moved.ok) place = { ...place, unreadable: place.unreadable.filter((one) => one !== slot) };
    warnings.push({ code: 'record-set-aside', path: moved.ok ? moved.value : path, usedOlderCopy });
  }
  if (newest === null) return { account: null, place, warnings };
  const other = otherSlot(newest.slot);
  // Of a record that was never written twice nothing is gone: its first save was cut short.
  if (copies[other].kind === 'missing' && (newest.slot === 'b' || newest.turn > 0))
    warnings.push({ code: 'record-missing', path: slotPath(folder, id, other) });
  const account = inDoubt(newest, folder.now());
  const saved = await save(folder, keys, account, place);
  return { account, place: saved.ok ? saved.value : place, warnings };
}

/**
 * Writes the record of an account durably, over the older of its two files: the newest copy is not
 * touched, whatever happens. A new account's goes into both. Resolves to what is then known of them.
 */
export async function save(
  folder: RecordFolder,
  keys: DataKeys,
  account: StoredAccount,
  place: Place,
): Promise<Result<Place, VaultFailure>> {
  const written = await saveOnce(folder, keys, account, place);
  const isNew = place.newest === null;
  return written.ok && isNew ? saveOnce(folder, keys, account, written.value) : written;
}

async function saveOnce(
  folder: RecordFolder,
  keys: DataKeys,
  account: StoredAccount,
  { newest, unreadable }: Place,
): Promise<Result<Place, VaultFailure>> {
  const at = next(newest);
  const path = slotPath(folder, account.id, at.slot);
  const bytes = seal(keys.current, account.id, padded(writeRecord(account, at.turn)));
  if (unreadable.includes(at.slot)) {
    const moved = await quarantine(path, folder.now(), folder.files);
    if (!moved.ok) return moved;
  }
  const written = await overwriteDurably(path, bytes, folder.files);
  if (!written.ok) return written;
  return ok({ newest: at, unreadable: unreadable.filter((slot) => slot !== at.slot) });
}

/** Removes a record, durably. The older copy goes first: left alone, it would bring the account back. */
export async function remove(
  folder: RecordFolder,
  id: string,
  { newest }: Place,
): Promise<Result<void, VaultFailure>> {
  const last = newest?.slot ?? 'a';
  for (const slot of [otherSlot(last), last]) {
    const path = slotPath(folder, id, slot);
    const gone = await onDisk(path, async () => {
      await unlinkIfThere(folder.files, path);
      await folder.files.syncFolder(folder.path);
    });
    if (!gone.ok) return gone;
  }
  return ok(undefined);
}

/**
 * Seals both files of a record under the current key, each in its place and in one step: not even a
 * power cut may cost the newest one. What is damaged or foreign is left alone: no key of ours will ever
 * open it. Fails with `vault-newer` where a later version's file still needs the old key.
 */
export async function reseal(
  folder: RecordFolder,
  keys: DataKeys,
  id: string,
): Promise<Result<void, VaultFailure>> {
  for (const slot of ['a', 'b'] as const) {
    const path = slotPath(folder, id, slot);
    const found = await onDisk(path, () => readIfThere(folder.files, path));
    if (!found.ok) return found;
    if (found.value === null) continue;
    const opened = open(keys, id, found.value);
    if (opened.kind === 'newer') return err({ code: 'vault-newer', version: opened.version });
    if (opened.kind !== 'opened' || opened.keyId === keys.current.id) continue;
    const written = await writeDurably(path, seal(keys.current, id, opened.text), folder.files);
    if (!written.ok) return written;
  }
  return ok(undefined);
}

function next(newest: Place['newest']): Readonly<{ slot: Slot; turn: number }> {
  if (newest === null) return { slot: 'a', turn: 0 };
  return { slot: otherSlot(newest.slot), turn: newest.turn + 1 };
}

function inDoubt({ account }: Newest, now: number): StoredAccount {
  const { state } = account;
  if (state.kind !== 'active' && state.kind !== 'unverified') return account;
  if (state.refreshSentAt !== null) return account;
  return { ...account, state: { ...state, refreshSentAt: now } };
}

/** The record with blanks behind it, which JSON allows, so that its sealed file fills whole blocks. */
function padded(record: Uint8Array): Uint8Array {
  const blocks = Math.ceil((record.length + SEAL_OVERHEAD_BYTES) / BLOCK_BYTES);
  const length = blocks * BLOCK_BYTES - SEAL_OVERHEAD_BYTES;
  return Buffer.concat([record, Buffer.alloc(length - record.length, ' ')]);
}
