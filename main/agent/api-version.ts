/** The agent API's version: the `1` of `/v1/`, and of the header below. */
export const API_VERSION = '1';

/** Every answer of the agent carries these two, so that a client knows whom it talks to. */
export const API_HEADER = 'keyfob-api';
export const VERSION_HEADER = 'keyfob-version';
