import type { Failure, FailureCode, NetworkFailure } from './failure.ts';
import { unexpected } from './result.ts';
import { plainText } from './sanitize.ts';
import { delayText } from './time.ts';

/** A failure as a person reads it, wherever they meet it. */
export type FailureDescription = Readonly<{
  code: FailureCode;
  /** What happened: whole sentences. */
  message: string;
  /** What to do next: whole sentences. */
  hint: string;
}>;

/**
 * Describes a failure that ended what was requested: what happened, with the names involved, and what
 * the person can do. English.
 */
export function describeFailure(failure: Failure): FailureDescription {
  const [message, hint] = textOf(failure);
  return { code: failure.code, message, hint };
}

/**
 * {@link describeFailure} for a failure that Keyfob retries on its own, as it does for an account: the
 * hint does not ask the person to try again.
 */
export function describeRetriedFailure(failure: Failure): FailureDescription {
  const [message, hint, retriedHint] = textOf(failure);
  return { code: failure.code, message, hint: retriedHint ?? hint };
}

/** `retriedHint`: what to do while Keyfob keeps retrying; absent where the hint is the same. */
type Text = readonly [message: string, hint: string, retriedHint?: string];

/** What `why` says of the failures of one code. */
type Reasons<C extends FailureCode> = Readonly<
  Record<Extract<Extract<Failure, { code: C }>, { why?: string }>['why'] & string, string>
>;

/** A table, so that a code without a text does not compile. */
type FailureTexts = {
  readonly [C in FailureCode]: (failure: Extract<Failure, { code: C }>) => Text;
};

function textOf(failure: Failure): Text {
  // The entry for a code takes the failures of that code; TypeScript cannot follow that through a union.
  const text = TEXTS[failure.code] as (failure: Failure) => Text;
  return text(failure);
}

const KEEPS_RETRYING = 'Keyfob keeps retrying.';
const NO_ACTION = `No action is needed. ${KEEPS_RETRYING}`;
const TELL_ADMIN = "Tell your server admin; Keyfob can't work around this.";
const SIGN_IN_AGAIN = 'Sign in again, in the app or with keyfob login SERVER.';
const NEW_CODE = 'Start again to get a new code.';
const MAYBE_SIGNED_IN = `${NEW_CODE} A response was lost, so check your device list for a device you don't recognize.`;
const OWN_ADDRESS = "the homeserver's own address, such as https://matrix.example.org";
const CAPTIVE_PORTAL = 'If your network has a sign-in page (captive portal), sign in there';
const SERVER_HINT =
  'Enter a server such as example.org, or your user ID such as @alice:example.org.';
const WHOLE_VAULT_HINT =
  'Nothing was changed. Restore the whole vault folder from a backup, or move it away and sign in again.';
const PASSPHRASE_FILE =
  'Set KEYFOB_PASSPHRASE_FILE to a file that contains your passphrase and that you can read.';
const END_ON_ACCOUNT_PAGE = 'End it on your account page instead, in the device list.';

const NOT_A_SERVER: Reasons<'not-a-server'> = {
  empty: 'No server was entered.',
  room: 'That is a room, not a server.',
  link: 'That is a Matrix link, not a server.',
  scheme: 'A server address starts with https://.',
  malformed: 'That is not a server name, user ID or web address.',
};

const UNREACHABLE: Reasons<'unreachable'> = {
  dns: 'the host name was not found',
  refused: 'the connection was refused',
  reset: 'the connection was closed',
  tls: 'no secure connection could be made, or its certificate is not valid',
  'connect-timeout': 'connecting timed out',
  timeout: 'the request timed out',
  offline: 'there is no network connection',
  other: 'the connection failed',
};

const UNUSABLE_HOMESERVER: Omit<Reasons<'homeserver-unusable'>, 'address'> = {
  'too-large': 'its response is too large',
  'redirect-refused': 'it redirects to another address',
  'malformed-response': 'its response is not in the expected format',
  'endpoint-gone': 'the Matrix API is not there',
};

const LEGACY_LOGIN: Readonly<Record<'password' | 'sso' | 'unknown', string>> = {
  password: ', only passwords',
  sso: ', only the older single sign-on',
  unknown: '',
};

const CORRUPT_VAULT: Reasons<'vault-corrupt'> = {
  'header-missing':
    'The vault contains sessions, but the header file needed to decrypt them is missing.',
  'header-damaged': "The vault's header file, needed to decrypt your sessions, is damaged.",
  'key-unknown': 'The sessions in the vault are encrypted with a key that the vault does not have.',
};

const TEXTS: FailureTexts = {
  // What the person typed.

  'not-a-server': ({ why }) => [NOT_A_SERVER[why], SERVER_HINT],
  'looks-like-email': ({ suggestion }) => [
    'That looks like an email address. Matrix finds servers by user ID.',
    `If you meant ${shown(suggestion)}, enter that; otherwise, enter the name of your server.`,
  ],
  'insecure-address': ({ address }) => [
    `${shown(address)} is not encrypted, so anyone on the network could steal your session.`,
    "Use the server's https:// address.",
  ],
  'client-metadata-invalid': ({ field, why, isFile }) =>
    isFile === true
      ? [
          `The client metadata can't be read from ${shown(field)}: ${shown(why)}.`,
          'Pass the path of a file that contains a JSON object, or leave the option out.',
        ]
      : [
          `The client can't be registered with this ${shown(field)}: ${shown(why)}.`,
          "Change it, or leave it out to use Keyfob's own value.",
        ],
  'label-invalid': ({ label }) => [
    `${shown(label)} can't be used as a label.`,
    'Use 1 to 64 visible characters, without a slash, and without @ or - at the start.',
  ],
  'label-taken': ({ label }) => [
    `Another account already has the label ${shown(label)}.`,
    'Choose another label, or sign out of that account first.',
  ],
  'account-unknown': ({ account, labels }) => [
    account === '' && labels.length === 0
      ? 'No account is signed in.'
      : `There is no account named ${shown(account)}.`,
    labels.length === 0
      ? 'Sign in with keyfob login SERVER.'
      : `Available accounts: ${listed(labels)}.`,
  ],
  'account-ambiguous': ({ account, labels }) => [
    account === ''
      ? 'There is more than one account.'
      : `${shown(account)} matches more than one account.`,
    `Specify one by its label: ${listed(labels)}.`,
  ],
  'login-unknown': () => [
    'That sign-in does not exist or has already ended.',
    'Start a new one, for example with keyfob login SERVER.',
  ],
  'request-invalid': ({ why }) => [
    `The request was not understood: ${shown(why)}.`,
    'Correct the request; see the agent API guide.',
  ],

  // No usable response.

  unreachable: (failure) => [
    `Can't reach ${shown(failure.host)}: ${UNREACHABLE[failure.why]}.`,
    unreachableHint(failure),
    `Check your network connection. ${KEEPS_RETRYING}`,
  ],
  'too-large': ({ host, limitBytes }) => [
    `The response from ${shown(host)} is larger than the limit of ${Math.round(limitBytes / 1_024)} KiB.`,
    `Check the address. ${CAPTIVE_PORTAL}, then try again.`,
    `${CAPTIVE_PORTAL}. ${KEEPS_RETRYING}`,
  ],
  'redirect-refused': ({ host, status }) => [
    `${shown(host)} redirected the request (status ${status}), and Keyfob does not follow redirects there.`,
    `${CAPTIVE_PORTAL}, then try again.`,
    `${CAPTIVE_PORTAL}. ${KEEPS_RETRYING}`,
  ],
  'server-unavailable': ({ host, status, retryAfterMs }) => [
    `${shown(host)} couldn't handle the request (status ${status}).`,
    tryAgain(retryAfterMs),
    NO_ACTION,
  ],
  'rate-limited': ({ host, retryAfterMs }) => [
    `${shown(host)} asked Keyfob to send fewer requests.`,
    tryAgain(retryAfterMs),
    NO_ACTION,
  ],
  'malformed-response': ({ host, field }) => [
    `${shown(host)} sent a response that Keyfob can't use: ${fieldProblem(field)}.`,
    `${CAPTIVE_PORTAL}, then try again.`,
    `${CAPTIVE_PORTAL}. ${KEEPS_RETRYING}`,
  ],
  'endpoint-gone': ({ host, status }) => [
    `${shown(host)} no longer responds at the address it announced (status ${status}).`,
    'Try again: Keyfob will look up the address again.',
    'Keyfob looks up the address again and keeps retrying.',
  ],

  // From what was typed to the authorization server.

  'well-known-invalid': ({ host, why }) => [
    `The well-known document of ${shown(host)}, which names its homeserver, can't be used: ${shown(why)}.`,
    `Enter ${OWN_ADDRESS}.`,
  ],
  'homeserver-unusable': ({ homeserver, why }) => [
    why === 'address'
      ? `The homeserver address ${shown(homeserver)} is not one that Keyfob can use.`
      : `${shown(homeserver)} does not respond like a Matrix homeserver: ${UNUSABLE_HOMESERVER[why]}.`,
    `Enter ${OWN_ADDRESS}, or ask your server admin.`,
  ],
  'homeserver-not-found': ({ server }) => [
    `No Matrix homeserver was found at ${shown(server)}.`,
    `Check the spelling, or enter ${OWN_ADDRESS}.`,
  ],
  'oauth-unsupported': ({ homeserver, legacy }) => [
    `${shown(homeserver)} does not support OAuth sign-in${LEGACY_LOGIN[legacy]}.`,
    'Keyfob can sign in there only once the server supports OAuth; ask your server admin.',
  ],
  'device-grant-unsupported': ({ issuer }) => [
    `${shown(issuer)} does not support signing in with a code.`,
    'Ask your server admin to turn on the OAuth device authorization grant.',
  ],
  'metadata-invalid': ({ host, field }) => [
    `${shown(host)} sent sign-in server metadata that Keyfob can't use: ${fieldProblem(field)}.`,
    TELL_ADMIN,
  ],
  'issuer-mismatch': ({ announced, found }) => [
    `The sign-in server was announced as ${shown(announced)} but identifies itself as ${shown(found)}.`,
    "Don't sign in there; tell your server admin.",
  ],

  // One sign-in.

  'registration-refused': (failure) => [
    `${shown(failure.host)} refused to register this client: ${reason(failure)}.`,
    'If you customized the client, check your changes; otherwise, ask your server admin.',
  ],
  'device-request-refused': (failure) => [
    `${shown(failure.host)} refused to issue a sign-in code: ${reason(failure)}.`,
    'Try again. If it still fails, ask your server admin.',
  ],
  'unsafe-link': ({ field }) => [
    `The sign-in was stopped because the server sent a link that is not safe to open (${shown(field)}).`,
    TELL_ADMIN,
  ],
  'login-denied': () => [
    'The sign-in was declined on the web page.',
    "If you didn't decline it, do nothing; otherwise, start again.",
  ],
  'login-expired': ({ maybeSignedIn }) => [
    'The sign-in code has expired.',
    maybeSignedIn === true ? MAYBE_SIGNED_IN : NEW_CODE,
  ],
  'login-code-invalid': ({ maybeSignedIn }) => [
    'The server no longer accepts the sign-in code: it was already used, or was withdrawn.',
    maybeSignedIn ? MAYBE_SIGNED_IN : NEW_CODE,
  ],
  'login-refused': (failure) => [
    `The server stopped the sign-in: ${reason(failure)}.`,
    'Start again. If it still fails, ask your server admin.',
  ],
  'login-cancelled': () => ['The sign-in was cancelled.', 'You can start again at any time.'],
  'token-type-unsupported': () => [
    'The server issued a type of token that Matrix does not use, so Keyfob did not keep it.',
    TELL_ADMIN,
  ],
  'refresh-token-missing': () => [
    "The server issued a session that can't be refreshed, so Keyfob did not keep it.",
    TELL_ADMIN,
  ],
  'scope-missing': () => [
    'The server issued a session without access to Matrix, so Keyfob did not keep it.',
    'Start again and allow access on the web page. If it still fails, ask your server admin.',
  ],
  'whoami-rejected': ({ errcode }) => [
    `The homeserver did not say whose session this is${inParentheses(errcode)}.`,
    'Start again. If it still fails, the account may be locked: ask your server admin.',
  ],
  'other-user': ({ expected, actual }) => [
    `You entered ${shown(expected)}, but ${shown(actual)} approved the sign-in.`,
    'Sign out in the browser, then start again.',
  ],
  'other-domain': ({ expected, actual }) => [
    `You entered ${shown(expected)}, but the account belongs to ${shown(actual)}.`,
    "If you don't recognize that server, sign out of this account.",
  ],
  'other-device': ({ expected, actual }) => [
    `The server gave this session the device ID ${shown(actual)}, although Keyfob requested ${shown(expected)}.`,
    `In your device list, look for ${shown(actual)}; nothing else changes.`,
  ],

  // An account that is signed in.

  'session-ended': ({ error }) => [
    `The server has ended this session (${shown(error)}).`,
    SIGN_IN_AGAIN,
  ],
  'registration-gone': ({ error }) => [
    `The server no longer knows this client, so the session has ended (${shown(error)}).`,
    SIGN_IN_AGAIN,
  ],
  'token-rejected': ({ errcode }) => [
    `The homeserver rejected the access token${inParentheses(errcode)}.`,
    'Get a new token with keyfob refresh. If that is rejected too, the account may be locked.',
  ],
  'account-locked': () => [
    'The server has locked this account.',
    'Ask your server admin; the session is kept and works again once the account is unlocked.',
  ],
  'issuer-changed': ({ was, is }) => [
    `The homeserver has moved its sign-in from ${shown(was)} to ${shown(is)}.`,
    'Your tokens were not sent to the new address. If you expected the move, sign in again.',
  ],
  'signed-out': ({ account }) => [`${shown(account)} is signed out.`, SIGN_IN_AGAIN],
  'not-verified-yet': ({ account }) => [
    `${shown(account)} is signed in, but the homeserver has not yet confirmed who it is.`,
    'Wait a moment: Keyfob keeps checking.',
  ],
  'signing-out': ({ account }) => [
    `${shown(account)} is being signed out, so no token is available.`,
    "Wait until that's done, then sign in again if you need the account.",
  ],
  'revocation-refused': (failure) => [
    `${shown(failure.host)} refused to end the session: ${reason(failure)}.`,
    END_ON_ACCOUNT_PAGE,
  ],
  'revocation-unsupported': ({ host }) => [
    `${shown(host)} does not let apps end a session.`,
    END_ON_ACCOUNT_PAGE,
  ],
  'revocation-unconfirmed': ({ host }) => [
    `The session was ended, but ${shown(host)} still accepts its last access token.`,
    'Wait two minutes: servers cache tokens for a while, and Keyfob checks again.',
  ],

  // The vault and the disk.

  'vault-locked': () => [
    'The vault, which stores your sessions, is locked.',
    'Unlock it with your passphrase or your system keychain, then try again.',
  ],
  'passphrase-needed': ({ isNew }) => [
    isNew
      ? 'Keyfob needs a passphrase to protect your sessions, and there is no terminal to ask for it.'
      : 'Keyfob needs the passphrase that protects your sessions, and there is no terminal to ask for it.',
    isNew
      ? 'Set KEYFOB_PASSPHRASE_FILE to a file containing the passphrase, or pass --unsealed to store sessions unprotected.'
      : 'Set KEYFOB_PASSPHRASE_FILE to a file containing the passphrase, or run keyfob agent in a terminal.',
  ],
  'vault-wrong-passphrase': () => [
    'That is not the passphrase of the vault, which stores your sessions.',
    'Check the passphrase and try again. Nothing was changed.',
  ],
  'vault-corrupt': ({ quarantine, why }) => {
    if (why !== undefined) return [CORRUPT_VAULT[why], WHOLE_VAULT_HINT];
    return [
      'A record in the vault, which stores your sessions, is damaged.',
      quarantine === null
        ? 'Restore it from a backup, or sign in to that account again.'
        : `It was moved to ${shown(quarantine)}. Restore it from a backup, or sign in to that account again.`,
    ];
  },
  'vault-newer': ({ version }) => [
    `The vault was written by a newer version of Keyfob (format ${version}).`,
    'Update Keyfob. The vault was not changed.',
  ],
  'vault-in-use': ({ owner }) => [
    `Another Keyfob is using the vault (${shown(owner)}).`,
    'Use that one, or stop it first.',
  ],
  'disk-full': ({ path }) => [
    `The disk is full, so ${shown(path)} can't be written.`,
    'Free up space, then try again.',
    "Free up space. Keyfob keeps retrying, and hands out no token that isn't saved.",
  ],
  'disk-denied': ({ path, attempted = 'write' }) => {
    switch (attempted) {
      case 'write':
        return [
          `Keyfob is not allowed to write to ${shown(path)}.`,
          'Make it writable, then try again.',
          `Make it writable. ${KEEPS_RETRYING}`,
        ];
      case 'read':
        return [
          `Keyfob is not allowed to read ${shown(path)}.`,
          'Make it readable, then try again.',
          `Make it readable. ${KEEPS_RETRYING}`,
        ];
      case 'read-passphrase':
        return [
          `Keyfob is not allowed to read the passphrase file ${shown(path)}.`,
          PASSPHRASE_FILE,
        ];
      case 'own':
        return [
          `Keyfob won't use the folder ${shown(path)}, because it belongs to another user.`,
          'Take ownership of it, or move it away, then try again.',
        ];
      default:
        return unexpected(attempted);
    }
  },
  'disk-failed': ({ path, errno, attempted = 'write' }) => {
    switch (attempted) {
      case 'write':
        return [
          `Writing to ${shown(path)} failed: ${systemError(errno)}.`,
          'Check the path and the disk, then try again.',
          `Check the disk. ${KEEPS_RETRYING}`,
        ];
      case 'read':
        return [
          `Reading ${shown(path)} failed: ${systemError(errno)}.`,
          'Check the path and the disk, then try again.',
          `Check the disk. ${KEEPS_RETRYING}`,
        ];
      case 'read-passphrase':
        return [
          `The passphrase file ${shown(path)} can't be read: ${systemError(errno)}.`,
          PASSPHRASE_FILE,
        ];
      default:
        return unexpected(attempted);
    }
  },

  // Between a client and the process that owns the vault.

  'agent-not-running': ({ socket }) => [
    `Keyfob is not running: nothing is listening at ${shown(socket)}.`,
    'Start the app, or run keyfob agent.',
  ],
  'agent-other-version': ({ agent, client }) => [
    `The running Keyfob is version ${shown(agent)}, but this command is version ${shown(client)}.`,
    'After an update, restart the app or the agent so that both are the same version.',
  ],
  'agent-stopping': () => [
    'Keyfob is shutting down.',
    'Start it again, then repeat the request; nothing is lost.',
  ],
  'agent-silent': ({ afterMs }) => [
    `The running Keyfob has not responded for ${delayText(afterMs)}.`,
    'Try again. If it still does not respond, restart the app or the agent; no session is lost.',
  ],
  'socket-unsafe': ({ path, why }) => [
    `The socket ${shown(path)} can't be trusted: ${shown(why)}.`,
    'Remove it, or set KEYFOB_SOCKET to a path that only you can write to.',
  ],
  'timed-out': ({ afterMs }) => [
    `The command timed out after ${delayText(afterMs)}.`,
    'Try again, or allow more time.',
  ],
};

/** A server's or a person's text as it may stand in a sentence. */
function shown(text: string): string {
  return plainText(text) ?? '(nothing)';
}

function listed(labels: readonly string[]): string {
  return labels.map(shown).join(', ');
}

function inParentheses(code: string | null): string {
  return code === null ? '' : ` (${shown(code)})`;
}

function unreachableHint({
  why,
  isTypedServer,
}: Extract<NetworkFailure, { code: 'unreachable' }>): string {
  const check =
    why === 'dns'
      ? 'Check the spelling and your network connection'
      : 'Check the address and your network connection';
  return isTypedServer === true
    ? `${check}, or enter ${OWN_ADDRESS}.`
    : `${check}, then try again.`;
}

/** What is wrong with a response: the field to blame, or the response as a whole. */
function fieldProblem(field: string): string {
  if (field === 'body') return 'it is not in the expected format';
  if (field === 'status') return 'its status is not the expected one';
  return `${shown(field)} is missing or wrong`;
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'part of the path is not a folder',
  EISDIR: 'it is a folder',
  EIO: 'input/output error',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'too many symbolic links',
};

/** A system error in words, with its errno name for those who look it up. */
function systemError(errno: string): string {
  const words = Object.hasOwn(SYSTEM_ERRORS, errno) ? SYSTEM_ERRORS[errno] : undefined;
  return words === undefined ? `the system reported ${shown(errno)}` : `${words} (${errno})`;
}

/** The server's own words where it sent some; without their full stop, as ours follows. */
function reason(
  failure: Readonly<{ error: string | null; description?: string | null; status?: number }>,
): string {
  const { error, description, status } = failure;
  const code = error === null ? null : shown(error);
  const words = (plainText(description) ?? '').replace(/[.\s]+$/, '');
  const stated = words === '' ? (code ?? 'it gave no reason') : words;
  const details = [words === '' ? null : code, status === undefined ? null : `status ${status}`];
  const known = details.filter((part) => part !== null);
  return known.length === 0 ? stated : `${stated} (${known.join(', ')})`;
}

function tryAgain(afterMs: number | null): string {
  return afterMs === null ? 'Try again later.' : `Try again in ${delayText(afterMs)}.`;
}
