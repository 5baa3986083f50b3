import type { Failure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import type { Tokens } from '../account.ts';
import { lockOf, retryGateOf, tokensOf } from '../account.ts';
import type { ManagedAccount } from '../managed-account.ts';
import { serverBlock } from './retry-gate.ts';
import type { Deps } from '../ports.ts';
import { recheckAccount } from '../verify.ts';

/**
 * Refreshes on a caller's request, for example because its token was rejected. Concurrent callers share
 * the result.
 *
 * A second request within a minute may mean that the account is locked: some servers issue new tokens for
 * a locked account and reject every one of them. So the homeserver is asked first whether it accepts the
 * current token; the caller then gets another one, or `account-locked`. Requests are rate-limited: a
 * program in a loop gets the current token, so that it disturbs neither the server nor other consumers.
 * After a failed refresh, a caller gets that failure for a second, or for as long as the server's
 * `Retry-After` says; the next caller then starts a new attempt, without waiting for the backoff.
 */
export async function refreshOnDemand(
  managed: ManagedAccount,
  deps: Deps,
): Promise<Result<Tokens, Failure>> {
  const { callers } = managed;
  const { state } = managed.account;
  if (callers.running !== null) return callers.running;
  const gate = retryGateOf(managed.account);
  const paused = serverBlock(gate, deps.clock.monotonicNow());
  if (paused !== null && !managed.isRefreshing) return err(paused);
  const isLocked = lockOf(state) !== null;
  if (isLocked && callers.askedRecently) return err({ code: 'account-locked' });
  if (managed.isRefreshing || (gate !== null && !isLocked)) return managed.forceRefresh();
  const cached = callers.tryAcquire() ? null : managed.cachedTokens;
  if (cached !== null) return isLocked ? err({ code: 'account-locked' }) : ok(cached);
  const suspected = isLocked || (callers.askedRecently && state.kind === 'active');
  return callers.run(() => (suspected ? recheckAndRefresh(managed, deps) : managed.forceRefresh()));
}

/** Refreshes unless the recheck has already done so. */
async function recheckAndRefresh(
  managed: ManagedAccount,
  deps: Deps,
): Promise<Result<Tokens, Failure>> {
  const before = tokensOf(managed.account);
  const checked = await recheckAccount(managed, deps);
  if (!checked.ok) return checked;
  const now = tokensOf(managed.account);
  return now === null || now === before ? managed.forceRefresh() : ok(now);
}
