import type { VaultFailure } from '../../common/failure.ts';
import type { Result } from '../../common/result.ts';
import type { Account, AccountEvent, Retry } from './account.ts';
import { attemptOf } from './account.ts';
import type { Notes } from './account-storage.ts';
import { NO_NOTES, toStored } from './account-storage.ts';
import { MissingAnswer } from './missing-answer.ts';
import { nextAccount } from './next-account.ts';
import { RecordWriter } from './record-writer.ts';
import type { Refreshed } from './refresh-request.ts';
import { pauseAfter } from './retry.ts';
import type { StoredAccount } from './stored-account.ts';
import type { Surroundings } from './surroundings.ts';

/** One account in memory, and its record on disk: every change goes through {@link apply}. */
export class AccountStore {
  readonly #world: Surroundings;
  readonly #changed: () => void;
  readonly missing: MissingAnswer;
  readonly #record: RecordWriter;
  #isHeld: boolean;
  /** What is written without anybody waiting for it. */
  #aside: Promise<void> = Promise.resolve();
  #account: Account;

  /** @param notes of the last process: a refresh that was under way comes first, its answer may be lost */
  constructor(account: Account, notes: Notes, world: Surroundings, changed: () => void) {
    this.#account = account;
    this.#world = world;
    this.#changed = changed;
    this.missing = new MissingAnswer(notes.refreshSentAt, world.clock);
    this.#isHeld = notes.held;
    this.#record = new RecordWriter(world);
  }

  get account(): Account {
    return this.#account;
  }

  /** Whether the answer to a refresh may have been lost: the newest tokens may not be ours. */
  get answerLost(): boolean {
    return this.missing.sentAt !== null;
  }

  /** Whether somebody may hold the access token. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** What the disk did not take when it was to be {@link saveSurely saved}; null: nothing. */
  get owed(): (Retry & { failure: VaultFailure }) | null {
    return this.#record.owed;
  }

  /** Applies `event` and announces the change. Saving is the caller's, where it matters. */
  apply(event: AccountEvent): void {
    this.#account = nextAccount(this.#account, event);
    this.#changed();
  }

  /** Writes the account as it is; one that was forgotten is never written again. */
  save(): Promise<Result<void, VaultFailure>> {
    return this.#record.write(() => this.#stored());
  }

  /** The same, and where the disk refuses, again until it takes it: it is {@link owed}, and due then. */
  async saveSurely(): Promise<Result<void, VaultFailure>> {
    const saved = await this.#record.writeSurely(() => this.#stored());
    if (!saved.ok) this.#changed();
    return saved;
  }

  /** Notes for the next process that the access token is handed out. Nobody waits for that: see {@link noted}. */
  noteHeld(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#aside = this.saveSurely().then(
      (saved) => {
        if (saved.ok) return;
        const { code } = saved.failure;
        this.#world.log.warn('it is not on disk yet that a token is held', { code });
      },
      (error: unknown) => this.#world.log.bug('it could not be noted that a token is held', error),
    );
  }

  /** Resolves when nothing is being written that nobody waits for. */
  noted(): Promise<void> {
    return this.#aside;
  }

  /** From now on nothing is written: the record is gone, and a late answer must not bring it back. */
  forget(): void {
    this.#record.forget();
  }

  /**
   * Saved before used: only when the record is on disk does anybody, ourselves included, see the tokens.
   *
   * @param replacing called when they are, right before they take the old ones' place
   */
  keep(
    { tokens, session }: Refreshed,
    replacing: () => void,
  ): Promise<Result<void, VaultFailure>> {
    const event = { kind: 'refreshed', tokens, session } as const;
    const record = toStored(nextAccount(this.#account, event), NO_NOTES);
    return this.#record.keep(record, (saved) => {
      if (!saved.ok) {
        const { failure } = saved;
        this.#world.log.warn('new tokens are not on disk yet', { code: failure.code });
        const { clock, random } = this.#world;
        const attempt = attemptOf(this.#account.state) + 1;
        const retry = clock.elapsed() + pauseAfter(attempt, failure, random.fraction());
        this.apply({ kind: 'save-failed', tokens, session, failure, retry });
        return saved;
      }
      this.missing.arrived();
      this.#isHeld = false;
      replacing();
      this.apply(event);
      return saved;
    });
  }

  #stored(): StoredAccount {
    const notes = { refreshSentAt: this.missing.sentAt, held: this.#isHeld };
    return toStored(this.#account, notes);
  }
}
