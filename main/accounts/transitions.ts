import type { Failure } from '../../common/failure.ts';
import { isTransient } from '../../common/failure.ts';
import { unexpected } from '../../common/result.ts';
import type {
  Account,
  AccountEvent,
  AccountState,
  MonotonicMs,
  PendingWrite,
  Retry,
  WithTokens,
} from './account.ts';
import { attemptOf, endOfSession, lockOf, tokenFacts, withFreshTokens } from './account.ts';
import { withLease } from './lease.ts';
import { gateAfter } from './refresh/retry-gate.ts';
import type { Session } from './record.ts';

/**
 * The account after `event`. Pure: no clock, no I/O, and the same answer every time.
 *
 * A signed-out account stays signed out, whatever response arrives late. An account that is signing out
 * takes new tokens (they have to be revoked), but never becomes active again. New tokens are not used
 * until they are on disk, and only a successful whoami ends a lock.
 */
export function nextAccount(account: Account, event: AccountEvent): Account {
  if (event.kind === 'settings-changed')
    return { ...account, label: event.label, policy: event.policy };
  const pendingWrite = nextPendingWrite(account.pendingWrite, event);
  const noted = pendingWrite === account.pendingWrite ? account : { ...account, pendingWrite };
  const { state } = noted;
  if (state.kind === 'signed-out') return noted;
  const session = sessionAfter(noted.session, event);
  if (state.kind === 'signing-out')
    return { ...noted, session, state: nextSigningOut(state, event) };
  if (event.kind !== 'verified')
    return { ...noted, session, state: nextSignedIn(state, event, session.userId) };
  return {
    ...noted,
    ...event.settings,
    session: { ...session, ...event.who },
    state: state.kind === 'unverified' ? { ...tokenFacts(state), kind: 'active' } : state,
  };
}

/**
 * The write to retry after `event`; null: none. Only transient failures are retried, and any successful
 * write of the record ends the retrying.
 */
function nextPendingWrite(pending: PendingWrite | null, event: AccountEvent): PendingWrite | null {
  if (event.kind === 'written' || event.kind === 'refreshed') return null;
  if (event.kind !== 'write-failed' || !isTransient(event.failure)) return pending;
  const { failure, retryAt } = event;
  return { attempt: (pending?.attempt ?? 0) + 1, failure, retryAt };
}

/** Takes only what a refresh can change: whoami may have set the user while the refresh was under way. */
function sessionAfter(session: Session, event: AccountEvent): Session {
  if (event.kind !== 'refreshed' && event.kind !== 'save-failed') return session;
  const { server, scope } = event.session;
  return { ...session, server, scope };
}

type SignedIn = Exclude<AccountState, { kind: 'signed-out' } | { kind: 'signing-out' }>;
type SigningOut = Extract<AccountState, { kind: 'signing-out' }>;

function nextSignedIn(
  state: SignedIn,
  event: Exclude<AccountEvent, { kind: 'verified' } | { kind: 'settings-changed' }>,
  userId: string | null,
): AccountState {
  const facts = tokenFacts(state);
  const attempt = attemptOf(state) + 1;
  switch (event.kind) {
    case 'verify-failed':
      if (state.kind === 'locked') return stillLocked(state, event.retryAt);
      return state.kind === 'unverified'
        ? { ...state, waiting: waitingFor(attempt, event) }
        : state;
    case 'refresh-sent': {
      const sent = { ...facts, pendingRefresh: facts.pendingRefresh ?? event.pendingRefresh };
      if (isShownOverRefresh(state)) return { ...state, ...sent };
      return { ...sent, kind: 'refreshing', attempt: attempt - 1, retryAt: null };
    }
    case 'refresh-over':
      return state.kind === 'refreshing' ? { ...state, retryAt: event.retryAt } : state;
    case 'refreshed':
      return saved(withFreshTokens(event.tokens), lockOf(state), userId);
    case 'save-failed': {
      const waiting = { attempt, failure: event.failure, retryAt: event.retryAt };
      const unsaved = { ...facts, tokens: event.tokens, retryGate: null };
      return { ...unsaved, kind: 'unsaved', waiting, lock: lockOf(state) };
    }
    case 'refresh-failed':
      return afterFailedRefresh(state, event);
    case 'handed-out':
      return { ...state, leases: withLease(state.leases, event.lease, event.at) };
    case 'locked':
      return afterLock(state, event);
    case 'unlocked':
      if (state.kind === 'unsaved') return { ...state, lock: null };
      return state.kind === 'locked' ? saved(facts, null, userId) : state;
    case 'sign-out-requested':
      return { ...facts, kind: 'signing-out', since: event.since, revokedAt: null, waiting: null };
    case 'signed-out':
      return { kind: 'signed-out', why: event.why };
    case 'revoked':
    case 'revocation-void':
    case 'sign-out-failed':
    case 'written':
    case 'write-failed':
      return state;
    default:
      return unexpected(event);
  }
}

type RefreshFailed = Extract<AccountEvent, { kind: 'refresh-failed' }>;

/** What is known about the tokens after a refresh failed that did not end the session. */
function factsAfter(event: RefreshFailed): Pick<WithTokens, 'pendingRefresh' | 'retryGate'> {
  return {
    pendingRefresh: event.pendingRefresh,
    retryGate: gateAfter(event.failure, event.at),
  };
}

function afterFailedRefresh(state: SignedIn, event: RefreshFailed): AccountState {
  const why = endOfSession(event.failure);
  if (why !== null) return { kind: 'signed-out', why };
  const facts = factsAfter(event);
  if (state.kind === 'locked') return { ...stillLocked(state, event.retryAt), ...facts };
  if (state.kind === 'unsaved') return { ...state, ...facts };
  const waiting = waitingFor(attemptOf(state) + 1, event);
  return { ...tokenFacts(state), ...facts, kind: 'retrying', waiting };
}

function afterLock(
  state: SignedIn,
  event: Extract<AccountEvent, { kind: 'locked' }>,
): AccountState {
  if (state.kind === 'refreshing') return state;
  if (state.kind === 'unsaved')
    return { ...state, lock: waitingFor((state.lock?.attempt ?? 0) + 1, event) };
  const waiting = waitingFor(attemptOf(state) + 1, event);
  return { ...tokenFacts(state), kind: 'locked', waiting };
}

/**
 * Tokens that are on disk: whether they may be handed out depends on whether the account is locked, and
 * whether we know whose they are.
 */
function saved(facts: WithTokens, lock: Retry | null, userId: string | null): AccountState {
  if (lock !== null) return { ...facts, kind: 'locked', waiting: lock };
  return userId === null
    ? { ...facts, kind: 'unverified', waiting: null }
    : { ...facts, kind: 'active' };
}

/** States that stay visible while a refresh is under way: they matter more to the user. */
function isShownOverRefresh(state: SignedIn): boolean {
  return state.kind === 'locked' || state.kind === 'unsaved';
}

function stillLocked(
  state: Extract<SignedIn, { kind: 'locked' }>,
  retryAt: MonotonicMs,
): Extract<SignedIn, { kind: 'locked' }> {
  const { attempt, failure } = state.waiting;
  return { ...state, waiting: { attempt: attempt + 1, failure, retryAt } };
}

function nextSigningOut(state: SigningOut, event: AccountEvent): AccountState {
  switch (event.kind) {
    case 'refresh-sent':
      return { ...state, pendingRefresh: state.pendingRefresh ?? event.pendingRefresh };
    case 'refreshed':
      return { ...state, ...withFreshTokens(event.tokens) };
    case 'save-failed':
      return { ...state, tokens: event.tokens, retryGate: null };
    case 'refresh-failed': {
      const { pendingRefresh, retryGate } = factsAfter(event);
      // The session is over: no refresh will be sent again, and the access token is dead.
      return endOfSession(event.failure) === null
        ? { ...state, pendingRefresh, retryGate }
        : { ...state, pendingRefresh, retryGate: null, leases: [] };
    }
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

function waitingFor(attempt: number, event: { failure: Failure; retryAt: MonotonicMs }): Retry {
  return { attempt, failure: event.failure, retryAt: event.retryAt };
}
