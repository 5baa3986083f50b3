import type { Failure, VaultFailure } from '../../common/failure.ts';
import type { Secret } from '../protocol/secret.ts';
import type { FreshnessPolicy, Identity, Session, SignedOutWhy } from './record.ts';
import type { Uptime } from './uptime.ts';

/** A moment on the clock that never jumps: milliseconds of `Clock.monotonicNow()`. Dies with the process. */
export type MonotonicMs = number;

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
  expires: MonotonicMs | null;
}>;

/** A promise made when a token was handed out: to whom, and until when it holds. */
export type Lease = Readonly<{
  consumer: string;
  /** null: the server did not say how long the token lives. */
  until: MonotonicMs | null;
}>;

/** A refresh was sent and its response is not saved: the server may have rotated the tokens. */
export type PendingRefresh = Readonly<{
  /** Epoch milliseconds, when the first such refresh was about to be sent: for the record. */
  at: number;
  /** When it really left; after a restart, when this process loaded the record. */
  sent: MonotonicMs;
}>;

/** The last refresh failed, so the server gets a pause. */
export type RetryGate = Readonly<{
  /** What callers are told meanwhile. */
  failure: Failure;
  failedAt: MonotonicMs;
  /** The server asked for no refresh before this instant (`Retry-After`); null: it did not ask. */
  notBefore: MonotonicMs | null;
}>;

/** Tokens, and what is known about them. The record keeps the same facts, except instants and names. */
export type WithTokens = Readonly<{
  tokens: Tokens;
  /** null: the newest tokens are ours. */
  refreshSentAt: PendingRefresh | null;
  /** Who was given the access token; expired leases may still be among them, see `activeLeases`. */
  leases: readonly Lease[];
  /** null: the last refresh succeeded, or there has been none. */
  retryGate: RetryGate | null;
}>;

/** What every wait for a next try knows. `attempt` counts from 1. */
export type Retry = Readonly<{ attempt: number; retry: MonotonicMs; failure: Failure }>;

/** A write that the disk refused. */
export type PendingWrite = Retry & Readonly<{ failure: VaultFailure }>;

/** One signed-in session, and everything that may be done with it right now. */
export type Account = Identity &
  Readonly<{
    session: Session;
    state: AccountState;
    /** The record on disk is out of date, and when to write it again; null: it is up to date. */
    pendingWrite: PendingWrite | null;
    /** In [0, 1), drawn once per process: spreads accounts whose tokens were issued together. */
    spread: number;
  }>;

/** A field exists only in the states in which it means something. */
export type AccountState =
  /** Signed in and saved; the server has not yet said who it was. */
  | (WithTokens & Readonly<{ kind: 'unverified'; waiting: Retry | null }>)
  | (WithTokens & Readonly<{ kind: 'active' }>)
  /**
   * The response is awaited: the old access token may be dead already, so nothing is handed out.
   * `retry`: a bug broke the refresh off, and this is when to try again; null: it is under way.
   */
  | (WithTokens & Readonly<{ kind: 'refreshing'; attempt: number; retry: MonotonicMs | null }>)
  /**
   * The server rotated, the disk refuses: the new pair is in memory, and nobody may use it yet. A lock
   * outlasts that; null: there is none.
   */
  | (WithTokens &
      Readonly<{
        kind: 'unsaved';
        waiting: Retry & { failure: VaultFailure };
        lock: Retry | null;
      }>)
  /** The last refresh failed in a way that time heals. The token may still be good until it expires. */
  | (WithTokens & Readonly<{ kind: 'retrying'; waiting: Retry }>)
  /** The server locked the account: the session stands, its tokens do not work. */
  | (WithTokens & Readonly<{ kind: 'locked'; waiting: Retry }>)
  | Readonly<{ kind: 'signed-out'; why: SignedOutWhy }>
  /** Ends for good once the server has confirmed; survives restarts until then. */
  | (WithTokens &
      Readonly<{
        kind: 'signing-out';
        since: number;
        /** Epoch milliseconds of the server's confirmation; null: not yet. */
        revokedAt: number | null;
        waiting: Retry | null;
      }>);

/** Who signed in, as the homeserver says. */
export type Owner = Readonly<{ userId: string; deviceId: string; displayName: string | null }>;

/** What a person gave an account, and what a new session of it takes over. */
export type AccountSettings = Pick<Identity, 'label' | 'policy' | 'addedAt'>;

/** What of a session a refresh may have changed. */
export type SessionUpdate = Pick<Session, 'server' | 'scope'>;

/** What can happen to an account. */
export type AccountEvent = Readonly<
  | { kind: 'verified'; who: Owner; settings: AccountSettings }
  | { kind: 'verify-failed'; failure: Failure; retry: MonotonicMs }
  /** A refresh is about to be sent. */
  | { kind: 'refresh-sent'; sent: PendingRefresh }
  /** No refresh is under way any more. Where one still seems to be, a bug broke it off: it is tried again at `retry`. */
  | { kind: 'refresh-over'; retry: MonotonicMs }
  /** The new pair is on disk. */
  | { kind: 'refreshed'; tokens: Tokens; session: SessionUpdate }
  | {
      kind: 'save-failed';
      tokens: Tokens;
      session: SessionUpdate;
      failure: VaultFailure;
      retry: MonotonicMs;
    }
  /** `refreshSentAt`: the refresh whose response is missing now; null: none is. */
  | {
      kind: 'refresh-failed';
      failure: Failure;
      at: MonotonicMs;
      retry: MonotonicMs;
      refreshSentAt: PendingRefresh | null;
    }
  /** A consumer was given the access token. */
  | { kind: 'handed-out'; lease: Lease; at: MonotonicMs }
  /** The record was written. */
  | { kind: 'written' }
  /** The disk refused a write that has to be made up for later. */
  | { kind: 'write-failed'; failure: VaultFailure; retry: MonotonicMs }
  | { kind: 'locked'; failure: Failure; retry: MonotonicMs }
  | { kind: 'unlocked' }
  | { kind: 'sign-out-asked'; since: number }
  | { kind: 'revoked'; at: number }
  /** The server confirmed, yet the session lives on: revoke again. */
  | { kind: 'revocation-void' }
  | { kind: 'sign-out-failed'; failure: Failure; retry: MonotonicMs }
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

/** The facts about tokens that were just issued and saved. */
export function withFreshTokens(tokens: Tokens): WithTokens {
  return { tokens, refreshSentAt: null, leases: [], retryGate: null };
}

/** The tokens and what is known about them, without what only some states have. */
export function tokenFacts({ tokens, refreshSentAt, leases, retryGate }: WithTokens): WithTokens {
  return { tokens, refreshSentAt, leases, retryGate };
}

/** Whether the response to a refresh may have been lost: the newest tokens may not be ours. */
export function refreshInDoubt({ state }: Account): boolean {
  return state.kind !== 'signed-out' && state.refreshSentAt !== null;
}

/** The pause after a failed refresh; null: there is none. */
export function retryGateOf({ state }: Account): RetryGate | null {
  return state.kind === 'signed-out' ? null : state.retryGate;
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
      if (lockOf(state) !== null) return { code: 'account-locked' };
      return session.userId === null ? { code: 'not-verified-yet', account: label } : null;
  }
}
