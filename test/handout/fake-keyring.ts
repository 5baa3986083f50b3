import type {
  Arrangement,
  HandedToken,
  HandOut,
  Keyring,
  LoginRequest,
  SignOutReport,
  TokenRequest,
} from '../../main/handout/keyring.ts';
import type { Failure } from '../../main/protocol/failure.ts';
import type { Outcome } from '../../main/protocol/outcome.ts';
import { fail, ok } from '../../main/protocol/outcome.ts';
import { Secret } from '../../main/protocol/secret.ts';
import type {
  AccountSnapshot,
  AppSnapshot,
  LoginSnapshot,
  LoginStateSnapshot,
} from '../../preload/snapshots.ts';

/** The moment at which the fake's clock stands: 2026-03-04 14:00:48 UTC. */
export const NOW = Date.UTC(2026, 2, 4, 14, 0, 48);

/** What alice's token is in every test. */
export const TOKEN = 'mat_fake_abcdefghijklmnop_XyZ';

/** An account that is well, with four minutes and twelve seconds to go. */
export function accountOf(label: string, changes: Partial<AccountSnapshot> = {}): AccountSnapshot {
  return {
    id: `id-${label}`,
    label,
    userId: `@${label}:example.org`,
    displayName: null,
    deviceId: 'KEYFOBDEV1',
    homeserver: 'https://matrix.example.org',
    issuer: 'https://auth.example.org/',
    scope: ['urn:matrix:client:api:*', 'urn:matrix:client:device:KEYFOBDEV1'],
    addedAt: NOW - 3_600_000,
    policy: 'keep-fresh',
    accountPage: 'https://auth.example.org/account/',
    state: { kind: 'active', expiresAt: NOW + 252_000, heldBy: [] },
    ...changes,
  };
}

/** The state of a login that shows its code. */
export function waitingState(
  changes: Partial<Extract<LoginStateSnapshot, { step: 'waiting' }>> = {},
): LoginStateSnapshot {
  return {
    step: 'waiting',
    homeserver: 'https://matrix.example.org',
    issuer: 'https://auth.example.org/',
    clientId: '01CLIENT',
    userCode: '7XK0QB',
    verificationUri: 'https://auth.example.org/link',
    verificationUriComplete: null,
    expiresAt: NOW + 1_200_000,
    intervalMs: 5_000,
    poll: { state: 'waiting', polls: 0, nextAt: NOW + 5_000 },
    ...changes,
  };
}

/** The state of a login that worked. */
export function doneState(label: string): LoginStateSnapshot {
  return {
    step: 'done',
    accountId: `id-${label}`,
    label,
    userId: `@${label}:example.org`,
    deviceId: 'KEYFOBDEV1',
    homeserver: 'https://matrix.example.org',
    notices: [],
  };
}

/** An engine that does what the test says, and remembers what it was asked. */
export class FakeKeyring implements Keyring {
  accounts: readonly AccountSnapshot[] = [];
  logins: readonly LoginSnapshot[] = [];
  warnings: AppSnapshot['vault']['warnings'] = [];
  protection: AppSnapshot['vault']['protection'] = 'passphrase';
  /** What `tokenFor`, `refresh`, `check` and `signOut` fail with; null: they work. */
  failure: Failure | null = null;
  /** Held by a test that wants an answer to come late. */
  gate: Promise<unknown> = Promise.resolve();
  proof: SignOutReport['proof'] = 'refused';
  clockSkewMs: number | null = 0;
  given: readonly HandOut[] = [];
  readonly asked: unknown[] = [];
  readonly #listeners = new Set<(snapshot: AppSnapshot) => void>();
  #revision = 0;

  snapshot(): AppSnapshot {
    return {
      revision: this.#revision,
      madeAt: NOW,
      vault: { protection: this.protection, warnings: this.warnings },
      accounts: this.accounts,
      logins: this.logins,
    };
  }

  subscribe(listener: (snapshot: AppSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Tells everyone that something changed. */
  changed(): void {
    this.#revision += 1;
    for (const listener of this.#listeners) listener(this.snapshot());
  }

  /** Moves a login on. */
  moveLogin(id: string, state: LoginStateSnapshot): void {
    this.logins = this.logins.map((login) => (login.id === id ? { ...login, state } : login));
    this.changed();
  }

  startLogin(request: LoginRequest): Outcome<LoginSnapshot, Failure> {
    this.asked.push(['startLogin', request]);
    if (this.failure !== null) return fail(this.failure);
    return ok(this.#newLogin(request.server, request.label));
  }

  signInAgain(account: string): Outcome<LoginSnapshot, Failure> {
    this.asked.push(['signInAgain', account]);
    return ok(this.#newLogin('example.org', account));
  }

  cancelLogin(loginId: string): Outcome<void, Failure> {
    this.asked.push(['cancelLogin', loginId]);
    if (!this.#isKnown(loginId)) return fail({ code: 'login-unknown', login: loginId });
    this.moveLogin(loginId, { step: 'cancelled' });
    return ok(undefined);
  }

  answerLogin(loginId: string, keep: boolean): Outcome<void, Failure> {
    this.asked.push(['answerLogin', loginId, keep]);
    return this.#isKnown(loginId) ? ok(undefined) : fail({ code: 'login-unknown', login: loginId });
  }

  retryLogin(loginId: string): Outcome<LoginSnapshot, Failure> {
    this.asked.push(['retryLogin', loginId]);
    const login = this.logins.find(({ id }) => id === loginId);
    if (login === undefined) return fail({ code: 'login-unknown', login: loginId });
    return ok(this.#newLogin(login.typed, login.label));
  }

  find(account: string): Outcome<AccountSnapshot, Failure> {
    const labels = this.accounts.map(({ label }) => label);
    const found = this.accounts.filter((a) => a.label === account || a.userId === account);
    const [first, second] = found;
    if (first === undefined) return fail({ code: 'account-unknown', account, labels });
    if (second === undefined) return ok(first);
    const several = found.map(({ label }) => label);
    return fail({ code: 'account-ambiguous', account, labels: several });
  }

  async tokenFor(account: string, request: TokenRequest): Promise<Outcome<HandedToken, Failure>> {
    this.asked.push(['tokenFor', account, request]);
    return this.#with(account, (found) => ({
      token: new Secret(TOKEN),
      label: found.label,
      userId: found.userId ?? '',
      deviceId: found.deviceId,
      homeserver: found.homeserver,
      scope: found.scope,
      expiresAt: NOW + 252_000,
      validForMs: 252_000,
    }));
  }

  async refresh(account: string): Promise<Outcome<AccountSnapshot, Failure>> {
    this.asked.push(['refresh', account]);
    return this.#with(account, (found) => found);
  }

  async check(account: string) {
    this.asked.push(['check', account]);
    return this.#with(account, (found) => ({
      account: found,
      userId: found.userId ?? '',
      deviceId: found.deviceId,
      versions: ['v1.11', 'v1.12'],
      deviceGrant: true,
      clockSkewMs: this.clockSkewMs,
    }));
  }

  async arrange(account: string, wish: Arrangement): Promise<Outcome<AccountSnapshot, Failure>> {
    this.asked.push(['arrange', account, wish]);
    return this.#with(account, (found) => ({ ...found, ...wish }));
  }

  async signOut(account: string, forget = false): Promise<Outcome<SignOutReport, Failure>> {
    this.asked.push(['signOut', account, ...(forget ? ['forget'] : [])]);
    return this.#with(account, ({ label, userId, accountPage }) => ({
      label,
      userId,
      proof: this.proof,
      accountPage,
    }));
  }

  handOuts(): readonly HandOut[] {
    return this.given;
  }

  async #with<T>(
    account: string,
    use: (found: AccountSnapshot) => T,
  ): Promise<Outcome<T, Failure>> {
    await this.gate;
    if (this.failure !== null) return fail(this.failure);
    const found = this.find(account);
    return found.ok ? ok(use(found.value)) : found;
  }

  #newLogin(typed: string, label: string | null): LoginSnapshot {
    const login: LoginSnapshot = {
      id: `login-${this.logins.length + 1}`,
      typed,
      label,
      state: { step: 'discovering' },
    };
    this.logins = [...this.logins, login];
    this.changed();
    return login;
  }

  #isKnown(loginId: string): boolean {
    return this.logins.some(({ id }) => id === loginId);
  }
}
