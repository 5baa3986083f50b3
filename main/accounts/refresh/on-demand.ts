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
 * New tokens because a caller wants them, its own may have been rejected. Callers at the same time share
 * one answer.
 *
 * Whoever asks again within a minute may be at a locked account: some servers give new tokens for it, and
 * reject each of them. So the homeserver is asked first whether it takes the new one; then the caller has
 * another, or is told `account-locked`. Whoever asks on and on gets what is there: a program in a loop is to
 * trouble neither the server nor the holders. A server that is away is told to each: the pauses between
 * the tries spare it already.
 */
export async function refreshOnDemand(
  managed: ManagedAccount,
  deps: Deps,
): Promise<Result<Tokens, Failure>> {
  const { callers: requests } = managed;
  const { state } = managed.account;
  if (requests.running !== null) return requests.running;
  const gate = retryGateOf(managed.account);
  const paused = serverBlock(gate, deps.clock.monotonicNow());
  if (paused !== null && !managed.isRefreshing) return err(paused);
  const isLocked = lockOf(state) !== null;
  if (isLocked && requests.askedRecently) return err({ code: 'account-locked' });
  if (managed.isRefreshing || (gate !== null && !isLocked)) return managed.forceRefresh();
  const held = requests.tryAcquire() ? null : managed.current;
  if (held !== null) return isLocked ? err({ code: 'account-locked' }) : ok(held);
  const suspected = isLocked || (requests.askedRecently && state.kind === 'active');
  return requests.run(() =>
    suspected ? recheckAndRefresh(managed, deps) : managed.forceRefresh(),
  );
}

/** Tokens that the homeserver was asked about are replaced if that has not happened in the asking. */
async function recheckAndRefresh(
  managed: ManagedAccount,
  deps: Deps,
): Promise<Result<Tokens, Failure>> {
  const before = tokensOf(managed.account);
  const looked = await recheckAccount(managed, deps);
  if (!looked.ok) return looked;
  const now = tokensOf(managed.account);
  return now === null || now === before ? managed.forceRefresh() : ok(now);
}
