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

/** A disk's block. A record fills whole blocks, so its file mostly keeps its length. */
const BLOCK_BYTES = 4_096;

/**
 * The state of an account's two slots: where the newest copy is (null: there is none), and which slots
 * hold a file that cannot be read and must not be overwritten.
 */
export type SlotStatus = Readonly<{
  newest: Readonly<{ slot: Slot; generation: number }> | null;
  unreadable: readonly Slot[];
}>;

/** The result of recovering a record. */
export type Recovered = Readonly<{
  account: StoredAccount | null;
  slots: SlotStatus;
  warnings: readonly VaultWarning[];
}>;

/** The slot status after reading both files. */
export function slotStatusOf(copies: Copies): SlotStatus {
  const slots: readonly Slot[] = ['a', 'b'];
  const unreadable = slots.filter((slot) => !['good', 'missing'].includes(copies[slot].kind));
  const newest = newestOf(copies);
  return { newest: newest && { slot: newest.slot, generation: newest.generation }, unreadable };
}

/** Whether both slots hold a valid copy: then the newest copy is the last one written. */
export function isWhole({ a, b }: Copies): boolean {
  return a.kind === 'good' && b.kind === 'good';
}

/**
 * Recovers a record with a damaged or missing copy: quarantines damaged files and writes the readable
 * copy to the other slot. If the disk refuses, the files stay as they are until the next load; the
 * account is usable either way.
 *
 * The lost copy may have been the newer one. So the account is marked as one whose refresh may be in
 * flight: it is refreshed before any token is handed out.
 */
export async function recover(
  folder: RecordFolder,
  keys: DataKeys,
  copies: Copies,
): Promise<Recovered> {
  const { id } = copies;
  const newest = newestOf(copies);
  const usedOlderCopy = newest !== null;
  let slots = slotStatusOf(copies);
  const warnings: VaultWarning[] = [];
  for (const slot of slots.unreadable) {
    const path = slotPath(folder, id, slot);
    const moved = await quarantine(path, folder.now(), folder.files);
    if (moved.ok) slots = { ...slots, unreadable: slots.unreadable.filter((one) => one !== slot) };
    warnings.push({ code: 'record-set-aside', path: moved.ok ? moved.value : path, usedOlderCopy });
  }
  if (newest === null) return { account: null, slots, warnings };
  const other = otherSlot(newest.slot);
  // A record that was never written twice has lost nothing: its first save was interrupted.
  if (copies[other].kind === 'missing' && (newest.slot === 'b' || newest.generation > 0))
    warnings.push({ code: 'record-missing', path: slotPath(folder, id, other) });
  const account = inDoubt(newest, folder.now());
  const saved = await save(folder, keys, account, slots);
  return { account, slots: saved.ok ? saved.value : slots, warnings };
}

/**
 * Writes an account's record durably over the older of its two slots: the newest copy is never touched.
 * A new account is written to both slots. Resolves to the new slot status.
 */
export async function save(
  folder: RecordFolder,
  keys: DataKeys,
  account: StoredAccount,
  slots: SlotStatus,
): Promise<Result<SlotStatus, VaultFailure>> {
  const written = await saveOnce(folder, keys, account, slots);
  const isNew = slots.newest === null;
  return written.ok && isNew ? saveOnce(folder, keys, account, written.value) : written;
}

async function saveOnce(
  folder: RecordFolder,
  keys: DataKeys,
  account: StoredAccount,
  { newest, unreadable }: SlotStatus,
): Promise<Result<SlotStatus, VaultFailure>> {
  const at = next(newest);
  const path = slotPath(folder, account.id, at.slot);
  const bytes = seal(keys.current, account.id, padded(writeRecord(account, at.generation)));
  if (unreadable.includes(at.slot)) {
    const moved = await quarantine(path, folder.now(), folder.files);
    if (!moved.ok) return moved;
  }
  const written = await overwriteDurably(path, bytes, folder.files);
  if (!written.ok) return written;
  return ok({ newest: at, unreadable: unreadable.filter((slot) => slot !== at.slot) });
}

/** Removes a record durably. The older copy first: left alone, it would bring the account back. */
export async function remove(
  folder: RecordFolder,
  id: string,
  { newest }: SlotStatus,
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
 * Re-encrypts both slots of a record under the current key, each atomically in place, so that a power
 * cut never costs the newest copy. Damaged and foreign files are left alone: none of our keys opens
 * them. Fails with `vault-newer` if a file of a later version still needs the old key.
 */
export async function reseal(
  folder: RecordFolder,
  keys: DataKeys,
  id: string,
): Promise<Result<void, VaultFailure>> {
  for (const slot of ['a', 'b'] as const) {
    const path = slotPath(folder, id, slot);
    const found = await onDisk(path, () => readIfThere(folder.files, path), 'read');
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

function next(newest: SlotStatus['newest']): Readonly<{ slot: Slot; generation: number }> {
  if (newest === null) return { slot: 'a', generation: 0 };
  return { slot: otherSlot(newest.slot), generation: newest.generation + 1 };
}

function inDoubt({ account }: Newest, now: number): StoredAccount {
  const { state } = account;
  if (state.kind !== 'active' && state.kind !== 'unverified') return account;
  if (state.refreshSentAt !== null) return account;
  return { ...account, state: { ...state, refreshSentAt: now } };
}

/** The record padded with trailing spaces, which JSON allows, so that its sealed file fills whole blocks. */
function padded(record: Uint8Array): Uint8Array {
  const blocks = Math.ceil((record.length + SEAL_OVERHEAD_BYTES) / BLOCK_BYTES);
  const length = blocks * BLOCK_BYTES - SEAL_OVERHEAD_BYTES;
  return Buffer.concat([record, Buffer.alloc(length - record.length, ' ')]);
}
