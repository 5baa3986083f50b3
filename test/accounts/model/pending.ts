import type { Vault, VaultContents } from '../../../main/accounts/ports.ts';
import type { StoredAccount } from '../../../main/accounts/record.ts';
import type { VaultFailure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { diskFull } from '../../fixtures/memory-vault.ts';

/** A request that was sent and not answered yet. `token`: the refresh token, or the access token. */
export type Request = Readonly<{
  step: 'refresh' | 'whoami' | 'profile';
  who: number;
  token: string;
  answer: (response: Response) => void;
  fail: (error: Error) => void;
}>;

type Write = Readonly<{
  account: StoredAccount;
  done: (outcome: Result<void, VaultFailure>) => void;
}>;

/** A disk on which a write finishes only when the test says so. Outlives the processes. */
export class ModelDisk implements Vault {
  readonly records = new Map<string, StoredAccount>();
  #writes: Write[] = [];

  get writing(): number {
    return this.#writes.length;
  }

  load(): Promise<Result<VaultContents, VaultFailure>> {
    return Promise.resolve(ok({ accounts: [...this.records.values()], warnings: [] }));
  }

  save(account: StoredAccount): Promise<Result<void, VaultFailure>> {
    return new Promise((done) => this.#writes.push({ account, done }));
  }

  remove(): Promise<Result<void, VaultFailure>> {
    throw new Error('Nobody signs out here');
  }

  /** Finishes the oldest write of an account: a record's writes are in order. */
  end(which: number, isOk: boolean): StoredAccount | null {
    const chosen = this.#writes[which % Math.max(1, this.#writes.length)];
    const write = this.#writes.find(({ account }) => account.id === chosen?.account.id);
    if (write === undefined) return null;
    this.#writes = this.#writes.filter((one) => one !== write);
    if (isOk) this.records.set(write.account.id, write.account);
    write.done(isOk ? ok(undefined) : err(diskFull));
    return write.account;
  }

  /** The process is gone: the oldest write of each account may still have reached the disk. */
  crash(arrives: boolean): void {
    const writes = this.#writes;
    this.#writes = [];
    if (!arrives) return;
    for (const { account } of writes.toReversed()) {
      const oldest = writes.find((one) => one.account.id === account.id);
      if (oldest !== undefined) this.records.set(account.id, oldest.account);
    }
  }
}
