import type { Failure } from '../../../common/failure.ts';
import { retryAfterMs } from '../../../common/failure.ts';
import { isGatewayTrouble } from '../../protocol/http/network-error.ts';
import { LOSS_FORGIVEN_MS } from '../../protocol/time-limits.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The longest pause between two tries. */
export const MAX_PAUSE_MS = 5 * MINUTE;

/** The longest pause between two tries to write: asking a disk costs nothing, and nobody waits for it. */
const MAX_DISK_PAUSE_MS = 10 * SECOND;

/**
 * How long to wait after the `attempt`-th failure in a row (counted from 1), in milliseconds.
 *
 * Quick at first (1, 2, 4 s): Tuwunel forgives a lost answer for 15 s only. Then doubling up to five
 * minutes, spread by a fifth either way so that a thousand accounts do not come back together. A
 * server's own `Retry-After` is never undercut, and is believed up to an hour.
 *
 * @param chance in [0, 1)
 */
export function backoffMs(attempt: number, failure: Failure, chance: number): number {
  const longest = isOfDisk(failure) ? MAX_DISK_PAUSE_MS : MAX_PAUSE_MS;
  const base = Math.min(SECOND * 2 ** Math.min(attempt - 1, 20), longest);
  const spread = attempt <= 3 ? base : base * (0.8 + 0.4 * chance);
  return Math.max(spread, serverRetryAfterMs(failure));
}

/** The pause that the server asked for, in milliseconds, and never more than an hour; 0: none. */
export function serverRetryAfterMs(failure: Failure): number {
  return Math.min(retryAfterMs(failure) ?? 0, 60 * MINUTE);
}

function isOfDisk({ code }: Failure): boolean {
  return code === 'disk-full' || code === 'disk-denied' || code === 'disk-failed';
}

/** The pauses while in a hurry are those after so many failures, at most: 2 s. */
const HURRIED_ATTEMPT = 2;

/**
 * How many failures in a row count, `sinceSentMs` after a refresh was sent; null: no answer is lost.
 *
 * While such a loss is forgiven, tries stay close together, however many have failed: the network may be
 * back before that is over.
 */
export function effectiveAttempt(attempt: number, sinceSentMs: number | null): number {
  const inHurry = sinceSentMs !== null && sinceSentMs < LOSS_FORGIVEN_MS;
  return inHurry ? Math.min(attempt, HURRIED_ATTEMPT) : attempt;
}

/**
 * Whether the server may have spent the refresh token although it gave no new one: an answer that was
 * lost, or a server or a proxy that failed, as it may have done afterwards: every 5xx. Until this is
 * settled, the old access token may be dead. 503 alone is a refusal: the server did not begin.
 */
export function mayHaveSpentToken(failure: Failure): boolean {
  if (failure.code !== 'server-unavailable') return mayBeLostResponse(failure);
  return failure.status >= 500 && failure.status !== 503;
}

/**
 * Whether a request may have reached the server although no usable answer came back: then the
 * server may have rotated the tokens, and asking again at once, with the same one, is what saves
 * the session.
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
      return isGatewayTrouble(failure.status);
    default:
      return false;
  }
}
