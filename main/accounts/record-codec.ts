import { unexpected } from '../../common/result.ts';
import type { Account, MonotonicMs, Lease, Tokens } from './account.ts';
import { BEFORE_RESTART } from './lease.ts';
import type { StoredAccount, StoredState, StoredTokens } from './record.ts';
import type { WallAndUptime } from './uptime.ts';
import { timeBetween } from './uptime.ts';

/** The record of an account: everything that has to survive a restart, no monotonic times. */
export function toStored(account: Account): StoredAccount {
  const { id, label, typed, addedAt, policy, session } = account;
  return { id, label, typed, addedAt, policy, session, state: storedState(account) };
}

function storedState({ state, session }: Account): StoredState {
  switch (state.kind) {
    case 'signed-out':
      return { kind: 'signed-out', why: state.why };
    case 'signing-out': {
      const { since, revokedAt } = state;
      return { kind: 'signing-out', tokens: stored(state), since, revokedAt };
    }
    default: {
      const tokens = stored(state);
      const refreshSentAt = state.pendingRefresh?.at ?? null;
      return state.kind === 'unverified' || session.userId === null
        ? { kind: 'unverified', tokens, refreshSentAt }
        : { kind: 'active', tokens, refreshSentAt, held: state.leases.length > 0 };
    }
  }
}

function stored({ tokens }: { tokens: Tokens }): StoredTokens {
  const { access, refresh, issuedAt, issuedUptime, lifetimeMs } = tokens;
  return { access, refresh, issuedAt, issuedUptime, lifetimeMs };
}

/**
 * The account of a record, read at `moment`, which is `monotonic` on the clock of this process.
 *
 * A token of unknown age counts as expired: an unnecessary refresh costs little, handing out an expired
 * token costs trust. See `timeBetween`.
 *
 * @param spread jitter in [0, 1): see `Account`
 */
export function fromStored(
  record: StoredAccount,
  moment: WallAndUptime,
  monotonic: MonotonicMs,
  spread: number,
): Account {
  const { state, ...rest } = record;
  const revived = revivedState(state, moment, monotonic);
  return { ...rest, state: revived, pendingWrite: null, spread };
}

function revivedState(
  state: StoredState,
  moment: WallAndUptime,
  monotonic: MonotonicMs,
): Account['state'] {
  if (state.kind === 'signed-out') return state;
  const tokens = revivedTokens(state.tokens, moment, monotonic);
  const at = sentBefore(state);
  const pendingRefresh = at === null ? null : { at, sent: monotonic };
  const leases = leasesBefore(state, tokens);
  const facts = { tokens, pendingRefresh, leases, retryGate: null };
  switch (state.kind) {
    case 'unverified':
      return { ...facts, kind: 'unverified', waiting: null };
    case 'signing-out': {
      const { since, revokedAt } = state;
      return { ...facts, kind: 'signing-out', since, revokedAt, waiting: null };
    }
    case 'active':
      return { ...facts, kind: 'active' };
    default:
      return unexpected(state);
  }
}

type StoredWithTokens = Exclude<StoredState, { kind: 'signed-out' }>;

/**
 * When an earlier process sent a refresh whose response was not saved. An unconfirmed sign-out counts as
 * one: a server answers the revocation of an outdated token with success, but does nothing.
 */
function sentBefore(state: StoredWithTokens): number | null {
  if (state.kind !== 'signing-out') return state.refreshSentAt;
  return state.revokedAt === null ? state.since : null;
}

function leasesBefore(state: StoredWithTokens, { expires }: Tokens): readonly Lease[] {
  const isHeld = state.kind === 'active' && state.held;
  return isHeld ? [{ consumer: BEFORE_RESTART, until: expires }] : [];
}

function revivedTokens(
  tokens: StoredTokens,
  moment: WallAndUptime,
  monotonic: MonotonicMs,
): Tokens {
  const { issuedAt, issuedUptime, lifetimeMs } = tokens;
  const issued = issuedUptime && { now: issuedAt, uptime: issuedUptime };
  const ageMs = issued && timeBetween(issued, moment);
  const leftMs = lifetimeMs !== null && ageMs !== null ? lifetimeMs - ageMs : 0;
  return { ...tokens, expires: lifetimeMs === null ? null : monotonic + leftMs };
}
