import type { AuthServer } from '../../protocol/discovery/server-metadata.ts';
import { toSessionServer } from '../../protocol/discovery/server-metadata.ts';
import type { Whoami } from '../../protocol/client-server.ts';
import type { Failure } from '../../../common/failure.ts';
import { checkIdentity } from '../../protocol/client-server.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import type { ValidTokenResponse, TokenResponse } from '../../protocol/oauth/token-response.ts';
import { revoke } from '../../protocol/oauth/revocation.ts';
import { validateTokenResponse } from '../../protocol/oauth/token-response.ts';
import type { Account } from '../account.ts';
import { withFreshTokens } from '../account.ts';
import type { Accounts } from '../accounts.ts';
import { exponentialBackoff, retryUntil } from '../../util/async.ts';
import type { ManagedAccount } from '../managed-account.ts';
import { tokensFrom } from '../refresh/refresh-request.ts';
import type { Deps } from '../ports.ts';
import { fetchIdentityUntilAnswered, fetchOwner } from '../verify.ts';
import type { RequestedCode } from './request-code.ts';
import { requestCode } from './request-code.ts';
import type { LoginPlan, LoginState } from './login-state.ts';
import type { ReceivedTokens } from './poll-for-tokens.ts';
import { pollForTokens } from './poll-for-tokens.ts';

/**
 * Signs one account in: the only place that knows the order of the steps.
 *
 * Only the user starts a login, and nothing opens on its own. Tokens that arrive after a cancellation are
 * revoked. Tokens are on disk before they are used for the first time.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#device-authorization-flow Matrix 1.18, device authorization flow}
 */
export class Login {
  readonly plan: LoginPlan;
  readonly #deps: Deps;
  readonly #accounts: Accounts;
  readonly #changed: () => void;
  readonly #giveUp = new AbortController();
  #state: LoginState = { step: 'discovering' };
  #answer: ((keep: boolean) => void) | null = null;

  constructor(plan: LoginPlan, deps: Deps, accounts: Accounts, changed: () => void) {
    this.plan = plan;
    this.#deps = deps;
    this.#accounts = accounts;
    this.#changed = changed;
  }

  get state(): LoginState {
    return this.#state;
  }

  get ended(): boolean {
    return ['done', 'failed', 'cancelled'].includes(this.#state.step);
  }

  /** Runs the login. Rejects only because of a bug. */
  async run(): Promise<void> {
    const { signal } = this.#giveUp;
    try {
      const end = await this.#signIn(signal);
      if (!signal.aborted)
        this.#enter(end.ok ? end.value : { step: 'failed', failure: end.failure });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Cancels the login. The state changes at once; requests under way are cleaned up in the background. */
  cancel(): void {
    if (this.ended) return;
    this.#giveUp.abort(new Error('The login was cancelled'));
    this.#answer?.(false);
    this.#enter({ step: 'cancelled' });
  }

  /** The user's answer if another user signed in than expected. False: there was no question. */
  answer(keep: boolean): boolean {
    const answer = this.#answer;
    this.#answer = null;
    answer?.(keep);
    return answer !== null;
  }

  async #signIn(signal: AbortSignal): Promise<Result<LoginState, Failure>> {
    const asked = await requestCode(this.plan, this.#deps, signal, (state) => this.#enter(state));
    if (!asked.ok) return asked;
    const { server, client, grant, deadline } = asked.value;
    const granted = await pollForTokens(
      { server, clientId: client.clientId, grant, deadline },
      this.#deps,
      signal,
      (progress) =>
        this.#enter({
          step: 'waiting',
          server,
          clientId: client.clientId,
          grant,
          deadline,
          progress,
        }),
      (late) => this.#revokeLate(server, client.clientId, late),
    );
    if (!granted.ok) return granted;
    this.#enter({ step: 'verifying', server, failure: null });
    const usable = validateTokenResponse(granted.value.grant, grant.scope);
    if (!usable.ok) {
      await this.#revokeLate(server, client.clientId, granted.value.grant);
      return usable;
    }
    const account = this.#newAccount(asked.value, usable.value, granted.value.sent);
    return this.#settle(asked.value, account, signal);
  }

  /** Saves the tokens, asks whoami, then keeps or revokes the session. */
  async #settle(
    asked: RequestedCode,
    account: Account,
    signal: AbortSignal,
  ): Promise<Result<LoginState, Failure>> {
    const managed = this.#accounts.adopt(account);
    const { server } = asked;
    const waiting = (failure: Failure) => this.#enter({ step: 'verifying', server, failure });
    try {
      await this.#saveUntilDone(managed, signal, waiting);
      const who = await fetchIdentityUntilAnswered(managed, this.#deps, signal, waiting);
      if (!who.ok) return await this.#giveBack(managed, refusedAtOnce(who.failure));
      const { typed, userId } = this.plan;
      const expected = {
        userId,
        // A URL names a host; user IDs contain a server name.
        serverName: typed.typed.includes('://') ? null : typed.serverName,
        deviceId: asked.grant.deviceId,
      };
      const identity = checkIdentity(who.value, expected);
      if (identity.kind === 'other-user' && !(await this.#confirm(server, identity)))
        return await this.#giveBack(managed, { code: 'other-user', ...identity });
      signal.throwIfAborted();
      return await this.#keep(managed, who.value, identity.notices, signal, waiting);
    } catch (error) {
      if (signal.aborted) await this.#accounts.signOut(managed);
      else this.#accounts.release(managed); // a bug must not cost the session
      throw error;
    }
  }

  async #keep(
    managed: ManagedAccount,
    whoami: Whoami,
    notices: readonly Failure[],
    signal: AbortSignal,
    waiting: (failure: Failure) => void,
  ): Promise<Result<LoginState, Failure>> {
    const who = await fetchOwner(managed, whoami, this.#deps);
    const { settings, former } = this.#accounts.settingsFor(managed, this.plan.label, who.userId);
    managed.apply({ kind: 'verified', settings, who });
    await this.#saveUntilDone(managed, signal, waiting);
    signal.throwIfAborted();
    // The user or the server may have ended the session meanwhile.
    const refusal = endedMeanwhile(managed.account);
    if (refusal !== null) return this.#giveBack(managed, refusal);
    this.#accounts.release(managed);
    const done = { step: 'done', account: managed.account, notices } as const;
    this.#enter(done); // before anything else is waited for: from here on it is too late to cancel
    if (former !== null) await this.#accounts.remove(former);
    return ok(done);
  }

  /** A full disk must not lose the session: the tokens stay in memory, unused, until they are saved. */
  async #saveUntilDone(
    managed: ManagedAccount,
    signal: AbortSignal,
    waiting: (failure: Failure) => void,
  ): Promise<void> {
    await retryUntil(() => managed.save(), {
      until: ({ ok: isSaved }) => isSaved,
      pauseMs: (attempt, saved) => {
        if (!saved.ok) waiting(saved.failure);
        return exponentialBackoff(attempt, 500, 10_000);
      },
      timer: this.#deps.clock,
      signal,
    });
  }

  async #confirm(
    server: AuthServer,
    { expected, actual }: Readonly<{ expected: string; actual: string }>,
  ): Promise<boolean> {
    const answered = new Promise<boolean>((resolve) => (this.#answer = resolve));
    this.#enter({ step: 'confirming', server, expected, actual });
    return answered;
  }

  async #giveBack(managed: ManagedAccount, failure: Failure): Promise<Result<LoginState, Failure>> {
    await this.#accounts.signOut(managed);
    return err(failure);
  }

  async #revokeLate(server: AuthServer, clientId: string, grant: TokenResponse): Promise<void> {
    const { network } = this.#deps;
    const session = toSessionServer(server);
    const revoked =
      grant.refreshToken === null
        ? await revoke(session, clientId, grant.accessToken, network, 'access_token')
        : await revoke(session, clientId, grant.refreshToken, network);
    if (!revoked.ok)
      this.#deps.log.warn('tokens nobody wanted could not be revoked', {
        code: revoked.failure.code,
      });
  }

  #newAccount(
    { server, client, grant }: RequestedCode,
    usable: ValidTokenResponse,
    sent: ReceivedTokens['sent'],
  ): Account {
    return {
      ...this.plan.identity,
      typed: this.plan.typed.typed,
      session: {
        server: toSessionServer(server),
        ...client,
        deviceId: grant.deviceId,
        scope: usable.scope,
        userId: null,
        displayName: null,
      },
      state: {
        ...withFreshTokens(tokensFrom(usable, usable.refreshToken, sent)),
        kind: 'unverified',
        waiting: null,
      },
      pendingWrite: null,
      spread: this.#deps.random.fraction(),
    };
  }

  #enter(state: LoginState): void {
    if (this.ended) return;
    this.#state = state;
    this.#changed();
  }
}

function endedMeanwhile({ state, label }: Account): Failure | null {
  const { kind } = state;
  return kind === 'signed-out' || kind === 'signing-out' ? { code: kind, account: label } : null;
}

/**
 * A token rejected right after sign-in means a problem with the account or its scope: don't refresh in a
 * loop.
 */
function refusedAtOnce(failure: Failure): Failure {
  return failure.code === 'token-rejected'
    ? { code: 'whoami-rejected', errcode: failure.errcode }
    : failure;
}
