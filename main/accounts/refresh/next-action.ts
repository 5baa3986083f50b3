import type { Account, MonotonicMs } from '../account.ts';
import { refreshInDoubt, retryGateOf } from '../account.ts';
import { activeLeases, refreshDue, retryDue } from '../lease.ts';

/**
 * When an account next wants something done without being asked, while nothing is under way; null:
 * nothing. Pure: chance and every earlier event are in the account.
 */
export function nextActionAt(account: Account, now: MonotonicMs): MonotonicMs | null {
  const next = stateActionAt(account, now);
  const { pendingWrite } = account;
  return pendingWrite === null ? next : Math.min(pendingWrite.retry, next ?? pendingWrite.retry);
}

/** What those who look after an account know besides the account itself. */
export type WakeUp = Readonly<{
  /** A bug broke the work off: nothing is done unasked before this instant. */
  notBefore: MonotonicMs | null;
  /** There is reason not to wait any longer, for example the network is back. */
  notAfter: MonotonicMs | null;
}>;

/** Nothing was decided outside of the account. */
export const NO_WAKE_UP: WakeUp = { notBefore: null, notAfter: null };

/** The same, with what was decided outside of the account. */
export function nextActionWithin(
  account: Account,
  now: MonotonicMs,
  wakeUp: WakeUp,
): MonotonicMs | null {
  const next = nextActionAt(account, now);
  if (next === null) return null;
  const notBefore = wakeUp.notBefore ?? Number.NEGATIVE_INFINITY;
  const notAfter = wakeUp.notAfter ?? Number.POSITIVE_INFINITY;
  // A token that somebody holds is good meanwhile: nothing is so urgent that it has to be cut short.
  const isHeld = activeLeases(account, now).length > 0;
  return Math.max(isHeld ? next : Math.min(next, notAfter), notBefore);
}

function stateActionAt(account: Account, now: MonotonicMs): MonotonicMs | null {
  const wanted = wantedAt(account, now);
  const { kind } = account.state;
  // What these two want is not a refresh in the first place.
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
