import type { FailureCode } from './failure.ts';

/** What a command ends with. 0 is success. */
export type ExitCode = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 124;

const ERROR = 1;
const USAGE = 2;
const NO_AGENT = 3;
const SIGN_IN_NEEDED = 4;
const WHICH_ACCOUNT = 5;
const REFUSED = 6;
/** A retry is sensible. */
const UNAVAILABLE = 7;
const TIMED_OUT = 124;

/** A table, so that a code without a number does not compile. */
const EXIT_CODES: Readonly<Record<FailureCode, ExitCode>> = {
  'not-a-server': USAGE,
  'looks-like-email': USAGE,
  'insecure-address': USAGE,
  'client-metadata-invalid': USAGE,
  'label-invalid': USAGE,
  'label-taken': USAGE,
  'request-invalid': USAGE,
  'login-unknown': ERROR,
  'account-unknown': WHICH_ACCOUNT,
  'account-ambiguous': WHICH_ACCOUNT,

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
  'signing-out': SIGN_IN_NEEDED,
  'revocation-refused': REFUSED,
  'revocation-unsupported': ERROR,
  'revocation-unconfirmed': UNAVAILABLE,

  'vault-locked': REFUSED,
  'passphrase-needed': REFUSED,
  'vault-wrong-passphrase': REFUSED,
  'vault-corrupt': ERROR,
  'vault-newer': ERROR,
  'vault-in-use': ERROR,
  'disk-full': ERROR,
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
  return EXIT_CODES[code];
}
