import type { Account, MonotonicMs } from '../account.ts';
import { refreshInDoubt, retryGateOf } from '../account.ts';
import { activeLeases } from '../lease.ts';
import { refreshDue, retryDue } from './refresh-due.ts';

/**
 * When the next background action of an account is due, while no refresh is under way; null: none. Pure:
 * the jitter and everything that happened are in the account.
 */
export function actionDueAt(account: Account, now: MonotonicMs): MonotonicMs | null {
  const next = stateActionAt(account, now);
  const { pendingWrite } = account;
  return pendingWrite === null
    ? next
    : Math.min(pendingWrite.retryAt, next ?? pendingWrite.retryAt);
}

/** Limits that do not come from the account. */
export type ActionLimits = Readonly<{
  /** An exception interrupted the last action: none before this time. */
  notBefore: MonotonicMs | null;
  /** The network is back: due at this time at the latest. */
  notAfter: MonotonicMs | null;
}>;

/** No limits. */
export const NO_LIMITS: ActionLimits = { notBefore: null, notAfter: null };

/** {@link actionDueAt} within these limits. */
export function actionDueWithin(
  account: Account,
  now: MonotonicMs,
  limits: ActionLimits,
): MonotonicMs | null {
  const next = actionDueAt(account, now);
  if (next === null) return null;
  const notBefore = limits.notBefore ?? Number.NEGATIVE_INFINITY;
  const notAfter = limits.notAfter ?? Number.POSITIVE_INFINITY;
  // A leased token is still valid, and refreshing early would revoke it: `notAfter` doesn't apply.
  const isLeased = activeLeases(account, now).length > 0;
  return Math.max(isLeased ? next : Math.min(next, notAfter), notBefore);
}

function stateActionAt(account: Account, now: MonotonicMs): MonotonicMs | null {
  const wanted = wantedAt(account, now);
  const { kind } = account.state;
  // These two begin with another request, so the gate doesn't delay them. If they have to refresh as
  // well, `ManagedAccount` applies the gate to that.
  if (wanted === null || kind === 'unverified' || kind === 'signing-out') return wanted;
  return Math.max(wanted, retryGateOf(account)?.notBefore ?? Number.NEGATIVE_INFINITY);
}

function wantedAt(account: Account, now: MonotonicMs): MonotonicMs | null {
  const { policy, spread, state } = account;
  switch (state.kind) {
    case 'active': {
      if (refreshInDoubt(account)) return now;
      return refreshDue(policy, state.tokens, activeLeases(account, now), spread);
    }
    case 'unverified':
    case 'signing-out':
      return state.waiting?.retryAt ?? now;
    case 'retrying':
      return retryDue(state.waiting.retryAt, state.tokens, activeLeases(account, now));
    case 'unsaved':
    case 'locked':
      return state.waiting.retryAt;
    case 'refreshing':
      return state.retryAt;
    case 'signed-out':
      return null;
  }
}
