import type { Failure, VaultFailure } from '../protocol/failure.ts';
import { unexpected } from '../protocol/outcome.ts';
import type { Secret } from '../protocol/secret.ts';
import type { FreshnessPolicy, Identity, Session, SignedOutWhy } from './stored-account.ts';

/** A moment on the clock that never jumps: milliseconds of `Clock.elapsed()`. Dies with the process. */
export type Instant = number;

/** A pair of tokens in use. */
export type Tokens = Readonly<{
  access: Secret;
  refresh: Secret;
  /** Epoch milliseconds, when the request that brought them was sent: for the record, not for reckoning. */
  issuedAt: number;
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
  /** The server rotated, the disk refuses: the new pair is in memory, and nobody may use it yet. */
  | { kind: 'unsaved'; tokens: Tokens; waiting: Retry & { failure: VaultFailure } }
  /** The last refresh failed in a way that time heals. The token may still be good until it expires. */
  | { kind: 'unreachable'; tokens: Tokens; waiting: Retry }
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

/**
 * The account after `event`. Pure: no clock, no I/O, and the same answer every time.
 *
 * A signed-out account stays so: a late answer revives nothing. An account that is signing out takes
 * new tokens (they are what has to be revoked), but never becomes active again. A pair that is not on
 * disk is used for nothing until it is, and a lock ends only with the server's word.
 */
export function nextAccount(account: Account, event: AccountEvent): Account {
  const { state } = account;
  if (event.kind === 'arranged') return { ...account, label: event.label, policy: event.policy };
  if (state.kind === 'signed-out') return account;
  const session = sessionAfter(account.session, event);
  if (state.kind === 'signing-out')
    return { ...account, session, state: nextSigningOut(state, event) };
  if (event.kind !== 'verified')
    return { ...account, session, state: nextHeld(state, event, session.userId) };
  return {
    ...account,
    ...event.place,
    session: { ...session, ...event.who },
    state: state.kind === 'unverified' ? { kind: 'active', tokens: state.tokens } : state,
  };
}

/** Only what a refresh can change: whoever signed in may have become known while it was under way. */
function sessionAfter(session: Session, event: AccountEvent): Session {
  if (event.kind !== 'refreshed' && event.kind !== 'save-failed') return session;
  const { server, scope } = event.session;
  return { ...session, server, scope };
}

type Held = Exclude<AccountState, { kind: 'signed-out' } | { kind: 'signing-out' }>;
type SigningOut = Extract<AccountState, { kind: 'signing-out' }>;

function nextHeld(
  state: Held,
  event: Exclude<AccountEvent, { kind: 'verified' } | { kind: 'arranged' }>,
  userId: string | null,
): AccountState {
  const { tokens } = state;
  const attempt = attemptOf(state) + 1;
  switch (event.kind) {
    case 'verify-failed':
      if (state.kind === 'locked') return stillLocked(state, event.retry);
      return state.kind === 'unverified'
        ? { kind: 'unverified', tokens, waiting: waitingFor(attempt, event) }
        : state;
    case 'refresh-sent':
      return isHeldBack(state) ? state : { kind: 'refreshing', tokens, attempt: attempt - 1 };
    case 'refreshed':
      return state.kind === 'locked'
        ? { ...state, tokens: event.tokens }
        : usable(event.tokens, userId);
    case 'save-failed': {
      const { failure, retry } = event;
      return { kind: 'unsaved', tokens: event.tokens, waiting: { attempt, failure, retry } };
    }
    case 'refresh-failed':
      return afterFailedRefresh(state, event);
    case 'locked':
      return state.kind === 'unsaved' || state.kind === 'refreshing'
        ? state
        : { kind: 'locked', tokens, waiting: waitingFor(attempt, event) };
    case 'unlocked':
      return state.kind === 'locked' ? usable(tokens, userId) : state;
    case 'sign-out-asked':
      return { kind: 'signing-out', tokens, since: event.since, revokedAt: null, waiting: null };
    case 'signed-out':
      return { kind: 'signed-out', why: event.why };
    case 'revoked':
    case 'revocation-void':
    case 'sign-out-failed':
      return state;
    default:
      return unexpected(event);
  }
}

function afterFailedRefresh(
  state: Held,
  event: Extract<AccountEvent, { kind: 'refresh-failed' }>,
): AccountState {
  const why = endOfSession(event.failure);
  if (why !== null) return { kind: 'signed-out', why };
  if (state.kind === 'locked') return stillLocked(state, event.retry);
  if (state.kind === 'unsaved') return state;
  const waiting = waitingFor(attemptOf(state) + 1, event);
  return { kind: 'unreachable', tokens: state.tokens, waiting };
}

/** Tokens that are on disk: whether they may be handed out depends on whether we know whose they are. */
function usable(tokens: Tokens, userId: string | null): AccountState {
  return userId === null
    ? { kind: 'unverified', tokens, waiting: null }
    : { kind: 'active', tokens };
}

/** States that a refresh under way does not cover up: they say more than it does. */
function isHeldBack(state: Held): boolean {
  return state.kind === 'locked' || state.kind === 'unsaved';
}

function stillLocked(
  state: Extract<Held, { kind: 'locked' }>,
  retry: Instant,
): Extract<Held, { kind: 'locked' }> {
  const { attempt, failure } = state.waiting;
  return { ...state, waiting: { attempt: attempt + 1, failure, retry } };
}

function nextSigningOut(state: SigningOut, event: AccountEvent): AccountState {
  switch (event.kind) {
    case 'refreshed':
    case 'save-failed':
      return { ...state, tokens: event.tokens };
    case 'revoked':
      return { ...state, revokedAt: event.at, waiting: null };
    case 'revocation-void':
      return { ...state, revokedAt: null };
    case 'sign-out-failed':
      return { ...state, waiting: waitingFor((state.waiting?.attempt ?? 0) + 1, event) };
    case 'signed-out':
      return { kind: 'signed-out', why: event.why };
    default:
      return state;
  }
}

function waitingFor(attempt: number, event: { failure: Failure; retry: Instant }): Retry {
  return { attempt, failure: event.failure, retry: event.retry };
}

/** Tries that have failed so far in a row. */
export function attemptOf(state: AccountState): number {
  if (state.kind === 'refreshing') return state.attempt;
  return 'waiting' in state ? (state.waiting?.attempt ?? 0) : 0;
}
