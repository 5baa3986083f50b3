import type { Failure, VaultFailure } from '../../common/failure.ts';
import type { Secret } from '../protocol/secret.ts';
import type { FreshnessPolicy, Identity, Session, SignedOutWhy } from './record.ts';
import type { Uptime } from './uptime.ts';

/**
 * Monotonic time: milliseconds of `Clock.monotonicNow()`. Means nothing outside of this process, so it is
 * never stored.
 */
export type MonotonicMs = number;

/** A pair of tokens in use. */
export type Tokens = Readonly<{
  access: Secret;
  refresh: Secret;
  /** Epoch milliseconds, when the token request was sent. Stored, but no lifetime is computed from it. */
  issuedAt: number;
  /** The machine's uptime at that moment; null: unknown. */
  issuedUptime: Uptime | null;
  /** Of the access token (`expires_in`); null: not given. */
  lifetimeMs: number | null;
  /** When the access token expires; null: unknown until a call is rejected. */
  expires: MonotonicMs | null;
}>;

/** A consumer was given the access token and may use it until the lease ends. */
export type Lease = Readonly<{
  consumer: string;
  /** null: the token has no known expiry. */
  until: MonotonicMs | null;
}>;

/** A refresh was sent and its response is not saved: the server may have rotated the tokens. */
export type PendingRefresh = Readonly<{
  /** Epoch milliseconds, just before the first such refresh was sent. This is what the record stores. */
  at: number;
  /** When the request left this process; after a restart, when the record was loaded. */
  sent: MonotonicMs;
}>;

/** The last refresh failed: until when no refresh is sent, and what callers are told meanwhile. */
export type RetryGate = Readonly<{
  failure: Failure;
  failedAt: MonotonicMs;
  /** From the server's `Retry-After`; null: it sent none. */
  notBefore: MonotonicMs | null;
}>;

/**
 * Tokens and everything known about them. The record stores the same facts, except monotonic times and
 * consumers.
 */
export type WithTokens = Readonly<{
  tokens: Tokens;
  /** A refresh in doubt; null: these are the newest tokens. */
  pendingRefresh: PendingRefresh | null;
  /** Who was given the access token. May include expired leases: see `activeLeases`. */
  leases: readonly Lease[];
  /** null: the last refresh succeeded, or there has been none. */
  retryGate: RetryGate | null;
}>;

/** A failure and when to try again. `attempt` counts from 1. */
export type Retry = Readonly<{ attempt: number; retryAt: MonotonicMs; failure: Failure }>;

/** A write that failed and will be retried. */
export type PendingWrite = Retry & Readonly<{ failure: VaultFailure }>;

/** One account: its session and the state it is in. Immutable; changes only by `nextAccount`. */
export type Account = Identity &
  Readonly<{
    session: Session;
    state: AccountState;
    /** The record on disk is out of date and will be written again; null: it is up to date. */
    pendingWrite: PendingWrite | null;
    /** Jitter in [0, 1), drawn once per process: spreads the refreshes of tokens issued together. */
    spread: number;
  }>;

/** A discriminated union: each state has only the fields that mean something in it. */
export type AccountState =
  /** Signed in and saved, but whoami has not answered yet. */
  | (WithTokens & Readonly<{ kind: 'unverified'; waiting: Retry | null }>)
  | (WithTokens & Readonly<{ kind: 'active' }>)
  /**
   * A refresh is under way. The old access token may be dead already, so it is not handed out.
   * `retryAt`: an exception interrupted the refresh, try again then; null: under way.
   */
  | (WithTokens & Readonly<{ kind: 'refreshing'; attempt: number; retryAt: MonotonicMs | null }>)
  /**
   * The server rotated the tokens, but writing them failed: the new pair is in memory only, and is not
   * used until it is on disk. `lock`: the account is locked too; null: it is not.
   */
  | (WithTokens &
      Readonly<{
        kind: 'unsaved';
        waiting: Retry & { failure: VaultFailure };
        lock: Retry | null;
      }>)
  /** The last refresh failed and will be retried. The access token may be valid until it expires. */
  | (WithTokens & Readonly<{ kind: 'retrying'; waiting: Retry }>)
  /** The server locked the account: the session exists, but its tokens are rejected. */
  | (WithTokens & Readonly<{ kind: 'locked'; waiting: Retry }>)
  | Readonly<{ kind: 'signed-out'; why: SignedOutWhy }>
  /** Until the server has confirmed the end of the session; survives restarts. */
  | (WithTokens &
      Readonly<{
        kind: 'signing-out';
        since: number;
        /** Epoch milliseconds of the server's confirmation; null: not yet. */
        revokedAt: number | null;
        waiting: Retry | null;
      }>);

/** Who signed in, according to the homeserver. */
export type Owner = Readonly<{ userId: string; deviceId: string; displayName: string | null }>;

/** The settings of an account. A new session of the same account takes them over. */
export type AccountSettings = Pick<Identity, 'label' | 'policy' | 'addedAt'>;

/** The parts of a session that a refresh can change. */
export type SessionUpdate = Pick<Session, 'server' | 'scope'>;

/** What can happen to an account. */
export type AccountEvent = Readonly<
  | { kind: 'verified'; who: Owner; settings: AccountSettings }
  | { kind: 'verify-failed'; failure: Failure; retryAt: MonotonicMs }
  /** A refresh is about to be sent. */
  | { kind: 'refresh-sent'; pendingRefresh: PendingRefresh }
  /**
   * The refresh has ended. If the state is still `refreshing`, an exception interrupted it: try again at
   * `retryAt`.
   */
  | { kind: 'refresh-over'; retryAt: MonotonicMs }
  /** The new tokens are on disk. */
  | { kind: 'refreshed'; tokens: Tokens; session: SessionUpdate }
  | {
      kind: 'save-failed';
      tokens: Tokens;
      session: SessionUpdate;
      failure: VaultFailure;
      retryAt: MonotonicMs;
    }
  /** `pendingRefresh`: the refresh that is in doubt now; null: none. */
  | {
      kind: 'refresh-failed';
      failure: Failure;
      at: MonotonicMs;
      retryAt: MonotonicMs;
      pendingRefresh: PendingRefresh | null;
    }
  /** A consumer was given the access token. */
  | { kind: 'handed-out'; lease: Lease; at: MonotonicMs }
  /** The record was written. */
  | { kind: 'written' }
  /** A write failed that has to be retried. */
  | { kind: 'write-failed'; failure: VaultFailure; retryAt: MonotonicMs }
  | { kind: 'locked'; failure: Failure; retryAt: MonotonicMs }
  | { kind: 'unlocked' }
  | { kind: 'sign-out-requested'; since: number }
  | { kind: 'revoked'; at: number }
  /** The server confirmed the revocation, but the session still works: revoke again. */
  | { kind: 'revocation-void' }
  | { kind: 'sign-out-failed'; failure: Failure; retryAt: MonotonicMs }
  | { kind: 'signed-out'; why: SignedOutWhy }
  /** The user changed the label or the refresh policy. */
  | { kind: 'settings-changed'; label: string; policy: FreshnessPolicy }
>;

/** Why this failure ends the session; null: it does not, the refresh is retried. */
export function endOfSession(failure: Failure): SignedOutWhy | null {
  if (failure.code === 'session-ended') return 'ended-by-server';
  if (failure.code === 'registration-gone') return 'registration-gone';
  return null;
}

/** State of tokens that were just issued and saved: no doubt, no lease, no gate. */
export function withFreshTokens(tokens: Tokens): WithTokens {
  return { tokens, pendingRefresh: null, leases: [], retryGate: null };
}

/** The fields that every state with tokens shares. */
export function tokenFacts({ tokens, pendingRefresh, leases, retryGate }: WithTokens): WithTokens {
  return { tokens, pendingRefresh, leases, retryGate };
}

/** Whether a refresh is in doubt: its response may be lost, so newer tokens may exist on the server. */
export function refreshInDoubt({ state }: Account): boolean {
  return state.kind !== 'signed-out' && state.pendingRefresh !== null;
}

/** The gate that the last refresh closed; null: it succeeded, or there are no tokens. */
export function retryGateOf({ state }: Account): RetryGate | null {
  return state.kind === 'signed-out' ? null : state.retryGate;
}

/** The tokens of an account; null: it is signed out. */
export function tokensOf(account: Account): Tokens | null {
  return account.state.kind === 'signed-out' ? null : account.state.tokens;
}

/** The account's lock and when to check it again; null: not locked. Only a successful whoami ends a lock. */
export function lockOf(state: AccountState): Retry | null {
  if (state.kind === 'locked') return state.waiting;
  return state.kind === 'unsaved' ? state.lock : null;
}

/** Number of consecutive failed attempts. */
export function attemptOf(state: AccountState): number {
  if (state.kind === 'refreshing') return state.attempt;
  return 'waiting' in state ? (state.waiting?.attempt ?? 0) : 0;
}

/** Why no token of this account can be handed out; null: one can, possibly after a refresh. */
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
      if (lockOf(state) !== null) return { code: 'account-locked' };
      return session.userId === null ? { code: 'not-verified-yet', account: label } : null;
  }
}
