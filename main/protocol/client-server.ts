import type { Failure, LoginFailure } from '../../common/failure.ts';
import { isObject } from '../../common/json.ts';
import type { Network, Step } from './http/network.ts';
import { attempt } from './http/network-error.ts';
import { httpDate } from './http/retry-after.ts';
import type { Result } from '../../common/result.ts';
import { err, ok } from '../../common/result.ts';
import { plainText } from '../../common/sanitize.ts';
import type { RawResponse } from './oauth/raw-response.ts';
import { matrixErrorOf, member, readRawResponse } from './oauth/raw-response.ts';
import type { Secret } from './secret.ts';
import { fitsHeader } from './oauth/token-response.ts';
import { apiUrl } from '../../common/urls.ts';

/** Whose token it is. */
export type Whoami = Readonly<{
  userId: string;
  /** null: the server did not say. */
  deviceId: string | null;
  isGuest: boolean;
  /** The server's clock, from the `Date` header: epoch milliseconds. Only to tell a person that theirs is wrong. */
  serverDateAt: number | null;
}>;

type Received = Readonly<{ answer: RawResponse; serverDateAt: number | null }>;

/**
 * Asks the homeserver whose token this is.
 *
 * - `token-rejected`: `M_UNKNOWN_TOKEN`; a refresh may help, or the session is over.
 * - `account-locked`: `M_USER_LOCKED`; the session may come back.
 * - `whoami-rejected`: any other refusal, and a good answer that names no user: a new try is no use.
 * - all others are passing trouble. A 403 is among them: servers say it while they cannot check the
 *   token, and so is a 401 that is not Matrix's: some proxy said it.
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
  const { answer, serverDateAt } = received.value;
  if (answer.status !== 200) return err(whoamiFailure(answer, access));
  const { host, json } = answer;
  if (!isObject(json)) return err({ code: 'malformed-response', host, field: 'body' });
  const userId = member(json, 'user_id');
  if (!isUserId(userId)) return err({ code: 'whoami-rejected', errcode: null });
  const deviceId = plainText(member(json, 'device_id'), LONGEST_ID);
  return ok({ userId, deviceId, isGuest: member(json, 'is_guest') === true, serverDateAt });
}

/**
 * Asks for the name that the person shows to others. Cosmetic, so it never fails: no name then. With
 * the token, because some servers give no profile without.
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
  if (!received.ok || received.value.answer.status !== 200) return { displayName: null };
  return { displayName: plainText(member(received.value.answer.json, 'displayname')) };
}

const LONGEST_ID = 255;

/** A sigil, a localpart as old servers allowed it but for what nobody can see, and a server name. */
const USER_ID = /^@[^:\s\p{C}]+:[0-9A-Za-z.\-:[\]]+$/u;

/**
 * Whether `value` is a user id: `@localpart:server`, at most 255 bytes.
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
  // Headers would throw too, but with the token in its message.
  if (!fitsHeader(access)) throw new TypeError('The access token does not fit in a header');
  const headers = { authorization: `Bearer ${access.reveal()}`, accept: 'application/json' };
  const response = await attempt(() => network(step, url, { headers }));
  if (!response.ok) return response;
  const serverDateAt = httpDate(response.value.headers.get('date') ?? '');
  return ok({ answer: await readRawResponse(url.host, response.value), serverDateAt });
}

function whoamiFailure(answer: RawResponse, access: Secret): Failure {
  const { host, status, statusFailure, retryAfterMs, json } = answer;
  const errcode = matrixErrorOf(json, [access])?.error ?? null;
  if (statusFailure !== null) return statusFailure;
  if (errcode === 'M_USER_LOCKED') return { code: 'account-locked' };
  if (errcode === 'M_UNKNOWN_TOKEN') {
    return { code: 'token-rejected', errcode, softLogout: member(json, 'soft_logout') === true };
  }
  if (status === 403) return { code: 'server-unavailable', host, status, retryAfterMs };
  if (errcode === null) return { code: 'malformed-response', host, field: 'errcode' };
  return { code: 'whoami-rejected', errcode };
}

/** What the person typed, and what was asked for; null: they did not say. */
export type ExpectedIdentity = Readonly<{
  userId: string | null;
  serverName: string | null;
  deviceId: string;
}>;

/** Worth saying although the sign-in worked. */
export type IdentityNotice = Extract<LoginFailure, { code: 'other-domain' | 'other-device' }>;

/** Whether it was the expected person who signed in. */
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
 * Compares who signed in with what was typed. The grant cannot say who shall sign in, so somebody
 * else may have approved; whoami decides, and a person hears of every difference.
 *
 * Localparts are compared exactly, server names without regard to case, as DNS does.
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

/** The first colon ends the localpart; the server name may hold more of them. */
function domainOf(userId: string): string {
  return userId.slice(userId.indexOf(':') + 1);
}

function localpartOf(userId: string): string {
  return userId.slice(0, userId.indexOf(':'));
}
