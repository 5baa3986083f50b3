import type { FailureCode } from './failure.ts';

/** What a command ends with. 0 is success. */
export type ExitCode = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 124;

/** The HTTP status of a failure in the agent API. */
export type ErrorStatus = 400 | 401 | 403 | 404 | 409 | 500 | 503 | 504 | 507;

type Codes = Readonly<{ exit: ExitCode; http: ErrorStatus }>;

const ERROR: Codes = { exit: 1, http: 500 };
const USAGE: Codes = { exit: 2, http: 400 };
const NO_AGENT: Codes = { exit: 3, http: 503 };
const SIGN_IN_NEEDED: Codes = { exit: 4, http: 401 };
const WHICH_ACCOUNT: Codes = { exit: 5, http: 404 };
const REFUSED: Codes = { exit: 6, http: 403 };
/** A retry is sensible. */
const UNAVAILABLE: Codes = { exit: 7, http: 503 };
const TIMED_OUT: Codes = { exit: 124, http: 504 };

/** A table, so that a code without its numbers does not compile. */
const CODES: Readonly<Record<FailureCode, Codes>> = {
  'not-a-server': USAGE,
  'looks-like-email': USAGE,
  'insecure-address': USAGE,
  'client-metadata-invalid': USAGE,
  'label-invalid': USAGE,
  'label-taken': { ...USAGE, http: 409 },
  'request-invalid': USAGE,
  'login-unknown': { ...ERROR, http: 404 },
  'account-unknown': WHICH_ACCOUNT,
  'account-ambiguous': { ...WHICH_ACCOUNT, http: 409 },

  unreachable: UNAVAILABLE,
  'too-large': UNAVAILABLE,
  'redirect-refused': UNAVAILABLE,
  'server-unavailable': UNAVAILABLE,
  'rate-limited': UNAVAILABLE,
  'malformed-response': UNAVAILABLE,
  'endpoint-gone': UNAVAILABLE,

  'well-known-invalid': ERROR,
  'homeserver-unusable': ERROR,
  'homeserver-not-found': ERROR,
  'oauth-unsupported': ERROR,
  'device-grant-unsupported': ERROR,
  'metadata-invalid': ERROR,
  'issuer-mismatch': ERROR,

  'registration-refused': REFUSED,
  'device-request-refused': REFUSED,
  'unsafe-link': ERROR,
  'login-denied': REFUSED,
  'login-expired': TIMED_OUT,
  'login-code-invalid': SIGN_IN_NEEDED,
  'login-refused': REFUSED,
  'login-cancelled': ERROR,
  'token-type-unsupported': ERROR,
  'refresh-token-missing': ERROR,
  'scope-missing': ERROR,
  'whoami-rejected': REFUSED,
  'other-user': REFUSED,
  'other-domain': ERROR,
  'other-device': ERROR,

  'session-ended': SIGN_IN_NEEDED,
  'registration-gone': SIGN_IN_NEEDED,
  'token-rejected': SIGN_IN_NEEDED,
  'account-locked': REFUSED,
  'issuer-changed': SIGN_IN_NEEDED,
  'signed-out': SIGN_IN_NEEDED,
  'not-verified-yet': UNAVAILABLE,
  'signing-out': { ...SIGN_IN_NEEDED, http: 409 },
  'revocation-refused': REFUSED,
  'revocation-unsupported': ERROR,
  'revocation-unconfirmed': UNAVAILABLE,

  'vault-locked': REFUSED,
  'passphrase-needed': REFUSED,
  'vault-wrong-passphrase': REFUSED,
  'vault-corrupt': ERROR,
  'vault-newer': ERROR,
  'vault-in-use': { ...ERROR, http: 409 },
  'disk-full': { ...ERROR, http: 507 },
  'disk-denied': ERROR,
  'disk-failed': ERROR,

  'agent-not-running': NO_AGENT,
  'agent-other-version': ERROR,
  'agent-silent': UNAVAILABLE,
  'agent-stopping': NO_AGENT,
  'socket-unsafe': ERROR,
  'timed-out': TIMED_OUT,
};

/**
 * The exit code of a command that ended with this failure. An API, as the codes are: 1 error,
 * 2 usage, 3 no agent running, 4 sign-in needed, 5 account unknown or ambiguous, 6 refused or
 * locked, 7 server or network unavailable (a retry is sensible), 124 time-out.
 */
export function exitCodeOf(code: FailureCode): ExitCode {
  return CODES[code].exit;
}

/** The HTTP status of a request to the agent API that ended with this failure. */
export function httpStatusOf(code: FailureCode): ErrorStatus {
  return CODES[code].http;
}

/** Whether this version knows `code`: a newer agent may send codes of its own. */
export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(CODES, code);
}
