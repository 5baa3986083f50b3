import type { LoginSnapshot } from '../../../common/snapshots.ts';
import type { ClientMetadata } from '../../protocol/oauth/client-metadata.ts';
import { customizeMetadata } from '../../protocol/oauth/client-metadata.ts';
import type { Failure } from '../../../common/failure.ts';
import { withLoginId } from '../../protocol/http/network.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { parseServerInput } from '../../../common/server-input.ts';
import type { TypedServer } from '../../../common/server-input.ts';
import type { Accounts } from '../accounts.ts';
import { freeLabel, readLabel } from '../label.ts';
import { Login } from './login.ts';
import type { LoginPlan } from './login-state.ts';
import type { Moment } from '../snapshot.ts';
import { loginSnapshot } from '../snapshot.ts';
import type { FreshnessPolicy } from '../record.ts';
import type { Deps } from '../ports.ts';

/** A login request. */
export type LoginOptions = Readonly<{
  server: string;
  label: string | null;
  client: Readonly<Record<string, unknown>> | null;
  /** The expected user, if not the one that `server` names. */
  userId?: string | null;
}>;

/** How many ended logins stay visible. */
const KEPT = 8;

/** All logins: those under way, and the last few that ended. */
export class Logins {
  readonly #deps: Deps;
  readonly #accounts: Accounts;
  readonly #client: ClientMetadata;
  readonly #announce: () => void;
  readonly #newPolicy: () => FreshnessPolicy;
  readonly #logins = new Map<string, Readonly<{ wish: LoginOptions; login: Login }>>();
  readonly #running = new Set<Promise<void>>();

  /**
   * @param client the default client metadata
   * @param newPolicy the refresh policy of new accounts
   */
  constructor(
    deps: Deps,
    accounts: Accounts,
    client: ClientMetadata,
    announce: () => void,
    newPolicy: () => FreshnessPolicy = () => 'keep-fresh',
  ) {
    this.#deps = deps;
    this.#newPolicy = newPolicy;
    this.#accounts = accounts;
    this.#client = client;
    this.#announce = announce;
  }

  /** Validates the request and starts the login. Returns its ID. */
  start(wish: LoginOptions): Result<string, Failure> {
    const plan = this.#plan(wish);
    if (!plan.ok) return plan;
    const id = randomId(this.#deps);
    const deps = { ...this.#deps, network: withLoginId(id, this.#deps.network) };
    const login = new Login(plan.value, deps, this.#accounts, this.#announce);
    this.#logins.set(id, { wish, login });
    const run = login
      .run()
      .catch((error: unknown) => {
        this.#deps.log.bug('a login could not go on', error);
        login.cancel(); // it must not look as if it still ran
      })
      .finally(() => {
        this.#running.delete(run);
        this.#forgetOld();
      });
    this.#running.add(run);
    this.#announce();
    return ok(id);
  }

  /**
   * Signs an account in again under its label. Uses what the user entered the first time, because the
   * server name of the user ID may not be discoverable. Asks if another user signs in.
   */
  signInAgain(account: string): Result<string, Failure> {
    const found = this.#accounts.find(account);
    if (!found.ok) return found;
    const { label, session, typed } = found.value.account;
    return this.start({ server: typed, label, client: null, userId: session.userId });
  }

  cancel(id: string): Result<void, Failure> {
    return this.#with(id, ({ login }) => {
      login.cancel();
      return ok(undefined);
    });
  }

  answer(id: string, keep: boolean): Result<void, Failure> {
    return this.#with(id, ({ login }) =>
      login.answer(keep)
        ? ok(undefined)
        : err({ code: 'request-invalid', why: 'this login asked nothing' }),
    );
  }

  /** Repeats the request with a new code. Returns the new login's ID. */
  retry(id: string): Result<string, Failure> {
    return this.#with(id, ({ wish, login }) => {
      login.cancel();
      return this.start(wish);
    });
  }

  snapshot(id: string, moment: Moment): Result<LoginSnapshot, Failure> {
    return this.#with(id, ({ login }) => ok(loginSnapshot(id, login.plan, login.state, moment)));
  }

  snapshots(moment: Moment): readonly LoginSnapshot[] {
    return [...this.#logins].map(([id, { login }]) =>
      loginSnapshot(id, login.plan, login.state, moment),
    );
  }

  /** Cancels all logins, and waits until tokens that arrived late are revoked. */
  async stop(): Promise<void> {
    for (const { login } of this.#logins.values()) login.cancel();
    await Promise.all(this.#running);
  }

  #with<T>(
    id: string,
    use: (entry: Readonly<{ wish: LoginOptions; login: Login }>) => Result<T, Failure>,
  ): Result<T, Failure> {
    const entry = this.#logins.get(id);
    return entry === undefined ? err({ code: 'login-unknown', login: id }) : use(entry);
  }

  #plan({ server, label, client, userId }: LoginOptions): Result<LoginPlan, Failure> {
    const typed = parseServerInput(server);
    if (!typed.ok) return typed;
    const metadata = customizeMetadata(this.#client, client ?? {});
    if (!metadata.ok) return metadata;
    const identity = this.#identity(typed.value, label);
    if (!identity.ok) return identity;
    return ok({
      typed: typed.value,
      userId: userId ?? typed.value.userId,
      client: metadata.value,
      label,
      identity: identity.value,
    });
  }

  /** A new account with a provisional label until whoami answers. */
  #identity(typed: TypedServer, label: string | null): Result<LoginPlan['identity'], Failure> {
    if (label !== null) {
      const valid = readLabel(label);
      if (!valid.ok) return valid;
      const owner = this.#accounts.find(label);
      const free = !owner.ok || owner.value.account.state.kind === 'signed-out';
      if (!free || this.#isAskedFor(label)) return err({ code: 'label-taken', label });
    }
    const { userId, baseUrl } = typed;
    const wished = userId ?? `@${label ?? baseUrl.hostname}:`;
    const provisional = freeLabel(wished, (name) => this.#labelTaken(name));
    const addedAt = this.#deps.clock.now();
    const policy = this.#newPolicy();
    return ok({ id: randomId(this.#deps), label: provisional, addedAt, policy });
  }

  #labelTaken(label: string): boolean {
    return this.#accounts.labelTaken(label) || this.#isAskedFor(label);
  }

  /** Whether a login under way has requested this label, or uses it provisionally. */
  #isAskedFor(label: string): boolean {
    return [...this.#logins.values()].some(
      ({ login }) =>
        !login.ended && (login.plan.label === label || login.plan.identity.label === label),
    );
  }

  #forgetOld(): void {
    const ended = [...this.#logins].filter(([, { login }]) => login.ended);
    for (const [id] of ended.slice(0, -KEPT)) this.#logins.delete(id);
  }
}

function randomId({ random }: Deps): string {
  return [...random.bytes(8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
