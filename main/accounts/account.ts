import type { Failure, VaultFailure } from '../../common/failure.ts';
import type { Secret } from '../protocol/secret.ts';
import type { FreshnessPolicy, Identity, Session, SignedOutWhy } from './stored-account.ts';
import type { Uptime } from './uptime.ts';

/** A moment on the clock that never jumps: milliseconds of `Clock.elapsed()`. Dies with the process. */
export type Instant = number;

/** A pair of tokens in use. */
export type Tokens = Readonly<{
  access: Secret;
  refresh: Secret;
  /** Epoch milliseconds, when the request that brought them was sent: for the record, not for reckoning. */
  issuedAt: number;
  /** The same moment on the machine's own clock; null: not known. */
  issuedUptime: Uptime | null;
  /** Of the access token; null: the server did not say. */
  lifetimeMs: number | null;
  /** When the access token expires; null: unknown, so a rejected call tells. */
  expires: Instant | null;
}>;

/** One signed-in session, and everything that may be done with it right now. */
export type Account = Identity & Readonly<{ session: Session; state: AccountState }>;

/** What every wait for a next try knows. `attempt` counts from 1. */
export type Retry = Readonly<{ attempt: number; retry: Instant; failure: Failure }>;

/** A field exists only in the states in which it means something. */
export type AccountState = Readonly<
  /** Signed in and saved; the server has not yet said who it was. */
  | { kind: 'unverified'; tokens: Tokens; waiting: Retry | null }
  | { kind: 'active'; tokens: Tokens }
  /** The answer is awaited: the old access token may be dead already, so nothing is handed out. */
  | { kind: 'refreshing'; tokens: Tokens; attempt: number }
  /**
   * The server rotated, the disk refuses: the new pair is in memory, and nobody may use it yet. A lock
   * outlasts that; null: there is none.
   */
  | {
      kind: 'unsaved';
      tokens: Tokens;
      waiting: Retry & { failure: VaultFailure };
      lock: Retry | null;
    }
  /** The last refresh failed in a way that time heals. The token may still be good until it expires. */
  | { kind: 'retrying'; tokens: Tokens; waiting: Retry }
  /** The server locked the account: the session stands, its tokens do not work. */
  | { kind: 'locked'; tokens: Tokens; waiting: Retry }
  | { kind: 'signed-out'; why: SignedOutWhy }
  /** Ends for good once the server has confirmed; survives restarts until then. */
  | {
      kind: 'signing-out';
      tokens: Tokens;
      since: number;
      /** Epoch milliseconds of the server's confirmation; null: not yet. */
      revokedAt: number | null;
      waiting: Retry | null;
    }
>;

/** Who signed in, as the homeserver says. */
export type Who = Readonly<{ userId: string; deviceId: string; displayName: string | null }>;

/** What a person gave an account, and what a new session of it takes over. */
export type Place = Pick<Identity, 'label' | 'policy' | 'addedAt'>;

/** What of a session a refresh may have changed. */
export type Renewed = Pick<Session, 'server' | 'scope'>;

/** What can happen to an account. */
export type AccountEvent = Readonly<
  | { kind: 'verified'; who: Who; place: Place }
  | { kind: 'verify-failed'; failure: Failure; retry: Instant }
  | { kind: 'refresh-sent' }
  /** The new pair is on disk. */
  | { kind: 'refreshed'; tokens: Tokens; session: Renewed }
  | {
      kind: 'save-failed';
      tokens: Tokens;
      session: Renewed;
      failure: VaultFailure;
      retry: Instant;
    }
  | { kind: 'refresh-failed'; failure: Failure; retry: Instant }
  | { kind: 'locked'; failure: Failure; retry: Instant }
  | { kind: 'unlocked' }
  | { kind: 'sign-out-asked'; since: number }
  | { kind: 'revoked'; at: number }
  /** The server confirmed, yet the session lives on: revoke again. */
  | { kind: 'revocation-void' }
  | { kind: 'sign-out-failed'; failure: Failure; retry: Instant }
  | { kind: 'signed-out'; why: SignedOutWhy }
  /** The person gave it another label, or wants it kept fresh in another way. */
  | { kind: 'arranged'; label: string; policy: FreshnessPolicy }
>;

/** How a failed refresh ends the session; null: it does not, time heals it. */
export function endOfSession(failure: Failure): SignedOutWhy | null {
  if (failure.code === 'session-ended') return 'ended-by-server';
  if (failure.code === 'registration-gone') return 'registration-gone';
  return null;
}

/** The tokens of an account, in the states that have any. */
export function tokensOf(account: Account): Tokens | null {
  return account.state.kind === 'signed-out' ? null : account.state.tokens;
}

/** The lock that only the server's word ends, and when to look at it again; null: there is none. */
export function lockOf(state: AccountState): Retry | null {
  if (state.kind === 'locked') return state.waiting;
  return state.kind === 'unsaved' ? state.lock : null;
}

/** Tries that have failed so far in a row. */
export function attemptOf(state: AccountState): number {
  if (state.kind === 'refreshing') return state.attempt;
  return 'waiting' in state ? (state.waiting?.attempt ?? 0) : 0;
}
