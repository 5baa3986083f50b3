import type { Account, MonotonicMs, Lease, Tokens } from './account.ts';
import { refreshInDoubt } from './account.ts';
import { refreshMargin } from './refresh/refresh-due.ts';

/** The consumer of a lease from before a restart: the record does not store names. */
export const BEFORE_RESTART = 'a tool from before the restart';

/**
 * Whether the token is valid for `minValidMs` or longer.
 *
 * A refresh cannot give more than the server's lifetime, so `minValidMs` is capped at what a fresh token
 * has left before its margin.
 */
export function livesLongEnough(tokens: Tokens, minValidMs: number, now: MonotonicMs): boolean {
  const { expires, lifetimeMs } = tokens;
  if (expires === null || lifetimeMs === null) return true;
  const most = lifetimeMs - refreshMargin(lifetimeMs);
  return expires - now >= Math.min(minValidMs, most) && expires > now;
}

/**
 * The leases of the current token at `now`. None while a refresh is in doubt: the token may be revoked,
 * so there is nothing to protect.
 */
export function activeLeases(account: Account, now: MonotonicMs): readonly Lease[] {
  if (account.state.kind === 'signed-out' || refreshInDoubt(account)) return [];
  return unexpired(account.state.leases, now);
}

/** The leases that have not expired at `now`. */
export function unexpired(leases: readonly Lease[], now: MonotonicMs): readonly Lease[] {
  return leases.filter(({ until }) => until === null || until > now);
}

/** Adds a lease; it replaces one of the same consumer. Expired leases are dropped. */
export function withLease(
  leases: readonly Lease[],
  lease: Lease,
  now: MonotonicMs,
): readonly Lease[] {
  const others = unexpired(leases, now).filter(({ consumer }) => consumer !== lease.consumer);
  return [...others, lease];
}
