import type { DiscoveryFailure, LoginFailure, NetworkFailure, SessionFailure } from './failure.ts';
import type { FailureWords } from './failure-text-parts.ts';
import { shown } from './failure-text-parts.ts';
import { plainText } from './sanitize.ts';
import { delayText, SECOND } from './time.ts';

const AGAIN_LATER = 'Try again later; sessions are kept, and Keyfob retries them by itself.';
const ASK_ADMIN = 'Tell the people who run the server; Keyfob cannot work around it.';
const SIGN_IN_AGAIN = 'Sign in again, in the app or with keyfob login SERVER.';
const NEW_CODE = 'Start again to get a new code.';
const MAYBE_SIGNED_IN = `${NEW_CODE} An answer was lost on the way, so look through your list of devices for one you do not know.`;

const UNREACHABLE: Readonly<
  Record<Extract<NetworkFailure, { code: 'unreachable' }>['why'], string>
> = {
  dns: 'there is no address for that name',
  refused: 'it refuses connections',
  reset: 'the connection broke off',
  tls: 'no secure connection could be made, or its certificate is not valid',
  'connect-timeout': 'no connection could be made in time',
  timeout: 'it did not answer in time',
  offline: 'there is no network',
  other: 'the connection failed',
};

/** No usable answer. */
export const NETWORK_WORDS: FailureWords<NetworkFailure> = {
  unreachable: ({ host, why }) => [
    `${shown(host)} cannot be reached: ${UNREACHABLE[why]}.`,
    why === 'dns'
      ? 'Check the spelling of the name and your network connection, then try again.'
      : 'Check your network connection, then try again; sessions are kept meanwhile.',
  ],
  'too-large': ({ host, limitBytes }) => [
    `The answer of ${shown(host)} is larger than the ${Math.round(limitBytes / 1_024)} KiB it may be.`,
    'Check that the address is right and that no other page answers in its place.',
  ],
  'redirect-refused': ({ host, status }) => [
    `${shown(host)} sends Keyfob on to another address (status ${status}), which is not followed.`,
    'Check that no sign-in page of your network is in the way, then try again.',
  ],
  'server-unavailable': ({ host, status, retryAfterMs }) => [
    `${shown(host)} could not handle the request just now (status ${status}).`,
    retryAfterMs === null ? AGAIN_LATER : laterThan(retryAfterMs),
  ],
  'rate-limited': ({ host, retryAfterMs }) => [
    `${shown(host)} asks Keyfob to send fewer requests.`,
    retryAfterMs === null ? AGAIN_LATER : laterThan(retryAfterMs),
  ],
  'malformed-response': ({ host, field }) => [
    `${shown(host)} gave an answer that cannot be used: see ${shown(field)}.`,
    'Check that no sign-in page of your network is in the way, then try again.',
  ],
  'endpoint-gone': ({ host, status }) => [
    `${shown(host)} no longer answers where it said it would (status ${status}).`,
    'Try again: Keyfob looks the address up anew.',
  ],
};

/** The way to the sign-in server. */
export const DISCOVERY_WORDS: FailureWords<DiscoveryFailure> = {
  'well-known-invalid': ({ host, why }) => [
    `The document of ${shown(host)} that names its homeserver cannot be used: ${shown(why)}.`,
    'Give the address of the homeserver itself, such as https://matrix.example.org.',
  ],
  'homeserver-unusable': ({ homeserver, why }) => [
    why === 'address'
      ? `The homeserver's address ${shown(homeserver)} is not one that Keyfob may use.`
      : `${shown(homeserver)} does not answer as a Matrix homeserver does: ${shown(why)}.`,
    'Check the address, or ask the people who run the server.',
  ],
  'homeserver-not-found': ({ server }) => [
    `No Matrix homeserver was found at ${shown(server)}.`,
    'Check the spelling, or give the address of the homeserver itself.',
  ],
  'oauth-unsupported': ({ homeserver, legacy }) => [
    `${shown(homeserver)} does not offer the new way to sign in (OAuth)${LEGACY[legacy]}.`,
    'Keyfob cannot sign in there until the server moves to OAuth; ask the people who run it.',
  ],
  'device-grant-unsupported': ({ issuer }) => [
    `${shown(issuer)} signs people in, but not with a code on another device.`,
    'Ask the people who run the server to switch on the OAuth device authorization grant.',
  ],
  'metadata-invalid': ({ host, field }) => [
    `${shown(host)} describes its sign-in server in a way that cannot be used: see ${shown(field)}.`,
    ASK_ADMIN,
  ],
  'issuer-mismatch': ({ announced, found }) => [
    `The sign-in server was announced as ${shown(announced)} but calls itself ${shown(found)}.`,
    'Do not sign in there; tell the people who run the server.',
  ],
};

const LEGACY: Readonly<Record<'password' | 'sso' | 'unknown', string>> = {
  password: ', only passwords',
  sso: ', only the older single sign-on',
  unknown: '',
};

/** One sign-in. */
export const LOGIN_WORDS: FailureWords<LoginFailure> = {
  'registration-refused': (failure) => [
    `${shown(failure.host)} does not accept this client: ${reason(failure)}.`,
    'Check what you changed about the client, if anything; otherwise ask the people who run the server.',
  ],
  'device-request-refused': (failure) => [
    `${shown(failure.host)} does not give out a sign-in code: ${reason(failure)}.`,
    'Try again; if that does not help, ask the people who run the server.',
  ],
  'unsafe-link': ({ field }) => [
    `The server sent a link that is not safe to open (${shown(field)}), so the sign-in was stopped.`,
    ASK_ADMIN,
  ],
  'login-denied': () => [
    'The sign-in was declined on the web page.',
    'If that was not you, leave it so; otherwise start again.',
  ],
  'login-expired': ({ maybeSignedIn }) => [
    'The time for approving the code is over.',
    maybeSignedIn === true ? MAYBE_SIGNED_IN : NEW_CODE,
  ],
  'login-code-invalid': ({ maybeSignedIn }) => [
    'The server does not know the code any more: it was used already, or it was withdrawn.',
    maybeSignedIn ? MAYBE_SIGNED_IN : NEW_CODE,
  ],
  'login-refused': (failure) => [
    `The server stopped the sign-in: ${reason(failure)}.`,
    'Start again; if that does not help, ask the people who run the server.',
  ],
  'login-cancelled': () => ['The sign-in was cancelled.', 'Start again whenever you like.'],
  'token-type-unsupported': () => [
    'The server gave a kind of token that Matrix does not use, so it was given back.',
    ASK_ADMIN,
  ],
  'refresh-token-missing': () => [
    'The server gave a session that cannot be renewed, so it was given back.',
    ASK_ADMIN,
  ],
  'scope-missing': () => [
    'The server gave a session without access to Matrix, so it was given back.',
    'Start again and allow access on the web page; if that does not help, ask the people who run the server.',
  ],
  'whoami-rejected': ({ errcode }) => [
    `The homeserver does not say whose session this is${errcode === null ? '' : ` (${shown(errcode)})`}.`,
    'Start again; if that does not help, the account may be locked: ask the people who run the server.',
  ],
  'other-user': ({ expected, actual }) => [
    `You meant to sign in as ${shown(expected)}, but ${shown(actual)} approved.`,
    'Sign out in the browser, then start again.',
  ],
  'other-domain': ({ expected, actual }) => [
    `You gave ${shown(expected)}, and the account belongs to ${shown(actual)}.`,
    'If you do not know that server, sign the account out again.',
  ],
  'other-device': ({ expected, actual }) => [
    `The server calls this session ${shown(actual)}, although Keyfob asked for ${shown(expected)}.`,
    `Look for ${shown(actual)} in your list of devices; nothing else changes.`,
  ],
};

/** An account that was signed in. */
export const SESSION_WORDS: FailureWords<SessionFailure> = {
  'session-ended': ({ error }) => [
    `The server has ended this session (${shown(error)}).`,
    SIGN_IN_AGAIN,
  ],
  'registration-gone': ({ error }) => [
    `The server has forgotten this client, and the session with it (${shown(error)}).`,
    SIGN_IN_AGAIN,
  ],
  'token-rejected': ({ errcode }) => [
    `The homeserver does not accept the access token${errcode === null ? '' : ` (${shown(errcode)})`}.`,
    'Ask for a new token with keyfob refresh; if that is rejected too, the account may be locked.',
  ],
  'account-locked': () => [
    'The server has locked this account.',
    'Ask the people who run the server; the session is kept and works again when they unlock it.',
  ],
  'issuer-changed': ({ was, is }) => [
    `The homeserver has moved its sign-in from ${shown(was)} to ${shown(is)}.`,
    `Your tokens were not sent there. If you expected the move, sign in again.`,
  ],
  'signed-out': ({ account }) => [`${shown(account)} is signed out.`, SIGN_IN_AGAIN],
  'not-verified-yet': ({ account }) => [
    `${shown(account)} is signed in, but the homeserver has not yet said who it is.`,
    'Wait a moment: Keyfob keeps asking.',
  ],
  'signing-out': ({ account }) => [
    `${shown(account)} is being signed out, so it hands out no tokens.`,
    `Wait until that is done, then sign in again if you need the account.`,
  ],
  'revocation-refused': (failure) => [
    `${shown(failure.host)} refused to end the session: ${reason(failure)}.`,
    'End it on your account page instead, in the list of devices.',
  ],
  'revocation-unsupported': ({ host }) => [
    `${shown(host)} offers no way to end a session from here.`,
    'End it on your account page instead, in the list of devices.',
  ],
  'revocation-unconfirmed': ({ host }) => [
    `The session was ended, but ${shown(host)} still accepts its last access token.`,
    'Wait two minutes: servers remember tokens for a while, and Keyfob checks again.',
  ],
};

/** The server's own words where it gave some; they end without a full stop, ours follows. */
function reason(
  failure: Readonly<{ error: string | null; description?: string | null; status?: number }>,
): string {
  const { error, description, status } = failure;
  const code = error === null ? null : shown(error);
  const words = (plainText(description) ?? '').replace(/[.\s]+$/, '');
  const said = words === '' ? (code ?? 'it gave no reason') : words;
  const about = [words === '' ? null : code, status === undefined ? null : `status ${status}`];
  const known = about.filter((part) => part !== null);
  return known.length === 0 ? said : `${said} (${known.join(', ')})`;
}

function laterThan(ms: number): string {
  return `Try again in ${delayText(Math.max(SECOND, ms))}; sessions are kept, and Keyfob retries them by itself.`;
}
