import type {
  AccountSnapshot,
  AccountStateSnapshot,
  LoginSnapshot,
  LoginStateSnapshot,
  NoticeSnapshot,
} from '../../common/snapshots.ts';
import { accountManagementUrl } from '../protocol/account-management.ts';
import type { Failure } from '../../common/failure.ts';
import { describeFailure, describeRetriedFailure } from '../../common/failure-text.ts';
import { unexpected } from '../../common/result.ts';
import type { Account, MonotonicMs, Tokens } from './account.ts';
import { activeLeases } from './lease.ts';
import type { LoginPlan, LoginState } from './login/login-state.ts';
import { retryDue } from './refresh/refresh-due.ts';

/** Wall clock and monotonic clock at one moment: converts monotonic times for display. */
export type Moment = Readonly<{ now: number; monotonic: MonotonicMs }>;

/** The public view of an account. Secrets stop here. */
export function accountSnapshot(account: Account, moment: Moment): AccountSnapshot {
  const { id, label, addedAt, policy, session } = account;
  const { userId, displayName, deviceId, scope, server } = session;
  return {
    id,
    label,
    userId,
    displayName,
    deviceId,
    homeserver: server.homeserver,
    issuer: server.issuer,
    scope,
    addedAt,
    policy,
    accountPage: accountManagementUrl(server, 'device-list')?.href ?? null,
    state: stateSnapshot(account, moment),
  };
}

function stateSnapshot(account: Account, moment: Moment): AccountStateSnapshot {
  const { state } = account;
  const leases = activeLeases(account, moment.monotonic);
  switch (state.kind) {
    case 'unverified':
      return { kind: 'unverified', notice: noticeOf(state.waiting?.failure ?? null) };
    case 'active': {
      const expiresAt = expiryAt(state.tokens, moment);
      const heldBy = leases.map(({ consumer, until }) => ({
        consumer,
        untilAt: until === null ? null : timeOf(until, moment),
      }));
      return { kind: 'active', expiresAt, heldBy };
    }
    case 'refreshing':
      return { kind: 'refreshing', expiresAt: expiryAt(state.tokens, moment) };
    case 'unsaved':
      return { kind: 'unsaved', notice: describeRetriedFailure(state.waiting.failure) };
    case 'retrying': {
      const { attempt, failure } = state.waiting;
      const expiresAt = expiryAt(state.tokens, moment);
      const retryAt = timeOf(retryDue(state.waiting.retryAt, state.tokens, leases), moment);
      return {
        kind: 'retrying',
        attempt,
        retryAt,
        expiresAt,
        notice: describeRetriedFailure(failure),
      };
    }
    case 'locked': {
      const { retryAt, failure } = state.waiting;
      return {
        kind: 'locked',
        retryAt: timeOf(retryAt, moment),
        notice: describeRetriedFailure(failure),
      };
    }
    case 'signed-out':
      return state;
    case 'signing-out': {
      const { revokedAt, waiting } = state;
      const retryAt = waiting === null ? null : timeOf(waiting.retryAt, moment);
      const notice = noticeOf(waiting?.failure ?? null);
      return { kind: 'signing-out', revoked: revokedAt !== null, retryAt, notice };
    }
    default:
      return unexpected(state);
  }
}

/** The public view of a login, without the device code. */
export function loginSnapshot(
  id: string,
  plan: LoginPlan,
  state: LoginState,
  moment: Moment,
): LoginSnapshot {
  const { label, typed } = plan;
  return { id, typed: typed.typed, label, state: loginStateSnapshot(state, moment) };
}

function loginStateSnapshot(state: LoginState, moment: Moment): LoginStateSnapshot {
  switch (state.step) {
    case 'discovering':
    case 'cancelled':
      return state;
    case 'failed':
      return { step: 'failed', failure: describeFailure(state.failure) };
    case 'done':
      return doneSnapshot(state);
    case 'waiting':
      return waitingSnapshot(state, moment);
    case 'registering':
    case 'requesting-code':
    case 'verifying':
    case 'confirming': {
      const { server, ...rest } = state;
      const where = { homeserver: server.homeserver, issuer: server.issuer };
      if (rest.step !== 'verifying') return { ...where, ...rest };
      return { ...where, step: 'verifying', notice: noticeOf(rest.failure) };
    }
    default:
      return unexpected(state);
  }
}

function doneSnapshot({
  account,
  notices,
}: Extract<LoginState, { step: 'done' }>): LoginStateSnapshot {
  const { id, label, session } = account;
  return {
    step: 'done',
    accountId: id,
    label,
    userId: session.userId ?? '',
    deviceId: session.deviceId,
    homeserver: session.server.homeserver,
    notices: notices.map(describeFailure),
  };
}

function waitingSnapshot(
  { server, clientId, grant, deadline, progress }: Extract<LoginState, { step: 'waiting' }>,
  moment: Moment,
): LoginStateSnapshot {
  return {
    step: 'waiting',
    homeserver: server.homeserver,
    issuer: server.issuer,
    clientId,
    userCode: grant.userCode,
    verificationUri: grant.verificationUri.href,
    verificationUriComplete: grant.verificationUriComplete?.href ?? null,
    expiresAt: timeOf(deadline, moment),
    intervalMs: grant.intervalMs,
    poll: {
      state: progress.note,
      polls: progress.polls,
      nextAt: timeOf(progress.next, moment),
    },
  };
}

function noticeOf(failure: Failure | null): NoticeSnapshot | null {
  return failure === null ? null : describeRetriedFailure(failure);
}

function expiryAt({ expires }: Tokens, moment: Moment): number | null {
  return expires === null ? null : timeOf(expires, moment);
}

/** Converts a monotonic time to epoch milliseconds, by the wall clock's current setting. */
export function timeOf(instant: MonotonicMs, { now, monotonic }: Moment): number {
  return Math.round(now + instant - monotonic);
}
