import type { Failure } from '../../common/failure.ts';
import { err, ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import type { Account, Place } from './account.ts';
import { fromStored } from './record-codec.ts';
import { readLabel } from './label.ts';
import { LiveAccount } from './managed-account.ts';
import { isDisplaced, placeFor, placeOf } from './settings.ts';
import type { VaultContents } from './ports.ts';
import { Removals } from './sign-out/record-removal.ts';
import type { EndOfSession } from './sign-out/sign-out.ts';
import { SignOuts } from './sign-out/sign-outs.ts';
import type { Deps } from './ports.ts';
import { Upkeep } from './background/background-refresh.ts';
import { describeWho, lookAgain } from './verify.ts';

/** All accounts: who they are, what each of them wants done next, and doing it when it is due. */
export class Accounts {
  readonly #world: Deps;
  readonly #announce: () => void;
  readonly #live = new Map<string, LiveAccount>();
  /** Accounts that a login is still looking after. */
  readonly #adopted = new Set<LiveAccount>();
  readonly #upkeep: Upkeep;
  readonly #removals: Removals;
  readonly #signOuts: SignOuts;

  /** @param announce called after every change */
  constructor(world: Deps, announce: () => void) {
    this.#announce = announce;
    this.#upkeep = new Upkeep(world, (live) => this.#act(live));
    this.#world = this.#upkeep.world;
    this.#removals = new Removals(this.#world);
    this.#signOuts = new SignOuts(this.#world, {
      has: (live) => this.#live.get(live.account.id) === live,
      remove: (live) => this.remove(live),
    });
  }

  /** Takes over what the vault held. Sends nothing by itself unless something is due. */
  load({ accounts }: VaultContents): void {
    const { clock, random } = this.#world;
    const moment = { now: clock.now(), uptime: clock.uptime() };
    const elapsed = clock.elapsed();
    for (const record of accounts)
      this.#add(this.#newLive(fromStored(record, moment, elapsed, random.fraction())));
    // The process may have ended between the saving of a new session and the removal of the one before.
    const all = this.all().map((live) => live.account);
    const displaced = this.all().filter((live) => isDisplaced(live.account, all));
    for (const live of displaced) void this.remove(live); // it is gone from sight at once
  }

  all(): readonly LiveAccount[] {
    return [...this.#live.values()];
  }

  /** The account with this label, or the only one of this user id. */
  find(account: string): Result<LiveAccount, Failure> {
    const all = this.all();
    const byLabel = all.find((live) => live.account.label === account);
    if (byLabel !== undefined) return ok(byLabel);
    const byUser = all.filter((live) => live.account.session.userId === account);
    const [only, ...others] = byUser;
    const labels = (byUser.length > 0 ? byUser : all).map((live) => live.account.label).sort();
    if (only === undefined) return err({ code: 'account-unknown', account, labels });
    return others.length === 0 ? ok(only) : err({ code: 'account-ambiguous', account, labels });
  }

  labelTaken(label: string): boolean {
    return this.all().some((live) => live.account.label === label);
  }

  /** Adds a new session that its login still looks after; not saved yet. */
  adopt(account: Account): LiveAccount {
    const live = this.#newLive(account);
    this.#adopted.add(live);
    this.#upkeep.hold(live);
    return this.#add(live);
  }

  /** The login is done with it: from here on the schedule looks after the account. */
  release(live: LiveAccount): void {
    if (this.#adopted.delete(live)) this.#upkeep.release(live);
    this.#changed(live);
  }

  /** The place of a new session, and who has to be removed for it: see `placeFor`. */
  placeFor(
    own: LiveAccount,
    label: string | null,
    userId: string,
  ): Readonly<{ place: Place; former: LiveAccount | null }> {
    const others = this.all().filter((live) => live !== own);
    const accounts = others.map((live) => live.account);
    const { place, former } = placeFor(own.account, accounts, label, userId);
    return { place, former: others.find((live) => live.account === former) ?? null };
  }

  /** Ends the session at the server and forgets the account once that is proven; see `SignOuts.ask`. */
  async signOut(live: LiveAccount): Promise<EndOfSession> {
    if (live.account.state.kind === 'signed-out') {
      await this.remove(live);
      return 'refused';
    }
    const running = this.#upkeep.attend(live, () => this.#signOuts.ask(live));
    this.release(live);
    return running;
  }

  /** Forgets an account, tokens and all. */
  async remove(live: LiveAccount): Promise<void> {
    const { id } = live.account;
    live.forget();
    if (this.#live.get(id) !== live) return;
    this.#live.delete(id);
    this.#upkeep.remove(live);
    this.#adopted.delete(live);
    this.#announce();
    await this.#removals.remove(live.account);
  }

  /** Gives an account another label or policy; resolves once that is saved. */
  async arrange(
    live: LiveAccount,
    wish: Partial<Pick<Place, 'label' | 'policy'>>,
  ): Promise<Result<void, Failure>> {
    const before = placeOf(live.account);
    const after = { ...before, ...wish };
    if (after.label !== before.label) {
      const label = readLabel(after.label);
      if (!label.ok) return label;
      if (this.labelTaken(after.label)) return err({ code: 'label-taken', label: after.label });
    }
    live.apply({ kind: 'arranged', label: after.label, policy: after.policy });
    const saved = await live.save();
    if (!saved.ok) live.apply({ kind: 'arranged', label: before.label, policy: before.policy });
    return saved;
  }

  /** The machine is about to sleep: no refresh is sent until {@link wake}. */
  suspend(): void {
    this.#upkeep.suspend();
  }

  /** What fell due while the machine slept is done now. */
  wake(): void {
    this.#upkeep.wake();
  }

  /** The network is back: who could not reach a server tries again now, not after the pause. */
  networkBack(): void {
    this.#upkeep.networkBack();
  }

  /**
   * No refresh begins any more, and nothing is done by itself. What is under way ends first, and what
   * the disk refused is written once more.
   */
  async stop(): Promise<void> {
    const all = this.all();
    for (const live of all) live.beginEnd();
    await Promise.allSettled([this.#upkeep.stop(), ...all.map((live) => live.settled())]);
    await Promise.allSettled(all.map((live) => live.writeOwed()));
    await this.#removals.stop();
  }

  #newLive(account: Account): LiveAccount {
    const live: LiveAccount = new LiveAccount(account, this.#world, () => this.#changed(live));
    return live;
  }

  #add(live: LiveAccount): LiveAccount {
    this.#live.set(live.account.id, live);
    this.#upkeep.add(live);
    this.#announce();
    return live;
  }

  #changed(live: LiveAccount): void {
    if (this.#live.get(live.account.id) !== live) return;
    this.#upkeep.changed(live);
    this.#announce();
  }

  async #act(live: LiveAccount): Promise<void> {
    const { pendingWrite } = live.account;
    if (pendingWrite !== null && pendingWrite.retry <= this.#world.clock.elapsed()) {
      await live.saveSurely();
      return; // What else is due comes next.
    }
    switch (live.account.state.kind) {
      case 'unverified':
        return this.#verify(live);
      case 'signing-out':
        return this.#signOuts.goOn(live);
      case 'locked': {
        const refreshed = await live.refresh();
        if (refreshed.ok) await this.#verify(live);
        return;
      }
      default:
        await live.refresh();
    }
  }

  /** Finishes what a login could not: finds out who signed in. Looks at a locked account again. */
  async #verify(live: LiveAccount): Promise<void> {
    const who = await lookAgain(live, this.#world);
    if (!who.ok) {
      const { failure } = who;
      if (failure.code !== 'account-locked')
        live.apply({ kind: 'verify-failed', failure, retry: live.retryAfter(failure) });
      return;
    }
    if (live.account.state.kind !== 'unverified') return;
    const described = await describeWho(live, who.value, this.#world);
    live.apply({ kind: 'verified', place: placeOf(live.account), who: described });
    const saved = await live.saveSurely();
    if (!saved.ok)
      this.#world.log.warn('who signed in is not on disk yet', { code: saved.failure.code });
  }
}
