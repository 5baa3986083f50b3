import type { Account, MonotonicMs, Lease, Tokens } from './account.ts';
import { refreshInDoubt } from './account.ts';
import type { FreshnessPolicy } from './record.ts';

/** The consumer of a lease from before a restart: the record does not store names. */
export const BEFORE_RESTART = 'a tool from before the restart';

const MINUTE = 60_000;

/**
 * How long before its expiry a token is refreshed: a minute, or a fifth of its lifetime if that is less.
 * In milliseconds.
 */
export function refreshMargin(lifetimeMs: number): number {
  return Math.min(MINUTE, lifetimeMs / 5);
}

/**
 * When to refresh in the background; null: only on request, or when a call is rejected.
 *
 * A refresh revokes the access token before it. So a token without a lease is refreshed shortly before
 * it expires, and a leased one only when it expires: no consumer loses a working token.
 *
 * @param chance jitter in [0, 1): spreads tokens issued together over a tenth of the margin
 */
export function refreshDue(
  policy: FreshnessPolicy,
  tokens: Tokens,
  leases: readonly Lease[],
  chance: number,
): MonotonicMs | null {
  const { expires, lifetimeMs } = tokens;
  if (policy === 'on-demand' || expires === null || lifetimeMs === null) return null;
  if (leases.length > 0) return expires;
  const margin = refreshMargin(lifetimeMs);
  return expires - margin - chance * (margin / 10);
}

/**
 * When to retry a failed refresh, whatever its reason. The caller has its error already, so a token that
 * another consumer has leased is not revoked for it.
 */
export function retryDue(
  retry: MonotonicMs,
  { expires }: Tokens,
  leases: readonly Lease[],
): MonotonicMs {
  return leases.length > 0 && expires !== null ? Math.max(retry, expires) : retry;
}

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
