import { KeyedSingleFlight } from '../../util/async.ts';
import type { ManagedAccount } from '../managed-account.ts';
import type { SignOutProgress } from './sign-out.ts';
import { endSession } from './sign-out.ts';
import type { Deps } from '../ports.ts';

/** The operations that sign-outs need on the list of accounts. */
export type AccountList = Readonly<{
  /** Whether the account is still listed. */
  has: (managed: ManagedAccount) => boolean;
  remove: (managed: ManagedAccount) => Promise<void>;
}>;

/** Sign-outs: those just requested, and those that could not be completed at once. */
export class SignOuts {
  readonly #deps: Deps;
  readonly #list: AccountList;
  readonly #ends = new KeyedSingleFlight<SignOutProgress>();

  constructor(deps: Deps, list: AccountList) {
    this.#deps = deps;
    this.#list = list;
  }

  /**
   * Signs out on the user's request and returns the result. The new state is shown and saved at once,
   * even during a refresh, and no token is handed out any more.
   */
  async start(managed: ManagedAccount): Promise<SignOutProgress> {
    managed.apply({ kind: 'sign-out-requested', since: this.#deps.clock.now() });
    const saved = await managed.saveOrRetry();
    if (!saved.ok)
      this.#deps.log.warn('the sign-out is not on disk yet', { code: saved.failure.code });
    const end = await this.#end(managed);
    if (end === 'unconfirmed') await this.#list.remove(managed);
    return end;
  }

  /** Continues an earlier sign-out. No caller waits for the result, so an unconfirmed end stays visible. */
  async resume(managed: ManagedAccount): Promise<void> {
    const end = await this.#end(managed);
    if (end !== 'unconfirmed' || !this.#list.has(managed)) return;
    this.#deps.log.warn('the server did not end a session', { account: managed.account.label });
    managed.apply({ kind: 'signed-out', why: 'unconfirmed' });
    await managed.saveOrRetry();
  }

  /** Concurrent callers share one sign-out. */
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
