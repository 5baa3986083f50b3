import type { Vault, VaultContents } from '../main/accounts/ports.ts';
import type { StoredAccount } from '../main/accounts/stored-account.ts';
import type { VaultFailure } from '../main/protocol/failure.ts';
import { fail, ok } from '../main/protocol/outcome.ts';
import type { Outcome } from '../main/protocol/outcome.ts';

/** What was done to the vault, in order; `failed` where it refused. */
export type VaultAct = Readonly<
  | { kind: 'save'; account: StoredAccount; failed: boolean }
  | { kind: 'remove'; accountId: string; failed: boolean }
>;

/** A full disk. */
export const diskFull: VaultFailure = { code: 'disk-full', path: '/vault/record' };

/**
 * A vault in memory. `failure` makes every act fail until it is null again, `held` keeps every act
 * waiting, and `acts` tells what happened in which order.
 */
export class MemoryVault implements Vault {
  readonly records = new Map<string, StoredAccount>();
  readonly acts: VaultAct[] = [];
  failure: VaultFailure | null = null;
  warnings: VaultContents['warnings'] = [];
  held: Promise<void> | null = null;
  readonly #noticed: (act: VaultAct) => void;

  /** @param noticed hears of every act when it is done */
  constructor(noticed: (act: VaultAct) => void = () => undefined) {
    this.#noticed = noticed;
  }

  /** Puts a record there, as a former process left it. */
  put(account: StoredAccount): void {
    this.records.set(account.id, account);
  }

  load(): Promise<Outcome<VaultContents, VaultFailure>> {
    if (this.failure !== null) return Promise.resolve(fail(this.failure));
    return Promise.resolve(ok({ accounts: [...this.records.values()], warnings: this.warnings }));
  }

  async save(account: StoredAccount): Promise<Outcome<void, VaultFailure>> {
    await this.#disk();
    const { failure } = this;
    this.#note({ kind: 'save', account, failed: failure !== null });
    if (failure !== null) return fail(failure);
    this.records.set(account.id, account);
    return ok(undefined);
  }

  async remove(accountId: string): Promise<Outcome<void, VaultFailure>> {
    await this.#disk();
    const { failure } = this;
    this.#note({ kind: 'remove', accountId, failed: failure !== null });
    if (failure !== null) return fail(failure);
    this.records.delete(accountId);
    return ok(undefined);
  }

  /** A disk is never there at once. */
  async #disk(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (this.held !== null) await this.held;
  }

  #note(act: VaultAct): void {
    this.acts.push(act);
    this.#noticed(act);
  }
}
