import type { VaultFailure } from '../../common/failure.ts';
import { isTransient } from '../../common/failure.ts';
import { ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import type { Retry } from './account.ts';
import { pauseAfter } from './retry.ts';
import type { StoredAccount } from './stored-account.ts';
import type { Surroundings } from './surroundings.ts';

/** A write that the disk refused. */
type Owed = Retry & { failure: VaultFailure };

/**
 * Writes the record of one account: none over new tokens that are on their way to the disk, none once
 * the account is forgotten, and one that the disk refused again until it is taken.
 */
export class RecordWriter {
  readonly #world: Pick<Surroundings, 'clock' | 'random' | 'vault'>;
  #keeping: Promise<unknown> | null = null;
  #forgotten = false;
  #owed: Owed | null = null;

  constructor(world: Pick<Surroundings, 'clock' | 'random' | 'vault'>) {
    this.#world = world;
  }

  /** What the disk refused and has not taken since; null: it is as it should be. */
  get owed(): Owed | null {
    return this.#owed;
  }

  /** From now on nothing is written: the record is gone, and a late answer must not bring it back. */
  forget(): void {
    this.#forgotten = true;
    this.#owed = null;
  }

  /** Writes what `record` gives once no new tokens are on their way any more. */
  async write(record: () => StoredAccount): Promise<Result<void, VaultFailure>> {
    while (this.#keeping !== null) await this.#keeping;
    return this.#writeNow(record());
  }

  /** The same, and where the disk refuses, {@link owed} says when it is due again. */
  async writeSurely(record: () => StoredAccount): Promise<Result<void, VaultFailure>> {
    const written = await this.write(record);
    if (!written.ok) this.#owe(written.failure);
    return written;
  }

  /** Writes new tokens; until `then` is through with what came of it, nothing else is written. */
  keep<T>(record: StoredAccount, then: (written: Result<void, VaultFailure>) => T): Promise<T> {
    const keeping = this.#writeNow(record)
      .then(then)
      .finally(() => (this.#keeping = null));
    this.#keeping = keeping;
    return keeping;
  }

  async #writeNow(record: StoredAccount): Promise<Result<void, VaultFailure>> {
    if (this.#forgotten) return ok(undefined);
    const written = await this.#world.vault.save(record);
    if (written.ok) this.#owed = null;
    return written;
  }

  #owe(failure: VaultFailure): void {
    if (this.#forgotten || !isTransient(failure)) return;
    const { clock, random } = this.#world;
    const attempt = (this.#owed?.attempt ?? 0) + 1;
    const retry = clock.elapsed() + pauseAfter(attempt, failure, random.fraction());
    this.#owed = { attempt, retry, failure };
  }
}
