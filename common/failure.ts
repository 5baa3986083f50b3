/**
 * Every expected failure: everything that can go wrong without a bug in Keyfob.
 *
 * `code` is an API: the window, the CLI's exit codes, the agent API and the tests depend on it, and never
 * on a message. A failure never contains a token, a code or a response body; it contains text from a
 * server only where a person needs it (`description`), cleaned and cut by `plainText`.
 */
export type Failure =
  | InputFailure
  | NetworkFailure
  | DiscoveryFailure
  | LoginFailure
  | SessionFailure
  | VaultFailure
  | AgentFailure;

/** Unusable input from the person. */
export type InputFailure = Readonly<
  | { code: 'not-a-server'; why: 'empty' | 'room' | 'link' | 'scheme' | 'malformed' }
  | { code: 'looks-like-email'; suggestion: string }
  | { code: 'insecure-address'; address: string }
  /** `isFile`: `field` is the path of a file with metadata that cannot be read at all. */
  | { code: 'client-metadata-invalid'; field: string; why: string; isFile?: true }
  | { code: 'label-invalid'; label: string }
  | { code: 'label-taken'; label: string }
  | { code: 'account-unknown'; account: string; labels: readonly string[] }
  | { code: 'account-ambiguous'; account: string; labels: readonly string[] }
  | { code: 'login-unknown'; login: string }
  | { code: 'request-invalid'; why: string }
>;

/** No usable response. Most of these are transient; none of them ends a session. */
export type NetworkFailure = Readonly<
  | {
      code: 'unreachable';
      host: string;
      /** `connect-timeout`: nothing was sent; `timeout`: the server may have received the request. */
      why:
        'dns' | 'refused' | 'reset' | 'tls' | 'connect-timeout' | 'timeout' | 'offline' | 'other';
      /** The person typed this server name, and its homeserver may be at another host. */
      isTypedServer?: true;
    }
  | { code: 'too-large'; host: string; limitBytes: number }
  | { code: 'redirect-refused'; host: string; status: number }
  | { code: 'server-unavailable'; host: string; status: number; retryAfterMs: number | null }
  | { code: 'rate-limited'; host: string; retryAfterMs: number | null }
  /** A response that is not what the endpoint sends: HTML from a proxy, a wrong type, a missing field. */
  | { code: 'malformed-response'; host: string; field: string }
  /** 404 or 405 where an endpoint should be: the metadata may be out of date. */
  | { code: 'endpoint-gone'; host: string; status: number }
>;

/** Discovery of the authorization server for what the person typed. */
export type DiscoveryFailure = Readonly<
  /** FAIL_PROMPT: prompt for the homeserver's address. */
  | { code: 'well-known-invalid'; host: string; why: string }
  /** FAIL_ERROR: the document is fine, the homeserver it names is not. */
  | {
      code: 'homeserver-unusable';
      homeserver: string;
      /** `address`: its URL is not allowed. All others: the failure of `/versions`. */
      why: 'address' | 'too-large' | 'redirect-refused' | 'malformed-response' | 'endpoint-gone';
    }
  /** IGNORE, and there is no homeserver at the server name itself either. */
  | { code: 'homeserver-not-found'; server: string }
  | { code: 'oauth-unsupported'; homeserver: string; legacy: 'password' | 'sso' | 'unknown' }
  | { code: 'device-grant-unsupported'; issuer: string }
  | { code: 'metadata-invalid'; host: string; field: string }
  | { code: 'issuer-mismatch'; announced: string; found: string }
>;

/** One sign-in by the device authorization grant. */
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
  /** `maybeSignedIn`: an earlier response was lost, and some servers call a used code expired. */
  | { code: 'login-expired'; maybeSignedIn?: true }
  /** The code was used already, or was withdrawn. `maybeSignedIn`: an earlier response was lost. */
  | { code: 'login-code-invalid'; maybeSignedIn: boolean }
  | { code: 'login-refused'; error: string; description: string | null }
  | { code: 'login-cancelled' }
  | { code: 'token-type-unsupported' }
  | { code: 'refresh-token-missing' }
  | { code: 'scope-missing' }
  | { code: 'whoami-rejected'; errcode: string | null }
  | { code: 'other-user'; expected: string; actual: string }
  /** The sign-in succeeded; shown as notices. */
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
  /** Signed in, but whoami has not succeeded yet. */
  | { code: 'not-verified-yet'; account: string }
  | { code: 'signing-out'; account: string }
  | { code: 'revocation-refused'; host: string; status: number; error: string | null }
  | { code: 'revocation-unsupported'; host: string }
  /** Revoked, but the homeserver still accepts the old token: from a cache, or the revocation had no effect. */
  | { code: 'revocation-unconfirmed'; host: string }
>;

/** The vault, which stores the sessions. */
export type VaultFailure = Readonly<
  | { code: 'vault-locked' }
  /** There is no way to ask for it. `isNew`: there is no vault yet, so the person has to choose one. */
  | { code: 'passphrase-needed'; isNew: boolean }
  | { code: 'vault-wrong-passphrase' }
  /**
   * `header-missing`: there are records, but no header to decrypt them with; `key-unknown`: they are
   * encrypted with a key that the header does not contain, as after mixing two backups.
   */
  | {
      code: 'vault-corrupt';
      quarantine: string | null;
      why?: 'header-missing' | 'header-damaged' | 'key-unknown';
    }
  | { code: 'vault-newer'; version: number }
  | { code: 'vault-in-use'; owner: string }
  | { code: 'disk-full'; path: string }
  | {
      code: 'disk-denied';
      path: string;
      /** `own`: the folder belongs to another user. Absent: a write. */
      attempted?: DiskAccess | 'own';
    }
  | { code: 'disk-failed'; path: string; errno: string; attempted?: DiskAccess }
>;

/** What Keyfob did with a file when the system refused; `read-passphrase`: read the passphrase file. */
export type DiskAccess = 'read' | 'read-passphrase' | 'write';

/** Between a client and the process that owns the vault. */
export type AgentFailure = Readonly<
  | { code: 'agent-not-running'; socket: string }
  | { code: 'agent-other-version'; agent: string; client: string }
  /** It is shutting down: it finishes what is under way and starts nothing new. */
  | { code: 'agent-stopping' }
  | { code: 'agent-silent'; afterMs: number }
  | { code: 'socket-unsafe'; path: string; why: string }
  | { code: 'timed-out'; afterMs: number }
>;

/** The name of a failure: stable, the same in the window, the CLI, the agent API and the tests. */
export type FailureCode = Failure['code'];

/**
 * Whether a later retry may succeed without a person doing anything. Any other failure ends the step; of
 * those only `session-ended` and `registration-gone` end a session.
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

/** How long the server asked Keyfob to wait, in milliseconds; null: not stated. */
export function retryAfterMs(failure: Failure): number | null {
  return 'retryAfterMs' in failure ? failure.retryAfterMs : null;
}
