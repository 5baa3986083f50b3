import { fetchProfile, fetchWhoami } from '../protocol/client-server.ts';
import type { Whoami } from '../protocol/client-server.ts';
import type { Failure } from '../../common/failure.ts';
import { isTransient } from '../../common/failure.ts';
import { err } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import type { Owner } from './account.ts';
import { lockOf } from './account.ts';
import { exponentialBackoff, retryUntil } from '../util/async.ts';
import type { ManagedAccount } from './managed-account.ts';
import type { Deps } from './ports.ts';

/** How often a locked account is checked in the background. */
const LOCKED_PAUSE_MS = 5 * 60_000;

/**
 * Asks the homeserver whose token this is (whoami). Refreshes first if the token is expired, in doubt or
 * not saved yet.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#get_matrixclientv3accountwhoami Matrix 1.18, whoami}
 */
export async function fetchIdentity(
  managed: ManagedAccount,
  { network }: Deps,
): Promise<Result<Whoami, Failure>> {
  const { label, state, session } = managed.account;
  if (state.kind === 'signed-out') return err({ code: 'signed-out', account: label });
  const tokens = await managed.ensureFresh();
  if (!tokens.ok) return tokens;
  return fetchWhoami(session.server.homeserver, tokens.value.access, network);
}

/**
 * Asks whose token this is and whether the account is locked, and updates the account's state.
 *
 * A rejected token is refreshed once: it may be outdated. If the new one is rejected too, the account is
 * locked: some servers report a lock in no other way, and keep issuing tokens. So an account that is
 * known to be locked is not refreshed for this.
 */
export async function recheckAccount(
  managed: ManagedAccount,
  deps: Deps,
): Promise<Result<Whoami, Failure>> {
  const answer = await fetchIdentityWithRefresh(managed, deps);
  if (answer.ok) {
    if (lockOf(managed.account.state) !== null) managed.apply({ kind: 'unlocked' });
  } else if (answer.failure.code === 'account-locked') {
    const retryAt = deps.clock.monotonicNow() + LOCKED_PAUSE_MS;
    managed.apply({ kind: 'locked', failure: answer.failure, retryAt });
  }
  return answer;
}

async function fetchIdentityWithRefresh(
  managed: ManagedAccount,
  deps: Deps,
): Promise<Result<Whoami, Failure>> {
  const who = await fetchIdentity(managed, deps);
  if (who.ok || who.failure.code !== 'token-rejected') return who;
  if (lockOf(managed.account.state) !== null) return err({ code: 'account-locked' });
  const replaced = await managed.forceRefresh();
  if (!replaced.ok) return replaced;
  const again = await fetchIdentity(managed, deps);
  if (again.ok || again.failure.code !== 'token-rejected') return again;
  return err({ code: 'account-locked' });
}

/** Repeats whoami until it succeeds or fails permanently. Rejects when aborted. */
export async function fetchIdentityUntilAnswered(
  managed: ManagedAccount,
  deps: Deps,
  signal: AbortSignal,
  waiting: (failure: Failure) => void,
): Promise<Result<Whoami, Failure>> {
  const answer = async () => {
    const whoami = await fetchIdentity(managed, deps);
    signal.throwIfAborted();
    return whoami;
  };
  const pauseMs = (attempt: number, result: Result<Whoami, Failure>) => {
    if (!result.ok) waiting(result.failure);
    return exponentialBackoff(attempt, 1_000, 30_000);
  };
  const until = (result: Result<Whoami, Failure>) => result.ok || !isTransient(result.failure);
  return retryUntil(answer, { until, pauseMs, timer: deps.clock, signal });
}

/** The result of whoami with the display name. The server's device ID wins over ours. */
export async function fetchOwner(
  managed: ManagedAccount,
  { userId, deviceId }: Whoami,
  { network }: Deps,
): Promise<Owner> {
  const { session } = managed.account;
  const tokens = await managed.ensureFresh();
  const about = tokens.ok
    ? await fetchProfile(session.server.homeserver, userId, tokens.value.access, network)
    : { displayName: null };
  return { userId, deviceId: deviceId ?? session.deviceId, displayName: about.displayName };
}
