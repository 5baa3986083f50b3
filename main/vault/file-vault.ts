import type { Vault, VaultContents, VaultWarning } from '../accounts/ports.ts';
import type { StoredAccount } from '../accounts/record.ts';
import type { VaultFailure } from '../../common/failure.ts';
import { err, ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import { KeyedMutex, Semaphore } from '../util/async.ts';
import { onDisk } from './files/disk-failure.ts';
import { writeHeaderFiles } from './header/header-files.ts';
import type { KeyProviderName, KeyProvider } from './keys/key-provider.ts';
import * as records from './records/record-files.ts';
import type { Copies, RecordFolder } from './records/record-slots.ts';
import { inspect, listRecords, newestOf } from './records/record-slots.ts';
import { makeKeys } from './keys/vault-keys.ts';
import type { Unlocked } from './keys/vault-keys.ts';

/** Each job keeps up to two files open; the usual limit of a process is 1,024. */
const AT_ONCE = 32;

/** An open vault. */
export interface OpenVault extends Vault {
  /** How the data key is protected. */
  readonly protection: KeyProviderName;
  /**
   * Makes a new data key, protected by `next`, and re-encrypts every record under it: the old passphrase
   * opens nothing any more, not even with an old copy of the header. A crash at any point leaves a vault
   * that opens with one of the two key providers and has lost nothing. After a failure the old key
   * provider still applies.
   */
  changeKeyProvider(next: KeyProvider): Promise<Result<KeyProviderChange, VaultFailure>>;
  /** Resolves once all pending work is done. Later calls fail with `vault-locked`. */
  close(): Promise<void>;
}

/** `finished` false: the new key provider applies, but some records are still under the old key; the next opening continues. */
export type KeyProviderChange = Readonly<{ finished: boolean }>;

/** The vault on disk: see `docs/vault-format.md`. Created by `openVault`. */
export class FileVault implements OpenVault {
  readonly #folder: string;
  readonly #store: RecordFolder;
  readonly #records = new KeyedMutex();
  readonly #changes = new KeyedMutex();
  readonly #limit = new Semaphore(AT_ONCE);
  /** The slot status of each account that was read or written. */
  readonly #slots = new Map<string, records.SlotStatus>();
  #unlocked: Unlocked;
  #open = true;
  /** A write failed, perhaps after a rename: until the folder is synced, an overwrite could be lost with the name. */
  #renamesUnsynced = false;

  constructor(folder: string, store: RecordFolder, unlocked: Unlocked) {
    this.#folder = folder;
    this.#store = store;
    this.#unlocked = unlocked;
  }

  get protection(): KeyProviderName {
    return this.#unlocked.header.key.keeper;
  }

  async load(): Promise<Result<VaultContents, VaultFailure>> {
    const found = await this.#forEachRecord((id) => this.#inspect(id));
    if (!found.ok) return found;
    const refused = refusalOf(found.value);
    if (refused !== null) return err(refused);
    const accounts: StoredAccount[] = [];
    const warnings: VaultWarning[] = this.protection === 'none' ? [{ code: 'not-protected' }] : [];
    for (const copies of found.value) {
      const loaded = await this.#useOrRecover(copies);
      if (!loaded.ok) return loaded;
      if (loaded.value.account !== null) accounts.push(loaded.value.account);
      warnings.push(...loaded.value.warnings);
    }
    return ok({ accounts, warnings });
  }

  save(account: StoredAccount): Promise<Result<void, VaultFailure>> {
    return this.#onRecord(account.id, async () => {
      const slots = await this.#slotStatus(account.id);
      if (!slots.ok) return slots;
      const safe = await this.#syncRenames();
      if (!safe.ok) return safe;
      const saved = await records.save(this.#store, this.#unlocked.keys, account, slots.value);
      if (saved.ok) this.#slots.set(account.id, saved.value);
      else this.#renamesUnsynced = true;
      return saved.ok ? ok(undefined) : saved;
    });
  }

  remove(accountId: string): Promise<Result<void, VaultFailure>> {
    return this.#onRecord(accountId, async () => {
      const slots = await this.#slotStatus(accountId);
      if (!slots.ok) return slots;
      // After a partial removal the status is unknown: read it again.
      this.#slots.delete(accountId);
      return records.remove(this.#store, accountId, slots.value);
    });
  }

  async changeKeyProvider(next: KeyProvider): Promise<Result<KeyProviderChange, VaultFailure>> {
    if (!this.#open) return err({ code: 'vault-locked' });
    return this.#changes.run('key-provider', () => this.#changeKeyProvider(next));
  }

  /** Continues an interrupted change of key provider; otherwise does nothing. */
  async finishChange(): Promise<Result<void, VaultFailure>> {
    return this.#changes.run('key-provider', () => this.#resealAll());
  }

  async close(): Promise<void> {
    this.#open = false;
    await this.#changes.settled();
    await this.#records.settled();
  }

  async #changeKeyProvider(next: KeyProvider): Promise<Result<KeyProviderChange, VaultFailure>> {
    const { header, keys } = this.#unlocked;
    const made = await makeKeys(next, header.createdAt, [keys.current, ...keys.retired]);
    if (!made.ok) return made;
    const written = await writeHeaderFiles(this.#folder, made.value.header, this.#store.files);
    if (!written.ok) {
      // The new header may or may not be on disk, so nothing is sealed under its key: restore the old
      // one. If the disk refuses that too, either header still leads to both keys.
      await writeHeaderFiles(this.#folder, header, this.#store.files);
      return written;
    }
    this.#unlocked = made.value;
    const finished = await this.#resealAll();
    return ok({ finished: finished.ok });
  }

  /** Re-encrypts every record under the current key, then drops the retired ones. */
  async #resealAll(): Promise<Result<void, VaultFailure>> {
    if (this.#unlocked.keys.retired.length === 0) return ok(undefined);
    // A save that began under the old key may create a file that the list would miss.
    await this.#records.settled();
    const sealed = await this.#forEachRecord((id) =>
      records.reseal(this.#store, this.#unlocked.keys, id),
    );
    if (!sealed.ok) this.#renamesUnsynced = true;
    if (!sealed.ok) return sealed;
    const { header, keys } = this.#unlocked;
    const last = { ...header, retired: [] };
    const written = await writeHeaderFiles(this.#folder, last, this.#store.files);
    if (written.ok) this.#unlocked = { header: last, keys: { ...keys, retired: [] } };
    return written;
  }

  async #useOrRecover(copies: Copies): Promise<Result<Loaded, VaultFailure>> {
    const { id } = copies;
    if (records.isWhole(copies)) return ok(this.#use(copies));
    return this.#onRecord(id, async () => {
      // Read again inside the lock: a save may have repaired it in the meantime.
      const again = await this.#inspect(id);
      if (!again.ok) return again;
      if (records.isWhole(again.value)) return ok(this.#use(again.value));
      const loaded = await records.recover(this.#store, this.#unlocked.keys, again.value);
      this.#slots.set(id, loaded.slots);
      return ok(loaded);
    });
  }

  #use(copies: Copies): Loaded {
    this.#slots.set(copies.id, records.slotStatusOf(copies));
    return { account: newestOf(copies)?.account ?? null, warnings: [] };
  }

  async #syncRenames(): Promise<Result<void, VaultFailure>> {
    if (!this.#renamesUnsynced) return ok(undefined);
    const { files, path } = this.#store;
    const synced = await onDisk(path, () => files.syncFolder(path));
    if (synced.ok) this.#renamesUnsynced = false;
    return synced;
  }

  /** The slot status of an account, read from disk the first time. */
  async #slotStatus(id: string): Promise<Result<records.SlotStatus, VaultFailure>> {
    const known = this.#slots.get(id);
    if (known !== undefined) return ok(known);
    const copies = await this.#inspect(id);
    return copies.ok ? ok(records.slotStatusOf(copies.value)) : copies;
  }

  #inspect(id: string): Promise<Result<Copies, VaultFailure>> {
    return inspect(this.#store, this.#unlocked.keys, id);
  }

  /** Runs work on one account's files: in order per account, a limited number of accounts at once. */
  async #onRecord<T>(
    id: string,
    work: () => Promise<Result<T, VaultFailure>>,
  ): Promise<Result<T, VaultFailure>> {
    if (!this.#open) return err({ code: 'vault-locked' });
    return this.#records.run(id, () => this.#limit.run(work));
  }

  async #forEachRecord<T>(
    work: (id: string) => Promise<Result<T, VaultFailure>>,
  ): Promise<Result<T[], VaultFailure>> {
    const ids = await listRecords(this.#store);
    if (!ids.ok) return ids;
    const all = await Promise.all(ids.value.map((id) => this.#onRecord(id, () => work(id))));
    const values: T[] = [];
    for (const one of all) {
      if (!one.ok) return one;
      values.push(one.value);
    }
    return ok(values);
  }
}

/** What loading one account gave. */
type Loaded = Pick<records.Recovered, 'account' | 'warnings'>;

/** Why the vault as a whole must not be opened; null: it may. */
function refusalOf(found: readonly Copies[]): VaultFailure | null {
  const copies = found.flatMap(({ a, b }) => [a, b]);
  for (const copy of copies) {
    if (copy.kind === 'newer') return { code: 'vault-newer', version: copy.version };
  }
  const foreign = copies.some(({ kind }) => kind === 'foreign');
  const opened = copies.some(({ kind }) => kind === 'good');
  // One foreign file among ours is quarantined. If all are foreign, it's the header that doesn't belong.
  return foreign && !opened
    ? { code: 'vault-corrupt', quarantine: null, why: 'key-unknown' }
    : null;
}
