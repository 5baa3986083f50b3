import type { Failure } from '../protocol/failure.ts';
import { retryAfterMs } from '../protocol/failure.ts';
import type { Account, AccountState, Instant } from './account.ts';

/** A caller that keeps asking while the server is away causes at most one request in this time. */
const MIN_PAUSE_MS = 1_000;

/** Why nothing of this account can be handed out at all; null: it can, or a refresh will tell. */
export function refusalOf({ state, label, session }: Account): Failure | null {
  switch (state.kind) {
    case 'signed-out':
      return { code: 'signed-out', account: label };
    case 'signing-out':
      return { code: 'signing-out', account: label };
    case 'locked':
      return { code: 'account-locked' };
    case 'unverified':
      return state.waiting?.failure ?? { code: 'not-verified-yet', account: label };
    default:
      return session.userId === null ? { code: 'not-verified-yet', account: label } : null;
  }
}

/**
 * The failure to repeat while it is too early to ask the server again; null: it is not. A pause that
 * the server asked for holds for every caller.
 *
 * @param lastEnded when the last request ended
 */
export function pauseOf(state: AccountState, lastEnded: Instant, elapsed: Instant): Failure | null {
  if (state.kind !== 'unreachable') return null;
  const { failure, retry } = state.waiting;
  const told = retryAfterMs(failure) !== null && elapsed < retry;
  return told || elapsed < lastEnded + MIN_PAUSE_MS ? failure : null;
}
