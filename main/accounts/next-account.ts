import type { Failure } from '../../common/failure.ts';
import { unexpected } from '../../common/result.ts';
import type { Account, AccountEvent, AccountState, Instant, Retry, Tokens } from './account.ts';
import { attemptOf, endOfSession, lockOf } from './account.ts';
import type { Session } from './stored-account.ts';

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
      return saved(event.tokens, lockOf(state), userId);
    case 'save-failed': {
      const waiting = { attempt, failure: event.failure, retry: event.retry };
      return { kind: 'unsaved', tokens: event.tokens, waiting, lock: lockOf(state) };
    }
    case 'refresh-failed':
      return afterFailedRefresh(state, event);
    case 'locked':
      return afterLock(state, event);
    case 'unlocked':
      if (state.kind === 'unsaved') return { ...state, lock: null };
      return state.kind === 'locked' ? saved(tokens, null, userId) : state;
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
  return { kind: 'retrying', tokens: state.tokens, waiting };
}

function afterLock(state: Held, event: Extract<AccountEvent, { kind: 'locked' }>): AccountState {
  if (state.kind === 'refreshing') return state;
  if (state.kind === 'unsaved')
    return { ...state, lock: waitingFor((state.lock?.attempt ?? 0) + 1, event) };
  const waiting = waitingFor(attemptOf(state) + 1, event);
  return { kind: 'locked', tokens: state.tokens, waiting };
}

/**
 * Tokens that are on disk: whether they may be handed out depends on whether the account is locked, and
 * whether we know whose they are.
 */
function saved(tokens: Tokens, lock: Retry | null, userId: string | null): AccountState {
  if (lock !== null) return { kind: 'locked', tokens, waiting: lock };
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
