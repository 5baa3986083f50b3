import type { Failure } from '../../common/failure.ts';
import { err, ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import type { Account, AccountSettings } from './account.ts';
import { fromStored } from './record-codec.ts';
import { readLabel } from './label.ts';
import { ManagedAccount } from './managed-account.ts';
import { isReplaced, settingsFor, settingsOf } from './settings.ts';
import type { VaultContents } from './ports.ts';
import { RecordRemoval } from './sign-out/record-removal.ts';
import type { SignOutProgress } from './sign-out/sign-out.ts';
import { SignOuts } from './sign-out/sign-outs.ts';
import type { Deps } from './ports.ts';
import { BackgroundRefresh } from './background/background-refresh.ts';
import { fetchOwner, recheckAccount } from './verify.ts';

/** All accounts: who they are, what each of them wants done next, and doing it when it is due. */
export class Accounts {
  readonly #deps: Deps;
  readonly #notify: () => void;
  readonly #accounts = new Map<string, ManagedAccount>();
  /** Accounts that a login is still looking after. */
  readonly #adopted = new Set<ManagedAccount>();
  readonly #background: BackgroundRefresh;
  readonly #removals: RecordRemoval;
  readonly #signOuts: SignOuts;

  /** @param announce called after every change */
  constructor(world: Deps, announce: () => void) {
    this.#notify = announce;
    this.#background = new BackgroundRefresh(world, (live) => this.#act(live));
    this.#deps = this.#background.world;
    this.#removals = new RecordRemoval(this.#deps);
    this.#signOuts = new SignOuts(this.#deps, {
      has: (live) => this.#accounts.get(live.account.id) === live,
      remove: (live) => this.remove(live),
    });
  }

  /** Takes over what the vault held. Sends nothing by itself unless something is due. */
  load({ accounts }: VaultContents): void {
    const { clock, random } = this.#deps;
    const moment = { now: clock.now(), uptime: clock.uptime() };
    const monotonic = clock.monotonicNow();
    for (const record of accounts)
      this.#add(this.#newLive(fromStored(record, moment, monotonic, random.fraction())));
    // The process may have ended between the saving of a new session and the removal of the one before.
    const all = this.all().map((live) => live.account);
    const displaced = this.all().filter((live) => isReplaced(live.account, all));
    for (const live of displaced) void this.remove(live); // it is gone from sight at once
  }

  all(): readonly ManagedAccount[] {
    return [...this.#accounts.values()];
  }

  /** The account with this label, or the only one of this user id. */
  find(account: string): Result<ManagedAccount, Failure> {
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
  adopt(account: Account): ManagedAccount {
    const live = this.#newLive(account);
    this.#adopted.add(live);
    this.#background.lock(live);
    return this.#add(live);
  }

  /** The login is done with it: from here on the schedule looks after the account. */
  release(live: ManagedAccount): void {
    if (this.#adopted.delete(live)) this.#background.release(live);
    this.#changed(live);
  }

  /** The place of a new session, and who has to be removed for it: see `settingsFor`. */
  settingsFor(
    own: ManagedAccount,
    label: string | null,
    userId: string,
  ): Readonly<{ place: AccountSettings; former: ManagedAccount | null }> {
    const others = this.all().filter((live) => live !== own);
    const accounts = others.map((live) => live.account);
    const { place, former } = settingsFor(own.account, accounts, label, userId);
    return { place, former: others.find((live) => live.account === former) ?? null };
  }

  /** Ends the session at the server and forgets the account once that is proven; see `SignOuts.ask`. */
  async signOut(live: ManagedAccount): Promise<SignOutProgress> {
    if (live.account.state.kind === 'signed-out') {
      await this.remove(live);
      return 'refused';
    }
    const running = this.#background.runExclusive(live, () => this.#signOuts.start(live));
    this.release(live);
    return running;
  }

  /** Forgets an account, tokens and all. */
  async remove(live: ManagedAccount): Promise<void> {
    const { id } = live.account;
    live.forget();
    if (this.#accounts.get(id) !== live) return;
    this.#accounts.delete(id);
    this.#background.remove(live);
    this.#adopted.delete(live);
    this.#notify();
    await this.#removals.remove(live.account);
  }

  /** Gives an account another label or policy; resolves once that is saved. */
  async update(
    live: ManagedAccount,
    wish: Partial<Pick<AccountSettings, 'label' | 'policy'>>,
  ): Promise<Result<void, Failure>> {
    const before = settingsOf(live.account);
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
    this.#background.suspend();
  }

  /** What fell due while the machine slept is done now. */
  wake(): void {
    this.#background.wake();
  }

  /** The network is back: who could not reach a server tries again now, not after the pause. */
  networkBack(): void {
    this.#background.networkBack();
  }

  /**
   * No refresh begins any more, and nothing is done by itself. What is under way ends first, and what
   * the disk refused is written once more.
   */
  async stop(): Promise<void> {
    const all = this.all();
    for (const live of all) live.beginShutdown();
    await Promise.allSettled([this.#background.stop(), ...all.map((live) => live.settled())]);
    await Promise.allSettled(all.map((live) => live.flush()));
    await this.#removals.stop();
  }

  #newLive(account: Account): ManagedAccount {
    const live: ManagedAccount = new ManagedAccount(account, this.#deps, () => this.#changed(live));
    return live;
  }

  #add(live: ManagedAccount): ManagedAccount {
    this.#accounts.set(live.account.id, live);
    this.#background.add(live);
    this.#notify();
    return live;
  }

  #changed(live: ManagedAccount): void {
    if (this.#accounts.get(live.account.id) !== live) return;
    this.#background.changed(live);
    this.#notify();
  }

  async #act(live: ManagedAccount): Promise<void> {
    const { pendingWrite } = live.account;
    if (pendingWrite !== null && pendingWrite.retry <= this.#deps.clock.monotonicNow()) {
      await live.saveOrRetry();
      return; // What else is due comes next.
    }
    switch (live.account.state.kind) {
      case 'unverified':
        return this.#verify(live);
      case 'signing-out':
        return this.#signOuts.resume(live);
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
  async #verify(live: ManagedAccount): Promise<void> {
    const who = await recheckAccount(live, this.#deps);
    if (!who.ok) {
      const { failure } = who;
      if (failure.code !== 'account-locked')
        live.apply({ kind: 'verify-failed', failure, retry: live.retryAfter(failure) });
      return;
    }
    if (live.account.state.kind !== 'unverified') return;
    const described = await fetchOwner(live, who.value, this.#deps);
    live.apply({ kind: 'verified', place: settingsOf(live.account), who: described });
    const saved = await live.saveOrRetry();
    if (!saved.ok)
      this.#deps.log.warn('who signed in is not on disk yet', { code: saved.failure.code });
  }
}
