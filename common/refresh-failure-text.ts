import type { FailureCode } from './failure.ts';

/**
 * What has to change before a retry of a failed refresh can succeed. `connection`: the server becomes
 * reachable; `server`: the server, or whatever responded in its place, recovers; `person`: the user has to
 * act.
 */
export type RefreshBlocker = 'connection' | 'server' | 'person';

/** `text` continues a sentence (`last refresh failed: disk full`) or, capitalized, starts one. */
type RefreshFailureWords = Readonly<{ text: string; blocker: RefreshBlocker }>;

/** A table, so that a code without a decision does not compile. null: no refresh is retried after it. */
const WORDS: Readonly<Record<FailureCode, RefreshFailureWords | null>> = {
  unreachable: blockedBy('connection', "can't reach the server"),
  'too-large': blockedBy('server', 'response too large'),
  'redirect-refused': blockedBy('server', 'redirected to another address'),
  'server-unavailable': blockedBy('server', 'the server reported an error'),
  'rate-limited': blockedBy('server', 'rate limited by the server'),
  'malformed-response': blockedBy('server', 'unusable response'),
  'endpoint-gone': blockedBy('server', 'token endpoint not found'),

  // From looking up a token endpoint that is gone.
  'oauth-unsupported': blockedBy('server', 'the server no longer offers OAuth'),
  'device-grant-unsupported': blockedBy('server', 'the server no longer offers device sign-in'),
  'metadata-invalid': blockedBy('server', 'unusable server metadata'),
  'issuer-mismatch': blockedBy('server', "the sign-in server's name doesn't match"),
  'issuer-changed': blockedBy('person', 'the sign-in server has moved'),

  // From the write before a refresh is sent.
  'disk-full': blockedBy('person', 'disk full'),
  'disk-denied': blockedBy('person', 'no permission to write to disk'),
  'disk-failed': blockedBy('person', 'disk error'),
  'vault-locked': blockedBy('person', 'vault locked'),
  'vault-corrupt': blockedBy('person', 'vault damaged'),
  'vault-newer': blockedBy('person', 'vault written by a newer Keyfob'),
  'vault-in-use': blockedBy('person', 'vault in use by another Keyfob'),

  // These end the session or have an account state of their own.
  'session-ended': null,
  'registration-gone': null,
  'account-locked': null,
  'signed-out': null,
  'signing-out': null,
  'not-verified-yet': null,
  'token-rejected': null,
  'revocation-refused': null,
  'revocation-unsupported': null,
  'revocation-unconfirmed': null,

  // No refresh was attempted, or these come from elsewhere.
  'agent-stopping': null,
  'agent-not-running': null,
  'agent-other-version': null,
  'agent-silent': null,
  'socket-unsafe': null,
  'timed-out': null,
  'passphrase-needed': null,
  'vault-wrong-passphrase': null,
  'well-known-invalid': null,
  'homeserver-unusable': null,
  'homeserver-not-found': null,
  'not-a-server': null,
  'looks-like-email': null,
  'insecure-address': null,
  'client-metadata-invalid': null,
  'label-invalid': null,
  'label-taken': null,
  'account-unknown': null,
  'account-ambiguous': null,
  'login-unknown': null,
  'request-invalid': null,
  'registration-refused': null,
  'device-request-refused': null,
  'unsafe-link': null,
  'login-denied': null,
  'login-expired': null,
  'login-code-invalid': null,
  'login-refused': null,
  'login-cancelled': null,
  'token-type-unsupported': null,
  'refresh-token-missing': null,
  'scope-missing': null,
  'whoami-rejected': null,
  'other-user': null,
  'other-domain': null,
  'other-device': null,
};

/** For a code that this version does not know or that no refresh is retried after. */
const UNKNOWN: RefreshFailureWords = { text: 'refresh failed', blocker: 'server' };

/**
 * Why the last refresh failed, as part of a sentence: `can't reach the server`. The only
 * source of this text for the window, the tray, notifications, the CLI and the agent API.
 *
 * @param code the failure's, as the account's notice has it
 */
export function refreshFailureText(code: string): string {
  return wordsOf(code).text;
}

/** What has to happen before a retry can succeed. Takes the failure's code, as the account's notice has it. */
export function refreshBlocker(code: string): RefreshBlocker {
  return wordsOf(code).blocker;
}

function blockedBy(blocker: RefreshBlocker, text: string): RefreshFailureWords {
  return { text, blocker };
}

function wordsOf(code: string): RefreshFailureWords {
  const known = Object.hasOwn(WORDS, code) ? WORDS[code as FailureCode] : null;
  return known ?? UNKNOWN;
}
