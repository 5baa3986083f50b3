import type { Lease, MonotonicMs, Tokens } from '../account.ts';
import type { FreshnessPolicy } from '../record.ts';

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
 * @param spread jitter in [0, 1): spreads tokens issued together over a tenth of the margin
 */
export function refreshDue(
  policy: FreshnessPolicy,
  tokens: Tokens,
  leases: readonly Lease[],
  spread: number,
): MonotonicMs | null {
  const { expires, lifetimeMs } = tokens;
  if (policy === 'on-demand' || expires === null || lifetimeMs === null) return null;
  if (leases.length > 0) return expires;
  const margin = refreshMargin(lifetimeMs);
  return expires - margin - spread * (margin / 10);
}

/**
 * When to retry a failed refresh, whatever its reason. The caller has its error already, so a token that
 * another consumer has leased is not revoked for it.
 */
export function retryDue(
  retryAt: MonotonicMs,
  { expires }: Tokens,
  leases: readonly Lease[],
): MonotonicMs {
  return leases.length > 0 && expires !== null ? Math.max(retryAt, expires) : retryAt;
}
