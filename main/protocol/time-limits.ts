/**
 * Time-out of a request, unless its step has one of its own: milliseconds from the first byte sent to the
 * last one read, redirects included.
 */
export const REQUEST_TIMEOUT_MS = 30_000;

/**
 * How long after a lost response Tuwunel accepts the old refresh token once more. During this time a
 * refresh is retried at once; afterwards it backs off.
 */
export const LOST_RESPONSE_GRACE_MS = 15_000;

/**
 * Limit for all requests of one refresh: from when the first is sent until the last response is read or
 * given up. A second request is sent only if its whole time-out fits in.
 */
export const FLIGHT_LIMIT_MS = LOST_RESPONSE_GRACE_MS + REQUEST_TIMEOUT_MS;

/** Time-out of a whole refresh, including the writes before and after its requests (unless the disk hangs). */
export const REFRESH_TIMEOUT_MS = FLIGHT_LIMIT_MS + 10_000;
