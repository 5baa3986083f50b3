import type { Failure, LoginFailure } from '../../common/failure.ts';
import { isObject } from '../../common/json.ts';
import type { Network, Step } from './http/network.ts';
import { catchNetworkError } from './http/network-error.ts';
import { httpDate } from './http/retry-after.ts';
import type { Result } from '../../common/result.ts';
import { err, ok } from '../../common/result.ts';
import { plainText } from '../../common/sanitize.ts';
import { fieldOf } from './fields.ts';
import type { RawResponse } from './oauth/raw-response.ts';
import { matrixErrorOf, readRawResponse } from './oauth/raw-response.ts';
import type { Secret } from './secret.ts';
import { isHeaderSafe } from './oauth/token-response.ts';
import { apiUrl } from '../../common/urls.ts';

/** The user and device that an access token belongs to. */
export type Whoami = Readonly<{
  userId: string;
  /** null: not stated. */
  deviceId: string | null;
  isGuest: boolean;
  /** The server's clock, from the `Date` header: epoch milliseconds. Only used to detect a wrong clock. */
  serverDateAt: number | null;
}>;

type Received = Readonly<{ response: RawResponse; serverDateAt: number | null }>;

/**
 * GET whoami: the user and device that an access token belongs to.
 *
 * - `token-rejected`: `M_UNKNOWN_TOKEN`; a refresh may help, or the session has ended.
 * - `account-locked`: `M_USER_LOCKED`; the session may work again later.
 * - `whoami-rejected`: any other refusal, and a 200 without a user ID; a retry is of no use.
 * - all others are transient, also a 403, which servers send while they cannot check a token, and a 401
 *   that is not in Matrix's format, which comes from a proxy.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#get_matrixclientv3accountwhoami Matrix 1.18, whoami}
 */
export async function fetchWhoami(
  homeserver: string,
  access: Secret,
  network: Network,
): Promise<Result<Whoami, Failure>> {
  const url = apiUrl(homeserver, '/_matrix/client/v3/account/whoami');
  const received = await get('whoami', url, access, network);
  if (!received.ok) return received;
  const { response, serverDateAt } = received.value;
  if (response.status !== 200) return err(whoamiFailure(response, access));
  const { host, json } = response;
  if (!isObject(json)) return err({ code: 'malformed-response', host, field: 'body' });
  const userId = fieldOf(json, 'user_id');
  if (!isUserId(userId)) return err({ code: 'whoami-rejected', errcode: null });
  const deviceId = plainText(fieldOf(json, 'device_id'), LONGEST_ID);
  return ok({ userId, deviceId, isGuest: fieldOf(json, 'is_guest') === true, serverDateAt });
}

/**
 * GET profile: the user's display name. Never fails, because it is cosmetic: null instead. Sent with the
 * token, because some servers refuse it without.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#get_matrixclientv3profileuserid Matrix 1.18, profile}
 */
export async function fetchProfile(
  homeserver: string,
  userId: string,
  access: Secret,
  network: Network,
): Promise<Readonly<{ displayName: string | null }>> {
  if (!isUserId(userId)) return { displayName: null };
  const path = `/_matrix/client/v3/profile/${encodeURIComponent(userId)}` as const;
  const received = await get('profile', apiUrl(homeserver, path), access, network);
  if (!received.ok || received.value.response.status !== 200) return { displayName: null };
  return { displayName: plainText(fieldOf(received.value.response.json, 'displayname')) };
}

const LONGEST_ID = 255;

/** A sigil, a localpart of any visible characters, as historical user IDs have it, and a server name. */
const USER_ID = /^@[^:\s\p{C}]+:[0-9A-Za-z.\-:[\]]+$/u;

/**
 * Whether `value` is a user ID: `@localpart:server`, at most 255 bytes.
 *
 * @see {@link https://spec.matrix.org/v1.18/appendices/#user-identifiers Matrix 1.18, user identifiers}
 */
export function isUserId(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST_ID) return false;
  return USER_ID.test(value) && new TextEncoder().encode(value).length <= LONGEST_ID;
}

async function get(
  step: Step,
  url: URL,
  access: Secret,
  network: Network,
): Promise<Result<Received, Failure>> {
  // Headers would throw as well, but with the token in its message.
  if (!isHeaderSafe(access)) throw new TypeError('The access token does not fit in a header');
  const headers = { authorization: `Bearer ${access.reveal()}`, accept: 'application/json' };
  const sent = await catchNetworkError(() => network(step, url, { headers }));
  if (!sent.ok) return sent;
  const serverDateAt = httpDate(sent.value.headers.get('date') ?? '');
  return ok({ response: await readRawResponse(url.host, sent.value), serverDateAt });
}

function whoamiFailure(response: RawResponse, access: Secret): Failure {
  const { host, status, statusFailure, retryAfterMs, json } = response;
  const errcode = matrixErrorOf(json, [access])?.error ?? null;
  if (statusFailure !== null) return statusFailure;
  if (errcode === 'M_USER_LOCKED') return { code: 'account-locked' };
  if (errcode === 'M_UNKNOWN_TOKEN') {
    return { code: 'token-rejected', errcode, softLogout: fieldOf(json, 'soft_logout') === true };
  }
  if (status === 403) return { code: 'server-unavailable', host, status, retryAfterMs };
  if (errcode === null) return { code: 'malformed-response', host, field: 'errcode' };
  return { code: 'whoami-rejected', errcode };
}

/** What the person typed, and the device ID that was requested; null: not typed. */
export type ExpectedIdentity = Readonly<{
  userId: string | null;
  serverName: string | null;
  deviceId: string;
}>;

/** Shown although the sign-in succeeded. */
export type IdentityNotice = Extract<LoginFailure, { code: 'other-domain' | 'other-device' }>;

/** Whether the expected user signed in. */
export type IdentityCheck = Readonly<
  | { kind: 'as-expected'; notices: readonly IdentityNotice[] }
  /** The person decides whether to keep the session. */
  | {
      kind: 'other-user';
      expected: string;
      actual: string;
      notices: readonly IdentityNotice[];
    }
>;

/**
 * Compares the user that signed in with what the person typed. The device grant cannot request a
 * certain user, so another one may have approved; every difference is reported.
 *
 * Localparts are compared exactly, server names case-insensitively, as in DNS.
 */
export function checkIdentity(whoami: Whoami, expected: ExpectedIdentity): IdentityCheck {
  const { userId, deviceId } = whoami;
  const notices: IdentityNotice[] = [];
  const domain = domainOf(userId);
  if (expected.serverName !== null && !sameName(domain, expected.serverName)) {
    notices.push({ code: 'other-domain', expected: expected.serverName, actual: domain });
  }
  if (deviceId !== null && deviceId !== expected.deviceId) {
    notices.push({ code: 'other-device', expected: expected.deviceId, actual: deviceId });
  }
  if (expected.userId === null || sameUser(userId, expected.userId)) {
    return { kind: 'as-expected', notices };
  }
  return { kind: 'other-user', expected: expected.userId, actual: userId, notices };
}

function sameUser(one: string, other: string): boolean {
  return localpartOf(one) === localpartOf(other) && sameName(domainOf(one), domainOf(other));
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The first colon ends the localpart; the server name may contain more. */
function domainOf(userId: string): string {
  return userId.slice(userId.indexOf(':') + 1);
}

function localpartOf(userId: string): string {
  return userId.slice(0, userId.indexOf(':'));
}
