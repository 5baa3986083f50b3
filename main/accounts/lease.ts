import type { Account, MonotonicMs, Lease, Tokens } from './account.ts';
import { refreshInDoubt } from './account.ts';
import type { FreshnessPolicy } from './record.ts';

/** Whoever was given a token by an earlier process: the record does not keep the name. */
export const BEFORE_RESTART = 'a tool from before the restart';

const MINUTE = 60_000;

/**
 * The margin before the end of a token's life in which it counts as used up: a minute, or a fifth of
 * the lifetime if that is less.
 */
export function refreshMargin(lifetimeMs: number): number {
  return Math.min(MINUTE, lifetimeMs / 5);
}

/**
 * When to refresh without being asked; null: only when somebody asks, or a call is rejected.
 *
 * A refresh kills the token handed out before it. So a token that nobody holds is refreshed shortly
 * before it expires, and one that somebody holds when it expires: nobody is cut short.
 *
 * @param chance in [0, 1): spreads accounts whose tokens were issued together over a tenth of the margin
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
 * When to try again after a refresh that failed, for whatever reason it was begun: whoever asked has
 * been told, so a token that somebody else holds is not cut short for it.
 */
export function retryDue(
  retry: MonotonicMs,
  { expires }: Tokens,
  leases: readonly Lease[],
): MonotonicMs {
  return leases.length > 0 && expires !== null ? Math.max(retry, expires) : retry;
}

/**
 * Whether the token may be handed to somebody who needs it for `minValidMs`.
 *
 * More than the server ever gives cannot be had by refreshing: what is asked is capped at the life
 * that a fresh token has left after its margin.
 */
export function livesLongEnough(tokens: Tokens, minValidMs: number, now: MonotonicMs): boolean {
  const { expires, lifetimeMs } = tokens;
  if (expires === null || lifetimeMs === null) return true;
  const most = lifetimeMs - refreshMargin(lifetimeMs);
  return expires - now >= Math.min(minValidMs, most) && expires > now;
}

/**
 * Who holds the current token, now. Nobody does if the token may be dead because a refresh is in
 * doubt: then there is nothing to spare.
 */
export function activeLeases(account: Account, now: MonotonicMs): readonly Lease[] {
  if (account.state.kind === 'signed-out' || refreshInDoubt(account)) return [];
  return unexpired(account.state.leases, now);
}

/** The leases that still hold at `now`. */
export function unexpired(leases: readonly Lease[], now: MonotonicMs): readonly Lease[] {
  return leases.filter(({ until }) => until === null || until > now);
}

/** The leases after one more handing-out; a consumer that asks again replaces its own. */
export function withLease(
  leases: readonly Lease[],
  lease: Lease,
  now: MonotonicMs,
): readonly Lease[] {
  const others = unexpired(leases, now).filter(({ consumer }) => consumer !== lease.consumer);
  return [...others, lease];
}
