import type { Failure } from '../../common/failure.ts';
import { err, ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import type { Account, AccountSettings } from './account.ts';
import { fromStored } from './record-codec.ts';
import { readLabel } from './label.ts';
import { ManagedAccount } from './managed-account.ts';
import { isReplaced, settingsFor, settingsOf } from './settings.ts';
import type { VaultContents, Deps } from './ports.ts';
import { RecordRemoval } from './sign-out/record-removal.ts';
import type { SignOutProgress } from './sign-out/sign-out.ts';
import { SignOuts } from './sign-out/sign-outs.ts';
import { BackgroundRefresh } from './background/background-refresh.ts';
import { fetchOwner, recheckAccount } from './verify.ts';

/** All accounts, and the actions that each of them has due. */
export class Accounts {
  readonly #deps: Deps;
  readonly #notify: () => void;
  readonly #accounts = new Map<string, ManagedAccount>();
  /** Accounts whose login has not finished. */
  readonly #adopted = new Set<ManagedAccount>();
  readonly #background: BackgroundRefresh;
  readonly #removals: RecordRemoval;
  readonly #signOuts: SignOuts;

  /** @param notify called after every change */
  constructor(deps: Deps, notify: () => void) {
    this.#notify = notify;
    this.#background = new BackgroundRefresh(deps, (managed) => this.#act(managed));
    this.#deps = this.#background.deps;
    this.#removals = new RecordRemoval(this.#deps);
    this.#signOuts = new SignOuts(this.#deps, {
      has: (managed) => this.#accounts.get(managed.account.id) === managed,
      remove: (managed) => this.remove(managed),
    });
  }

  /** Loads the accounts of the vault. Sends nothing unless an action is due. */
  load({ accounts }: VaultContents): void {
    const { clock, random } = this.#deps;
    const moment = { now: clock.now(), uptime: clock.uptime() };
    const monotonic = clock.monotonicNow();
    for (const record of accounts)
      this.#add(this.#manage(fromStored(record, moment, monotonic, random.fraction())));
    // An earlier process may have ended after saving a new session, before removing the one it replaced.
    const all = this.all().map((managed) => managed.account);
    const displaced = this.all().filter((managed) => isReplaced(managed.account, all));
    for (const managed of displaced) void this.remove(managed); // hidden at once, whenever the record is removed
  }

  all(): readonly ManagedAccount[] {
    return [...this.#accounts.values()];
  }

  /** The account with this label, or the only one with this user ID. */
  find(account: string): Result<ManagedAccount, Failure> {
    const all = this.all();
    const byLabel = all.find((managed) => managed.account.label === account);
    if (byLabel !== undefined) return ok(byLabel);
    const byUser = all.filter((managed) => managed.account.session.userId === account);
    const [only, ...others] = byUser;
    const labels = (byUser.length > 0 ? byUser : all)
      .map((managed) => managed.account.label)
      .sort();
    if (only === undefined) return err({ code: 'account-unknown', account, labels });
    return others.length === 0 ? ok(only) : err({ code: 'account-ambiguous', account, labels });
  }

  labelTaken(label: string): boolean {
    return this.all().some((managed) => managed.account.label === label);
  }

  /** Adds the new session of a login under way; not saved yet. */
  adopt(account: Account): ManagedAccount {
    const managed = this.#manage(account);
    this.#adopted.add(managed);
    this.#background.lock(managed);
    return this.#add(managed);
  }

  /** The login has finished: from now on the account is refreshed in the background. */
  release(managed: ManagedAccount): void {
    if (this.#adopted.delete(managed)) this.#background.release(managed);
    this.#changed(managed);
  }

  /** The settings of a new session, and the account that it replaces; see `settingsFor`. */
  settingsFor(
    own: ManagedAccount,
    label: string | null,
    userId: string,
  ): Readonly<{ settings: AccountSettings; former: ManagedAccount | null }> {
    const others = this.all().filter((managed) => managed !== own);
    const accounts = others.map((managed) => managed.account);
    const { settings, former } = settingsFor(own.account, accounts, label, userId);
    return { settings, former: others.find((managed) => managed.account === former) ?? null };
  }

  /** Ends the session on the server and forgets the account once that is verified; see `SignOuts.start`. */
  async signOut(managed: ManagedAccount): Promise<SignOutProgress> {
    if (managed.account.state.kind === 'signed-out') {
      await this.remove(managed);
      return 'refused';
    }
    const running = this.#background.runExclusive(managed, () => this.#signOuts.start(managed));
    this.release(managed);
    return running;
  }

  /** Forgets an account and its tokens. */
  async remove(managed: ManagedAccount): Promise<void> {
    const { id } = managed.account;
    managed.forget();
    if (this.#accounts.get(id) !== managed) return;
    this.#accounts.delete(id);
    this.#background.remove(managed);
    this.#adopted.delete(managed);
    this.#notify();
    await this.#removals.remove(managed.account);
  }

  /** Changes the label or the policy of an account; resolves once that is saved. */
  async update(
    managed: ManagedAccount,
    wish: Partial<Pick<AccountSettings, 'label' | 'policy'>>,
  ): Promise<Result<void, Failure>> {
    const before = settingsOf(managed.account);
    const after = { ...before, ...wish };
    if (after.label !== before.label) {
      const label = readLabel(after.label);
      if (!label.ok) return label;
      if (this.labelTaken(after.label)) return err({ code: 'label-taken', label: after.label });
    }
    managed.apply({ kind: 'settings-changed', label: after.label, policy: after.policy });
    const saved = await managed.save();
    if (!saved.ok)
      managed.apply({ kind: 'settings-changed', label: before.label, policy: before.policy });
    return saved;
  }

  /** The machine is suspending: no refresh is sent until {@link wake}. */
  suspend(): void {
    this.#background.suspend();
  }

  /** The machine resumed: runs what fell due meanwhile. */
  wake(): void {
    this.#background.wake();
  }

  /** The network is back: accounts that could not reach their server retry now. */
  networkBack(): void {
    this.#background.networkBack();
  }

  /**
   * Stops background actions and new refreshes, waits for those under way, and retries failed writes
   * once.
   */
  async stop(): Promise<void> {
    const all = this.all();
    for (const managed of all) managed.beginShutdown();
    await Promise.allSettled([this.#background.stop(), ...all.map((managed) => managed.settled())]);
    await Promise.allSettled(all.map((managed) => managed.flush()));
    await this.#removals.stop();
  }

  #manage(account: Account): ManagedAccount {
    const managed: ManagedAccount = new ManagedAccount(account, this.#deps, () =>
      this.#changed(managed),
    );
    return managed;
  }

  #add(managed: ManagedAccount): ManagedAccount {
    this.#accounts.set(managed.account.id, managed);
    this.#background.add(managed);
    this.#notify();
    return managed;
  }

  #changed(managed: ManagedAccount): void {
    if (this.#accounts.get(managed.account.id) !== managed) return;
    this.#background.changed(managed);
    this.#notify();
  }

  async #act(managed: ManagedAccount): Promise<void> {
    const { pendingWrite } = managed.account;
    if (pendingWrite !== null && pendingWrite.retryAt <= this.#deps.clock.monotonicNow()) {
      await managed.saveOrRetry();
      return; // the next action follows
    }
    switch (managed.account.state.kind) {
      case 'unverified':
        return this.#verify(managed);
      case 'signing-out':
        return this.#signOuts.resume(managed);
      case 'locked': {
        const refreshed = await managed.refresh();
        if (refreshed.ok) await this.#verify(managed);
        return;
      }
      default:
        await managed.refresh();
    }
  }

  /** Asks who signed in if the login could not find out, or whether a locked account is still locked. */
  async #verify(managed: ManagedAccount): Promise<void> {
    const who = await recheckAccount(managed, this.#deps);
    if (!who.ok) {
      const { failure } = who;
      if (failure.code !== 'account-locked')
        managed.apply({ kind: 'verify-failed', failure, retryAt: managed.nextRetryAt(failure) });
      return;
    }
    if (managed.account.state.kind !== 'unverified') return;
    const described = await fetchOwner(managed, who.value, this.#deps);
    managed.apply({ kind: 'verified', settings: settingsOf(managed.account), who: described });
    const saved = await managed.saveOrRetry();
    if (!saved.ok)
      this.#deps.log.warn('who signed in is not on disk yet', { code: saved.failure.code });
  }
}
