/** The agent API's version: the `1` of `/v1/`, and of the header below. */
export const API_VERSION = '1';

/** Headers of every response, so that a client knows which agent it talks to. */
export const API_HEADER = 'keyfob-api';
export const VERSION_HEADER = 'keyfob-version';
