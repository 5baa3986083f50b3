import type { Failure } from '../../../common/failure.ts';
import { retryAfterMs } from '../../../common/failure.ts';
import { isGatewayError } from '../../protocol/http/network-error.ts';
import { LOST_RESPONSE_GRACE_MS } from '../../protocol/time-limits.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The longest backoff. */
export const MAX_PAUSE_MS = 5 * MINUTE;

/** The longest backoff between writes: retrying a disk costs little. */
const MAX_DISK_PAUSE_MS = 10 * SECOND;

/**
 * Exponential backoff: milliseconds to wait after the `attempt`-th consecutive failure (counted from 1).
 *
 * Short at first (1, 2, 4 s), because Tuwunel accepts the old refresh token for only 15 s after a lost
 * response. Then doubling up to
 * five minutes, with 20 % jitter so that a thousand accounts do not retry at once. Never shorter than the
 * server's `Retry-After`, which is honoured up to an hour.
 *
 * @param chance jitter in [0, 1)
 */
export function backoffMs(attempt: number, failure: Failure, chance: number): number {
  const longest = isOfDisk(failure) ? MAX_DISK_PAUSE_MS : MAX_PAUSE_MS;
  const base = Math.min(SECOND * 2 ** Math.min(attempt - 1, 20), longest);
  const spread = attempt <= 3 ? base : base * (0.8 + 0.4 * chance);
  return Math.max(spread, serverRetryAfterMs(failure));
}

/** The server's `Retry-After` in milliseconds, capped at an hour; 0: none. */
export function serverRetryAfterMs(failure: Failure): number {
  return Math.min(retryAfterMs(failure) ?? 0, 60 * MINUTE);
}

function isOfDisk({ code }: Failure): boolean {
  return code === 'disk-full' || code === 'disk-denied' || code === 'disk-failed';
}

/** While the server may still accept the old refresh token, the backoff stops growing at this attempt: 2 s. */
const HURRIED_ATTEMPT = 2;

/**
 * The attempt number to compute the backoff with, `sinceSentMs` after a refresh in doubt was sent; null:
 * none is in doubt.
 *
 * Tuwunel accepts the old refresh token for 15 s after a lost response, so retries stay frequent for that
 * long: the network may be back in time.
 */
export function effectiveAttempt(attempt: number, sinceSentMs: number | null): number {
  const inHurry = sinceSentMs !== null && sinceSentMs < LOST_RESPONSE_GRACE_MS;
  return inHurry ? Math.min(attempt, HURRIED_ATTEMPT) : attempt;
}

/**
 * Whether the server may have consumed the refresh token without giving a new one: the response was lost,
 * or the server or a proxy failed, possibly after rotating the tokens (any 5xx). Until that is known, the
 * old access token may be revoked. Only 503 means that the request was not processed.
 */
export function mayHaveSpentToken(failure: Failure): boolean {
  if (failure.code !== 'server-unavailable') return mayBeLostResponse(failure);
  return failure.status >= 500 && failure.status !== 503;
}

/**
 * Whether a request may have reached the server although no usable response came back. Then the server
 * may have rotated the tokens, and retrying at once with the same refresh token saves the session.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#refresh-token-grant Matrix 1.18, refresh token grant}
 */
export function mayBeLostResponse(failure: Failure): boolean {
  switch (failure.code) {
    case 'unreachable':
      return failure.why === 'reset' || failure.why === 'timeout' || failure.why === 'other';
    case 'malformed-response':
    case 'too-large':
      return true;
    case 'server-unavailable':
      return isGatewayError(failure.status);
    default:
      return false;
  }
}
