import type { Account, MonotonicMs } from '../account.ts';
import { refreshInDoubt, retryGateOf } from '../account.ts';
import { activeLeases, refreshDue, retryDue } from '../lease.ts';

/**
 * When the next background action of an account is due, while no refresh is under way; null: none. Pure:
 * the jitter and everything that happened are in the account.
 */
export function nextActionAt(account: Account, now: MonotonicMs): MonotonicMs | null {
  const next = stateActionAt(account, now);
  const { pendingWrite } = account;
  return pendingWrite === null ? next : Math.min(pendingWrite.retry, next ?? pendingWrite.retry);
}

/** Limits that do not come from the account. */
export type WakeUp = Readonly<{
  /** An exception interrupted the last action: none before this time. */
  notBefore: MonotonicMs | null;
  /** The network is back: due at this time at the latest. */
  notAfter: MonotonicMs | null;
}>;

/** No limits. */
export const NO_WAKE_UP: WakeUp = { notBefore: null, notAfter: null };

/** {@link nextActionAt} within these limits. */
export function nextActionWithin(
  account: Account,
  now: MonotonicMs,
  wakeUp: WakeUp,
): MonotonicMs | null {
  const next = nextActionAt(account, now);
  if (next === null) return null;
  const notBefore = wakeUp.notBefore ?? Number.NEGATIVE_INFINITY;
  const notAfter = wakeUp.notAfter ?? Number.POSITIVE_INFINITY;
  // A leased token is still valid, and refreshing early would revoke it: `notAfter` doesn't apply.
  const isHeld = activeLeases(account, now).length > 0;
  return Math.max(isHeld ? next : Math.min(next, notAfter), notBefore);
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
      return state.waiting?.retry ?? now;
    case 'retrying':
      return retryDue(state.waiting.retry, state.tokens, activeLeases(account, now));
    case 'unsaved':
    case 'locked':
      return state.waiting.retry;
    case 'refreshing':
      return state.retry;
    case 'signed-out':
      return null;
  }
}
