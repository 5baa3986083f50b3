/**
 * For an exchange, unless its step has a limit of its own: milliseconds from the first byte sent to the
 * last one read, redirects included.
 */
export const REQUEST_LIMIT_MS = 30_000;

/**
 * Tuwunel takes the old refresh token once more for so long after the answer was lost. A refresh is in a
 * hurry while that lasts, and nothing is tried again at once later.
 */
export const LOSS_FORGIVEN_MS = 15_000;

/**
 * For all that one refresh asks servers: from when its first request leaves until the last answer is read
 * or given up. A second request is sent only while it has its whole time within this.
 */
export const FLIGHT_LIMIT_MS = LOSS_FORGIVEN_MS + REQUEST_LIMIT_MS;

/** For a refresh from beginning to end, unless the disk hangs: it is noted before, and saved after. */
export const REFRESH_LIMIT_MS = FLIGHT_LIMIT_MS + 10_000;
