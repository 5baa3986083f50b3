/**
 * Every way in which something can end badly without a bug of ours.
 *
 * `code` is an API: the window's words, the CLI's exit codes, the agent API and the tests key on it.
 * Nobody compares a message. A failure never holds a token, a code or a response body; text from a
 * server is kept only where a person needs it (`description`), cleaned and cut by `plainText`.
 */
export type Failure =
  | InputFailure
  | NetworkFailure
  | DiscoveryFailure
  | LoginFailure
  | SessionFailure
  | VaultFailure
  | AgentFailure;

/** What the person typed cannot be used. */
export type InputFailure = Readonly<
  | { code: 'not-a-server'; why: 'empty' | 'room' | 'link' | 'scheme' | 'malformed' }
  | { code: 'looks-like-email'; suggestion: string }
  | { code: 'insecure-address'; address: string }
  | { code: 'client-metadata-invalid'; field: string; why: string }
  | { code: 'label-invalid'; label: string }
  | { code: 'label-taken'; label: string }
  | { code: 'account-unknown'; account: string; labels: readonly string[] }
  | { code: 'account-ambiguous'; account: string; labels: readonly string[] }
  | { code: 'login-unknown'; login: string }
  | { code: 'request-invalid'; why: string }
>;

/** No usable answer came. Time heals most of these; none of them ends a session. */
export type NetworkFailure = Readonly<
  | {
      code: 'unreachable';
      host: string;
      /** `connect-timeout`: nothing was sent; `timeout`: the server may have got the request. */
      why:
        'dns' | 'refused' | 'reset' | 'tls' | 'connect-timeout' | 'timeout' | 'offline' | 'other';
    }
  | { code: 'too-large'; host: string; limitBytes: number }
  | { code: 'redirect-refused'; host: string; status: number }
  | { code: 'server-unavailable'; host: string; status: number; retryAfterMs: number | null }
  | { code: 'rate-limited'; host: string; retryAfterMs: number | null }
  /** An answer that is not what the endpoint speaks: HTML from a proxy, a wrong type, a missing field. */
  | { code: 'malformed-response'; host: string; field: string }
  /** 404, 405 or a redirect where an endpoint should be: the metadata may be out of date. */
  | { code: 'endpoint-gone'; host: string; status: number }
>;

/** The way from what was typed to an authorization server. */
export type DiscoveryFailure = Readonly<
  /** FAIL_PROMPT: ask for the homeserver's address. */
  | { code: 'well-known-invalid'; host: string; why: string }
  /** FAIL_ERROR: the document is fine, the homeserver it names is not. */
  | { code: 'homeserver-unusable'; homeserver: string; why: string }
  /** IGNORE, and no homeserver at the name itself either. */
  | { code: 'homeserver-not-found'; server: string }
  | { code: 'oauth-unsupported'; homeserver: string; legacy: 'password' | 'sso' | 'unknown' }
  | { code: 'device-grant-unsupported'; issuer: string }
  | { code: 'metadata-invalid'; host: string; field: string }
  | { code: 'issuer-mismatch'; announced: string; found: string }
>;

/** One run of the device grant. */
export type LoginFailure = Readonly<
  | {
      code: 'registration-refused';
      host: string;
      status: number;
      error: string | null;
      description: string | null;
    }
  | {
      code: 'device-request-refused';
      host: string;
      status: number;
      error: string | null;
      description: string | null;
    }
  | { code: 'unsafe-link'; field: string }
  | { code: 'login-denied' }
  /** `maybeSignedIn`: an earlier answer was lost, and some servers call a code that was used expired. */
  | { code: 'login-expired'; maybeSignedIn?: true }
  /** The code was used already, or the server forgot it. `maybeSignedIn`: an earlier answer was lost. */
  | { code: 'login-code-invalid'; maybeSignedIn: boolean }
  | { code: 'login-refused'; error: string; description: string | null }
  | { code: 'login-cancelled' }
  | { code: 'token-type-unsupported' }
  | { code: 'refresh-token-missing' }
  | { code: 'scope-missing' }
  | { code: 'whoami-rejected'; errcode: string | null }
  | { code: 'other-user'; expected: string; actual: string }
  /** Worth a person's attention although the sign-in worked: shown as notices. */
  | { code: 'other-domain'; expected: string; actual: string }
  | { code: 'other-device'; expected: string; actual: string }
>;

/** An account that was signed in. */
export type SessionFailure = Readonly<
  | { code: 'session-ended'; error: string }
  | { code: 'registration-gone'; error: string }
  | { code: 'token-rejected'; errcode: string | null; softLogout: boolean }
  | { code: 'account-locked' }
  | { code: 'issuer-changed'; was: string; is: string }
  | { code: 'signed-out'; account: string }
  /** Signed in, but the server has not yet said who it is. */
  | { code: 'not-verified-yet'; account: string }
  | { code: 'signing-out'; account: string }
  | { code: 'revocation-refused'; host: string; status: number; error: string | null }
  | { code: 'revocation-unsupported'; host: string }
  /** Revoked, but the homeserver still takes the old token: it caches, or the revocation had no effect. */
  | { code: 'revocation-unconfirmed'; host: string }
>;

/** Where the sessions are kept. */
export type VaultFailure = Readonly<
  | { code: 'vault-locked' }
  /** Nobody can be asked for it. `isNew`: the vault is still to be made, so it is to be chosen. */
  | { code: 'passphrase-needed'; isNew: boolean }
  | { code: 'vault-wrong-passphrase' }
  /**
   * `header-missing`: records are there, and nothing says how they are sealed; `key-unknown`: they are
   * sealed under a key that the header does not hold, as after a mix of two backups.
   */
  | {
      code: 'vault-corrupt';
      quarantine: string | null;
      why?: 'header-missing' | 'header-damaged' | 'key-unknown';
    }
  | { code: 'vault-newer'; version: number }
  | { code: 'vault-in-use'; owner: string }
  | { code: 'disk-full'; path: string }
  | { code: 'disk-denied'; path: string }
  | { code: 'disk-failed'; path: string; errno: string }
>;

/** Between a client and the process that holds the vault. */
export type AgentFailure = Readonly<
  | { code: 'agent-not-running'; socket: string }
  | { code: 'agent-other-version'; agent: string; client: string }
  /** It ends: what is under way is finished, and nothing new is begun. */
  | { code: 'agent-stopping' }
  | { code: 'agent-silent'; afterMs: number }
  | { code: 'socket-unsafe'; path: string; why: string }
  | { code: 'timed-out'; afterMs: number }
>;

/** The name of a failure: stable, the same in the window, the CLI, the agent API and the tests. */
export type FailureCode = Failure['code'];

/**
 * Whether the same request, sent again later, may well succeed: no person has to do anything.
 * A failure that does not heal by time ends the step; of these only `session-ended` and
 * `registration-gone` end a session.
 */
export function isTransient(failure: Failure): boolean {
  switch (failure.code) {
    case 'unreachable':
    case 'too-large':
    case 'redirect-refused':
    case 'server-unavailable':
    case 'rate-limited':
    case 'malformed-response':
    case 'endpoint-gone':
    case 'disk-full':
    case 'disk-denied':
    case 'disk-failed':
    case 'agent-silent':
    case 'agent-stopping':
    case 'timed-out':
    case 'revocation-unconfirmed':
    case 'not-verified-yet':
      return true;
    default:
      return false;
  }
}

/** How long the server asked us to wait, in milliseconds; null when it did not say. */
export function retryAfterMs(failure: Failure): number | null {
  return 'retryAfterMs' in failure ? failure.retryAfterMs : null;
}
