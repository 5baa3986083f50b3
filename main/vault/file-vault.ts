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

/** Each piece of work holds up to two open files; the usual limit of a process is 1,024. */
const AT_ONCE = 32;

/** A vault that is open. */
export interface OpenVault extends Vault {
  /** What stands between the tokens and whoever can read the files. */
  readonly protection: KeyProviderName;
  /**
   * Gives the vault a new data key, kept by `next`, and seals every record under it: the old
   * passphrase opens nothing any more, not even with an old copy of the header. A crash at any
   * instant leaves a vault that opens with one of the two keepers and has lost nothing. After a
   * failure the old keeper still holds.
   */
  changeKeeper(next: KeyProvider): Promise<Result<KeyProviderChange, VaultFailure>>;
  /** Resolves once all that was asked for is done. What is asked for later fails with `vault-locked`. */
  close(): Promise<void>;
}

/** `finished` false: the new keeper holds, but some records are still sealed under the old key; the next opening goes on. */
export type KeyProviderChange = Readonly<{ finished: boolean }>;

/** The vault as files: see `docs/vault-format.md`. Made by `openVault`. */
export class FileVault implements OpenVault {
  readonly #folder: string;
  readonly #store: RecordFolder;
  readonly #records = new KeyedMutex();
  readonly #changes = new KeyedMutex();
  readonly #limit = new Semaphore(AT_ONCE);
  /** What is known of the files of each account that was read or written. */
  readonly #places = new Map<string, records.Place>();
  #unlocked: Unlocked;
  #open = true;
  /** A write failed, maybe after it had changed a name: what is written over a file could go with that. */
  #namesInDoubt = false;

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
    const refused = refusal(found.value);
    if (refused !== null) return err(refused);
    const accounts: StoredAccount[] = [];
    const warnings: VaultWarning[] = this.protection === 'none' ? [{ code: 'not-protected' }] : [];
    for (const copies of found.value) {
      const had = await this.#useOrRecover(copies);
      if (!had.ok) return had;
      if (had.value.account !== null) accounts.push(had.value.account);
      warnings.push(...had.value.warnings);
    }
    return ok({ accounts, warnings });
  }

  save(account: StoredAccount): Promise<Result<void, VaultFailure>> {
    return this.#onRecord(account.id, async () => {
      const place = await this.#placeOf(account.id);
      if (!place.ok) return place;
      const safe = await this.#settleNames();
      if (!safe.ok) return safe;
      const saved = await records.save(this.#store, this.#unlocked.keys, account, place.value);
      if (saved.ok) this.#places.set(account.id, saved.value);
      else this.#namesInDoubt = true;
      return saved.ok ? ok(undefined) : saved;
    });
  }

  remove(accountId: string): Promise<Result<void, VaultFailure>> {
    return this.#onRecord(accountId, async () => {
      const place = await this.#placeOf(accountId);
      if (!place.ok) return place;
      // Of what is removed only in part nothing is known: it is looked at again.
      this.#places.delete(accountId);
      return records.remove(this.#store, accountId, place.value);
    });
  }

  async changeKeeper(next: KeyProvider): Promise<Result<KeyProviderChange, VaultFailure>> {
    if (!this.#open) return err({ code: 'vault-locked' });
    return this.#changes.run('keeper', () => this.#changeKeeper(next));
  }

  /** Goes on where a change of keeper was cut short; does nothing where none was. */
  async finishChange(): Promise<Result<void, VaultFailure>> {
    return this.#changes.run('keeper', () => this.#resealAll());
  }

  async close(): Promise<void> {
    this.#open = false;
    await this.#changes.settled();
    await this.#records.settled();
  }

  async #changeKeeper(next: KeyProvider): Promise<Result<KeyProviderChange, VaultFailure>> {
    const { header, keys } = this.#unlocked;
    const made = await makeKeys(next, header.createdAt, [keys.current, ...keys.retired]);
    if (!made.ok) return made;
    const written = await writeHeaderFiles(this.#folder, made.value.header, this.#store.files);
    if (!written.ok) {
      // The new header may be on the disk or not, so nothing is sealed under its key; put the old one
      // back. Where the disk refuses this too, both keys are still reachable from either header.
      await writeHeaderFiles(this.#folder, header, this.#store.files);
      return written;
    }
    this.#unlocked = made.value;
    const finished = await this.#resealAll();
    return ok({ finished: finished.ok });
  }

  /** Seals every record under the current key, then forgets the old ones. */
  async #resealAll(): Promise<Result<void, VaultFailure>> {
    if (this.#unlocked.keys.retired.length === 0) return ok(undefined);
    // A save that began under the old key may make a file that the list would miss.
    await this.#records.settled();
    const sealed = await this.#forEachRecord((id) =>
      records.reseal(this.#store, this.#unlocked.keys, id),
    );
    if (!sealed.ok) this.#namesInDoubt = true;
    if (!sealed.ok) return sealed;
    const { header, keys } = this.#unlocked;
    const last = { ...header, retired: [] };
    const written = await writeHeaderFiles(this.#folder, last, this.#store.files);
    if (written.ok) this.#unlocked = { header: last, keys: { ...keys, retired: [] } };
    return written;
  }

  async #useOrRecover(copies: Copies): Promise<Result<Had, VaultFailure>> {
    const { id } = copies;
    if (records.isWhole(copies)) return ok(this.#use(copies));
    return this.#onRecord(id, async () => {
      // Looked at again, now that nobody else is at it: a save may have mended it meanwhile.
      const again = await this.#inspect(id);
      if (!again.ok) return again;
      if (records.isWhole(again.value)) return ok(this.#use(again.value));
      const had = await records.recover(this.#store, this.#unlocked.keys, again.value);
      this.#places.set(id, had.place);
      return ok(had);
    });
  }

  #use(copies: Copies): Had {
    this.#places.set(copies.id, records.placeOf(copies));
    return { account: newestOf(copies)?.account ?? null, warnings: [] };
  }

  async #settleNames(): Promise<Result<void, VaultFailure>> {
    if (!this.#namesInDoubt) return ok(undefined);
    const { files, path } = this.#store;
    const synced = await onDisk(path, () => files.syncFolder(path));
    if (synced.ok) this.#namesInDoubt = false;
    return synced;
  }

  /** What is known of the files of an account; of one that nobody has looked at yet, by looking. */
  async #placeOf(id: string): Promise<Result<records.Place, VaultFailure>> {
    const known = this.#places.get(id);
    if (known !== undefined) return ok(known);
    const copies = await this.#inspect(id);
    return copies.ok ? ok(records.placeOf(copies.value)) : copies;
  }

  #inspect(id: string): Promise<Result<Copies, VaultFailure>> {
    return inspect(this.#store, this.#unlocked.keys, id);
  }

  /** Works on the files of one account: in order, and a few accounts at once. */
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

/** What a load has of one account. */
type Had = Pick<records.Recovered, 'account' | 'warnings'>;

/** Why the vault as a whole is not to be touched; null: nothing speaks against it. */
function refusal(found: readonly Copies[]): VaultFailure | null {
  const copies = found.flatMap(({ a, b }) => [a, b]);
  for (const copy of copies) {
    if (copy.kind === 'newer') return { code: 'vault-newer', version: copy.version };
  }
  const foreign = copies.some(({ kind }) => kind === 'foreign');
  const opened = copies.some(({ kind }) => kind === 'good');
  // One stray file among our own is set aside. Nothing but strays means that the header is the stray.
  return foreign && !opened
    ? { code: 'vault-corrupt', quarantine: null, why: 'key-unknown' }
    : null;
}
