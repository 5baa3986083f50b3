import type {
  AccountSnapshot,
  AppSnapshot,
  LoginSnapshot,
  NoticeSnapshot,
} from '../../common/snapshots.ts';
import { Accounts } from '../accounts/accounts.ts';
import { checkAccount } from '../accounts/check.ts';
import type { ManagedAccount } from '../accounts/managed-account.ts';
import { Logins } from '../accounts/login/logins.ts';
import type { VaultWarning } from '../accounts/ports.ts';
import { refreshOnDemand } from '../accounts/refresh/on-demand.ts';
import { ClockSkew } from '../accounts/clock-skew.ts';
import { accountSnapshot, timeOf } from '../accounts/snapshot.ts';
import type { Moment } from '../accounts/snapshot.ts';
import type { FreshnessPolicy } from '../accounts/record.ts';
import type { Deps } from '../accounts/ports.ts';
import { describeWarning } from './vault-warning-text.ts';
import type {
  AccountUpdate,
  CheckReport,
  HandedToken,
  HandOut,
  EngineApi,
  LoginRequest,
  SignOutReport,
  TokenRequest,
} from './engine-api.ts';
import { accountManagementUrl } from '../protocol/account-management.ts';
import type { ClientMetadata } from '../protocol/oauth/client-metadata.ts';
import type { Failure, VaultFailure } from '../../common/failure.ts';
import { ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';

/** What the engine needs from its host. */
export type EngineParts = Deps &
  Readonly<{
    protection: AppSnapshot['vault']['protection'];
    /** The default client metadata, which a login can change. */
    client: ClientMetadata;
    /** The policy of accounts added from now on; default: `keep-fresh`. */
    newPolicy?: () => FreshnessPolicy;
  }>;

/** The length of the access log. */
const MAX_HAND_OUTS = 1_000;

/** Wires accounts, logins, vault and protocol. The desktop app and the headless agent each run one. */
export class Engine implements EngineApi {
  readonly #parts: EngineParts;
  readonly #serverClocks = new ClockSkew(() => this.#moment());
  readonly #accounts: Accounts;
  readonly #logins: Logins;
  readonly #listeners = new Set<(snapshot: AppSnapshot) => void>();
  readonly #handOuts: HandOut[] = [];
  #warnings: readonly VaultWarning[] = [];
  #revision = 0;
  #isNotifying = false;

  constructor(given: EngineParts) {
    const notify = () => this.#notify();
    const parts = { ...given, network: this.#serverClocks.withClockSkew(given.network) };
    this.#parts = parts;
    this.#accounts = new Accounts(parts, notify);
    this.#logins = new Logins(parts, this.#accounts, parts.client, notify, parts.newPolicy);
  }

  /** Loads the vault and continues where the last process stopped. Sends no request that isn't due. */
  async start(): Promise<Result<void, VaultFailure>> {
    const contents = await this.#parts.vault.load();
    if (!contents.ok) return contents;
    this.#warnings = contents.value.warnings;
    this.#accounts.load(contents.value);
    this.#notify();
    return ok(undefined);
  }

  /** Shuts down in order: cancels logins, then waits for refreshes in flight and saves them. */
  async stop(): Promise<void> {
    await this.#logins.stop();
    await this.#accounts.stop();
  }

  snapshot(): Promise<AppSnapshot> {
    return Promise.resolve(this.#snapshot());
  }

  subscribe(listener: (snapshot: AppSnapshot) => void): () => void {
    const own = (snapshot: AppSnapshot): void => listener(snapshot);
    this.#listeners.add(own);
    queueMicrotask(() => {
      if (this.#listeners.has(own)) own(this.#snapshot());
    });
    return () => this.#listeners.delete(own);
  }

  startLogin(request: LoginRequest): Promise<Result<LoginSnapshot, Failure>> {
    return Promise.resolve(this.#loginSnapshot(this.#logins.start(request)));
  }

  signInAgain(account: string): Promise<Result<LoginSnapshot, Failure>> {
    return Promise.resolve(this.#loginSnapshot(this.#logins.signInAgain(account)));
  }

  cancelLogin(loginId: string): Promise<Result<void, Failure>> {
    return Promise.resolve(this.#logins.cancel(loginId));
  }

  answerLogin(loginId: string, keep: boolean): Promise<Result<void, Failure>> {
    return Promise.resolve(this.#logins.answer(loginId, keep));
  }

  retryLogin(loginId: string): Promise<Result<LoginSnapshot, Failure>> {
    return Promise.resolve(this.#loginSnapshot(this.#logins.retry(loginId)));
  }

  find(account: string): Promise<Result<AccountSnapshot, Failure>> {
    const found = this.#accounts.find(account);
    return Promise.resolve(
      found.ok ? ok(this.#accountSnapshot(found.value, this.#moment())) : found,
    );
  }

  async tokenFor(
    account: string,
    { minValidMs, consumer }: TokenRequest,
  ): Promise<Result<HandedToken, Failure>> {
    const found = this.#accounts.find(account);
    if (!found.ok) return found;
    const taken = await found.value.getToken(minValidMs, consumer);
    if (!taken.ok) return taken;
    const { label, session } = found.value.account;
    const { deviceId, scope, server } = session;
    const moment = this.#moment();
    const { expires, access } = taken.value;
    const expiresAt = expires === null ? null : timeOf(expires, moment);
    const userId = session.userId ?? '';
    this.#remember({ at: moment.now, label, userId, consumer, untilAt: expiresAt });
    return ok({
      accessToken: access.reveal(),
      label,
      userId,
      deviceId,
      homeserver: server.homeserver,
      scope,
      expiresAt,
      validForMs: expires === null ? null : expires - moment.monotonic,
    });
  }

  async refresh(account: string): Promise<Result<AccountSnapshot, Failure>> {
    const found = this.#accounts.find(account);
    if (!found.ok) return found;
    const refreshed = await refreshOnDemand(found.value, this.#parts);
    return refreshed.ok ? ok(this.#accountSnapshot(found.value, this.#moment())) : refreshed;
  }

  async check(account: string): Promise<Result<CheckReport, Failure>> {
    const found = this.#accounts.find(account);
    if (!found.ok) return found;
    const checked = await checkAccount(found.value, this.#parts);
    if (!checked.ok) return checked;
    return ok({ account: this.#accountSnapshot(found.value, this.#moment()), ...checked.value });
  }

  async signOut(account: string, forget = false): Promise<Result<SignOutReport, Failure>> {
    const found = this.#accounts.find(account);
    if (!found.ok) return found;
    const { label, session, state } = found.value.account;
    const page = accountManagementUrl(session.server, 'device-list')?.href ?? null;
    const report = { label, userId: session.userId, accountPage: page };
    const end = await this.#accounts.signOut(found.value);
    if (state.kind === 'signed-out') return ok({ ...report, proof: 'already-signed-out' });
    const isStuck = end === 'queued' || (end === 'pending' && state.kind === 'signing-out');
    if (!isStuck || !forget) return ok({ ...report, proof: end });
    await this.#accounts.remove(found.value);
    return ok({ ...report, proof: end === 'queued' ? 'unconfirmed' : end });
  }

  async updateAccount(
    account: string,
    update: AccountUpdate,
  ): Promise<Result<AccountSnapshot, Failure>> {
    const found = this.#accounts.find(account);
    if (!found.ok) return found;
    const updated = await this.#accounts.update(found.value, update);
    return updated.ok ? ok(this.#accountSnapshot(found.value, this.#moment())) : updated;
  }

  /** The machine is about to sleep: starts no scheduled refresh until {@link wake}. */
  suspend(): void {
    this.#accounts.suspend();
  }

  /** Call when the machine has woken up: does what became due while it slept. */
  wake(): void {
    this.#accounts.wake();
  }

  /** The network is back: retries accounts that couldn't reach their server. */
  networkBack(): void {
    this.#accounts.networkBack();
  }

  handOuts(): Promise<readonly HandOut[]> {
    return Promise.resolve([...this.#handOuts]);
  }

  #snapshot(): AppSnapshot {
    const moment = this.#moment();
    return {
      revision: this.#revision,
      madeAt: moment.now,
      vault: {
        protection: this.#parts.protection,
        warnings: this.#notices(),
      },
      accounts: this.#accounts
        .all()
        .toSorted((one, other) => one.account.addedAt - other.account.addedAt)
        .map((managed) => this.#accountSnapshot(managed, moment)),
      logins: this.#logins.snapshots(moment),
    };
  }

  #loginSnapshot(started: Result<string, Failure>): Result<LoginSnapshot, Failure> {
    return started.ok ? this.#logins.snapshot(started.value, this.#moment()) : started;
  }

  #accountSnapshot(managed: ManagedAccount, moment: Moment): AccountSnapshot {
    return accountSnapshot(managed.account, moment);
  }

  #notices(): readonly NoticeSnapshot[] {
    const clock = this.#serverClocks.notice();
    return [...this.#warnings.map(describeWarning), ...(clock === null ? [] : [clock])];
  }

  #moment(): Moment {
    const { clock } = this.#parts;
    return { now: clock.now(), monotonic: clock.monotonicNow() };
  }

  #remember(handOut: HandOut): void {
    this.#handOuts.push(handOut);
    if (this.#handOuts.length > MAX_HAND_OUTS) this.#handOuts.shift();
  }

  /** Pushes a new snapshot; changes made in the same tick are pushed once. */
  #notify(): void {
    this.#revision += 1;
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    queueMicrotask(() => {
      this.#isNotifying = false;
      if (this.#listeners.size === 0) return;
      const snapshot = this.#snapshot();
      for (const listener of this.#listeners) listener(snapshot);
    });
  }
}
