import { KeyedSingleFlight } from '../../util/async.ts';
import type { LiveAccount } from '../managed-account.ts';
import type { EndOfSession } from './sign-out.ts';
import { endSession } from './sign-out.ts';
import type { Deps } from '../ports.ts';

/** What sign-outs need of the list of accounts. */
export type SignOutHouse = Readonly<{
  /** Whether the account is still in the list. */
  has: (live: LiveAccount) => boolean;
  remove: (live: LiveAccount) => Promise<void>;
}>;

/** Ends sessions: those that a person just asked for, and those that could not be ended then. */
export class SignOuts {
  readonly #world: Deps;
  readonly #house: SignOutHouse;
  readonly #ends = new KeyedSingleFlight<EndOfSession>();

  constructor(world: Deps, house: SignOutHouse) {
    this.#world = world;
    this.#house = house;
  }

  /**
   * Ends a session because a person wants it. It is seen and noted at once, though a refresh may be
   * under way, and nothing is handed out any more. Whoever asked hears how it ended.
   */
  async ask(live: LiveAccount): Promise<EndOfSession> {
    live.apply({ kind: 'sign-out-asked', since: this.#world.clock.now() });
    const saved = await live.saveSurely();
    if (!saved.ok)
      this.#world.log.warn('the sign-out is not on disk yet', { code: saved.failure.code });
    const end = await this.#end(live);
    if (end === 'unconfirmed') await this.#house.remove(live);
    return end;
  }

  /** Goes on with one that was asked for earlier. Nobody waits for the answer, so a bad end stays to be read. */
  async goOn(live: LiveAccount): Promise<void> {
    const end = await this.#end(live);
    if (end !== 'unconfirmed' || !this.#house.has(live)) return;
    this.#world.log.warn('the server did not end a session', { account: live.account.label });
    live.apply({ kind: 'signed-out', why: 'unconfirmed' });
    await live.saveSurely();
  }

  /** However many ask at once, the session is ended once. */
  #end(live: LiveAccount): Promise<EndOfSession> {
    return this.#ends.run(live.account.id, () => this.#endOnce(live));
  }

  async #endOnce(live: LiveAccount): Promise<EndOfSession> {
    if (!this.#house.has(live)) return 'refused';
    const end = await endSession(live, this.#world);
    if (end === 'refused') await this.#house.remove(live);
    return end;
  }
}
