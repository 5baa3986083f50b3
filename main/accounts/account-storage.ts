import { unexpected } from '../../common/result.ts';
import type { Account, Instant, Tokens } from './account.ts';
import type { StoredAccount, StoredState, StoredTokens } from './stored-account.ts';
import type { LastingMoment } from './uptime.ts';
import { timeBetween } from './uptime.ts';

/** What is told from one process to the next beside the account itself. */
export type Notes = Readonly<{
  /** A refresh was sent whose answer is not saved: epoch milliseconds. */
  refreshSentAt: number | null;
  /** Whether somebody may hold the access token. */
  held: boolean;
}>;

/** Of an account whose tokens are new: nothing. */
export const NO_NOTES: Notes = { refreshSentAt: null, held: false };

/** The account as the vault keeps it: what must outlive the process, and nothing that dies with it. */
export function toStored(account: Account, { refreshSentAt, held }: Notes): StoredAccount {
  const { state, ...rest } = account;
  switch (state.kind) {
    case 'signed-out':
      return { ...rest, state: { kind: 'signed-out', why: state.why } };
    case 'signing-out': {
      const { since, revokedAt } = state;
      return { ...rest, state: { kind: 'signing-out', tokens: stored(state), since, revokedAt } };
    }
    default: {
      const tokens = stored(state);
      return state.kind === 'unverified' || rest.session.userId === null
        ? { ...rest, state: { kind: 'unverified', tokens, refreshSentAt } }
        : { ...rest, state: { kind: 'active', tokens, refreshSentAt, held } };
    }
  }
}

/**
 * What the last process noted. A sign-out that was not confirmed counts as a refresh whose answer is
 * missing: revoking a token that is not the newest is answered with success, and does nothing.
 */
export function notesOf(state: StoredState): Notes {
  switch (state.kind) {
    case 'active':
      return { refreshSentAt: state.refreshSentAt, held: state.held };
    case 'unverified':
      return { refreshSentAt: state.refreshSentAt, held: false };
    case 'signing-out':
      return { refreshSentAt: state.revokedAt === null ? state.since : null, held: false };
    case 'signed-out':
      return NO_NOTES;
    default:
      return unexpected(state);
  }
}

function stored({ tokens }: { tokens: Tokens }): StoredTokens {
  const { access, refresh, issuedAt, issuedUptime, lifetimeMs } = tokens;
  return { access, refresh, issuedAt, issuedUptime, lifetimeMs };
}

/**
 * The account as it was kept, alive again at `moment`, which is `elapsed` on the clock of this process.
 *
 * A token whose age nobody knows is taken as expired: a needless refresh costs little, a token handed
 * out dead costs trust. See `timeBetween`.
 */
export function fromStored(
  record: StoredAccount,
  moment: LastingMoment,
  elapsed: Instant,
): Account {
  const { state, ...rest } = record;
  if (state.kind === 'signed-out') return { ...rest, state };
  const tokens = revive(state.tokens, moment, elapsed);
  switch (state.kind) {
    case 'unverified':
      return { ...rest, state: { kind: 'unverified', tokens, waiting: null } };
    case 'signing-out': {
      const { since, revokedAt } = state;
      return { ...rest, state: { kind: 'signing-out', tokens, since, revokedAt, waiting: null } };
    }
    case 'active':
      return { ...rest, state: { kind: 'active', tokens } };
    default:
      return unexpected(state);
  }
}

function revive(tokens: StoredTokens, moment: LastingMoment, elapsed: Instant): Tokens {
  const { issuedAt, issuedUptime, lifetimeMs } = tokens;
  const issued = issuedUptime && { now: issuedAt, uptime: issuedUptime };
  const ageMs = issued && timeBetween(issued, moment);
  const leftMs = lifetimeMs !== null && ageMs !== null ? lifetimeMs - ageMs : 0;
  return { ...tokens, expires: lifetimeMs === null ? null : elapsed + leftMs };
}
