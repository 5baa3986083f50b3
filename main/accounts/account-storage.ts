import { unexpected } from '../protocol/outcome.ts';
import type { Account, Instant, Tokens } from './account.ts';
import type { StoredAccount } from './stored-account.ts';

/** The account as the vault keeps it: what must outlive the process, and nothing that dies with it. */
export function toStored(account: Account, refreshSentAt: number | null): StoredAccount {
  const { state, ...rest } = account;
  switch (state.kind) {
    case 'signed-out':
      return { ...rest, state: { kind: 'signed-out', why: state.why } };
    case 'signing-out': {
      const { since, revokedAt } = state;
      return { ...rest, state: { kind: 'signing-out', tokens: stored(state), since, revokedAt } };
    }
    case 'unverified':
      return { ...rest, state: { kind: 'unverified', tokens: stored(state) } };
    default:
      return rest.session.userId === null
        ? { ...rest, state: { kind: 'unverified', tokens: stored(state) } }
        : { ...rest, state: { kind: 'active', tokens: stored(state), refreshSentAt } };
  }
}

function stored({ tokens }: { tokens: Tokens }) {
  const { access, refresh, issuedAt, lifetimeMs } = tokens;
  return { access, refresh, issuedAt, lifetimeMs };
}

/**
 * The account as it was kept, alive again.
 *
 * The wall clock is all that outlives a process, and it may have been moved meanwhile. A token whose
 * remaining life comes out longer than its whole life is therefore taken as expired: a needless
 * refresh costs little, a token handed out dead costs trust.
 */
export function fromStored(record: StoredAccount, now: number, elapsed: Instant): Account {
  const { state, ...rest } = record;
  if (state.kind === 'signed-out') return { ...rest, state };
  const tokens = revive(state.tokens, now, elapsed);
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

function revive(tokens: Omit<Tokens, 'expires'>, now: number, elapsed: Instant): Tokens {
  const { access, refresh, issuedAt, lifetimeMs } = tokens;
  const age = now - issuedAt;
  const trusted = age >= 0;
  const expires = lifetimeMs === null ? null : elapsed + (trusted ? lifetimeMs - age : 0);
  return { access, refresh, issuedAt, lifetimeMs, expires };
}
