import { KeyedSingleFlight } from '../../util/async.ts';
import type { ManagedAccount } from '../managed-account.ts';
import type { SignOutProgress } from './sign-out.ts';
import { endSession } from './sign-out.ts';
import type { Deps } from '../ports.ts';

/** What sign-outs need of the list of accounts. */
export type AccountList = Readonly<{
  /** Whether the account is still in the list. */
  has: (managed: ManagedAccount) => boolean;
  remove: (managed: ManagedAccount) => Promise<void>;
}>;

/** Ends sessions: those that a person just asked for, and those that could not be ended then. */
export class SignOuts {
  readonly #deps: Deps;
  readonly #list: AccountList;
  readonly #ends = new KeyedSingleFlight<SignOutProgress>();

  constructor(deps: Deps, house: AccountList) {
    this.#deps = deps;
    this.#list = house;
  }

  /**
   * Ends a session because a person wants it. It is seen and noted at once, though a refresh may be
   * under way, and nothing is handed out any more. Whoever asked hears how it ended.
   */
  async start(managed: ManagedAccount): Promise<SignOutProgress> {
    managed.apply({ kind: 'sign-out-asked', since: this.#deps.clock.now() });
    const saved = await managed.saveOrRetry();
    if (!saved.ok)
      this.#deps.log.warn('the sign-out is not on disk yet', { code: saved.failure.code });
    const end = await this.#end(managed);
    if (end === 'unconfirmed') await this.#list.remove(managed);
    return end;
  }

  /** Goes on with one that was asked for earlier. Nobody waits for the answer, so a bad end stays to be read. */
  async resume(managed: ManagedAccount): Promise<void> {
    const end = await this.#end(managed);
    if (end !== 'unconfirmed' || !this.#list.has(managed)) return;
    this.#deps.log.warn('the server did not end a session', { account: managed.account.label });
    managed.apply({ kind: 'signed-out', why: 'unconfirmed' });
    await managed.saveOrRetry();
  }

  /** However many ask at once, the session is ended once. */
  #end(managed: ManagedAccount): Promise<SignOutProgress> {
    return this.#ends.run(managed.account.id, () => this.#endOnce(managed));
  }

  async #endOnce(managed: ManagedAccount): Promise<SignOutProgress> {
    if (!this.#list.has(managed)) return 'refused';
    const end = await endSession(managed, this.#deps);
    if (end === 'refused') await this.#list.remove(managed);
    return end;
  }
}
