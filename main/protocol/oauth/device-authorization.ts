import { initiateDeviceAuthorization } from 'openid-client';
import type { AuthServer } from '../discovery/server-metadata.ts';
import type { Failure } from '../../../common/failure.ts';
import { isObject } from '../../../common/json.ts';
import type { Fields } from '../fields.ts';
import { readFields } from '../fields.ts';
import type { Network } from '../http/network.ts';
import type { Judged } from './oauth-client.ts';
import { sendOAuthRequest } from './oauth-client.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok, unexpected } from '../../../common/result.ts';
import { plainText } from '../../../common/sanitize.ts';
import type { RawResponse } from './raw-response.ts';
import { matrixErrorOf, member, oauthErrorOf, secondsMemberAsMs } from './raw-response.ts';
import { scopeFor } from './scopes.ts';
import { Secret } from '../secret.ts';
import { HOUR, MINUTE, SECOND } from '../../../common/time.ts';
import { isLoopback, safeLink } from '../../../common/urls.ts';

/**
 * A code for the person, and how to wait for their approval.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628.html#section-3.2 RFC 8628 §3.2}
 */
export type DeviceAuthorizationResponse = Readonly<{
  deviceCode: Secret;
  /** To be shown and copied exactly so; group it by looks alone. */
  userCode: string;
  verificationUri: URL;
  /** Holds the code already; null: the person types it. Always of `verificationUri`'s origin. */
  verificationUriComplete: URL | null;
  /** Between the end of one poll and the start of the next. */
  intervalMs: number;
  /** Reckoned from before the request was sent. */
  lifetimeMs: number;
  deviceId: string;
  /** As asked for. */
  scope: readonly string[];
}>;

/** What a device answer has to be read with: whom it came from, and what was asked for. */
export type DeviceAuthorizationRequest = Readonly<{
  host: string;
  deviceId: string;
  scope: readonly string[];
  /** Whether links to this machine are allowed: only where the homeserver is on it. */
  loopback: boolean;
}>;

const DEFAULT_INTERVAL_MS = 5 * SECOND;
const SHORTEST_INTERVAL_MS = SECOND;
const LONGEST_INTERVAL_MS = 5 * MINUTE;
const DEFAULT_LIFETIME_MS = 5 * MINUTE;
const LONGEST_LIFETIME_MS = HOUR;
const LONGEST_USER_CODE = 64;

/**
 * Asks for a code, with the scope of the specification; where the server refuses that, once more
 * with the draft's spelling.
 *
 * Fails with `device-request-refused`: `error` is `invalid_client` when the registration is not known
 * (register again, once), and `invalid_request` may mean that the metadata is out of date, as
 * `endpoint-gone` does (look them up again, once). `unsafe-link` and `malformed-response` say that
 * the answer cannot be used.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#device-authorization-flow Matrix 1.18, device authorization flow}
 */
export async function requestDeviceAuthorization(
  server: AuthServer,
  clientId: string,
  deviceId: string,
  network: Network,
): Promise<Result<DeviceAuthorizationResponse, Failure>> {
  const stable = scopeFor(deviceId, 'stable');
  const first = await ask(server, clientId, { deviceId, scope: stable }, network);
  if (first.ok || !isScopeRefused(first.failure)) return first;
  const unstable = scopeFor(deviceId, 'unstable');
  const second = await ask(server, clientId, { deviceId, scope: unstable }, network);
  // Refused either way: what the server said to the specified scope is the better reason.
  return !second.ok && second.failure.code === 'device-request-refused' ? first : second;
}

/**
 * Reads the answer to a device authorization request.
 *
 * A lifetime or an interval that the server leaves out, or that cannot be read, gets the usual
 * value; one that makes no sense is refused. A link that is not safe to open ends the sign-in.
 */
export function readDeviceAuthorization(
  json: unknown,
  question: DeviceAuthorizationRequest,
): Result<DeviceAuthorizationResponse, Failure> {
  const { host, deviceId, scope, loopback } = question;
  return readFields<DeviceAuthorizationResponse, Failure>(host, json, (fields) => {
    const malformed = (field: string): Result<never, Failure> =>
      err({ code: 'malformed-response', host, field });
    const deviceCode = new Secret(fields.text('device_code'));
    const userCode = visibleCode(fields);
    if (userCode === null) return malformed('user_code');
    const intervalMs = intervalOf(json);
    if (intervalMs === null) return malformed('interval');
    const lifetimeMs = lifetimeOf(json);
    if (lifetimeMs === null) return malformed('expires_in');
    const links = readLinks(fields, loopback);
    if (!links.ok) return links;
    return ok({ deviceCode, userCode, ...links.value, intervalMs, lifetimeMs, deviceId, scope });
  });
}

async function ask(
  server: AuthServer,
  clientId: string,
  { deviceId, scope }: Pick<DeviceAuthorizationRequest, 'deviceId' | 'scope'>,
  network: Network,
): Promise<Result<DeviceAuthorizationResponse, Failure>> {
  const url = server.deviceAuthorizationEndpoint;
  const { host } = url;
  const loopback = isLoopback(new URL(server.homeserver).hostname);
  const question = { host, deviceId, scope, loopback };
  const endpoint = 'device_authorization_endpoint';
  const step = 'device-authorization';
  const reply = await sendOAuthRequest(
    { issuer: server.issuer, endpoint, url, clientId, step, network },
    (answer) => judge(answer, question),
    (config) => initiateDeviceAuthorization(config, { scope: scope.join(' ') }),
  );
  switch (reply.kind) {
    case 'checked':
      return readDeviceAuthorization(reply.value, question);
    case 'refused':
      return err({ code: 'malformed-response', host, field: 'body' });
    case 'judged':
      return err(reply.verdict);
    case 'failed':
      return err(reply.failure);
    default:
      return unexpected(reply);
  }
}

function judge(answer: RawResponse, question: DeviceAuthorizationRequest): Judged<Failure> {
  const refusal = refusalOf(answer);
  if (refusal !== null) return { kind: 'verdict', verdict: refusal };
  const document = canonical(answer.json);
  // Read once before the library sees it: our failures name the member that is to blame.
  const read = readDeviceAuthorization(document, question);
  return read.ok ? { kind: 'document', document } : { kind: 'verdict', verdict: read.failure };
}

/** Why an answer is no code; null when it has to be read. */
function refusalOf({ host, status, statusFailure, json }: RawResponse): Failure | null {
  if (statusFailure !== null) return statusFailure;
  const refused = oauthErrorOf(json, []) ?? matrixErrorOf(json, []);
  if (refused !== null) return { code: 'device-request-refused', host, status, ...refused };
  if (!isObject(json)) return { code: 'malformed-response', host, field: 'body' };
  if (status >= 200 && status < 300) return null;
  return { code: 'device-request-refused', host, status, error: null, description: null };
}

/** The members we use, none of them null; numbers as numbers; Google's old name of the link as well. */
function canonical(json: unknown): Readonly<Record<string, unknown>> {
  const complete = member(json, 'verification_uri_complete');
  const intervalMs = intervalOf(json);
  const lifetimeMs = lifetimeOf(json);
  return {
    device_code: member(json, 'device_code'),
    user_code: member(json, 'user_code'),
    verification_uri: member(json, 'verification_uri') ?? member(json, 'verification_url'),
    ...(complete === undefined || complete === '' ? {} : { verification_uri_complete: complete }),
    // What makes no sense stays as it came: to be refused, not repaired.
    interval: intervalMs === null ? member(json, 'interval') : intervalMs / SECOND,
    expires_in: lifetimeMs === null ? member(json, 'expires_in') : lifetimeMs / SECOND,
  };
}

function isScopeRefused(failure: Failure): boolean {
  if (failure.code !== 'device-request-refused') return false;
  return failure.error === 'invalid_scope' || failure.error === 'invalid_grant';
}

/** As sent, but for what nobody could see; null when nothing is left or nobody could type it. */
function visibleCode(fields: Fields): string | null {
  const code = plainText(fields.text('user_code'), LONGEST_USER_CODE + 1);
  return code === null || Array.from(code).length > LONGEST_USER_CODE ? null : code;
}

/** null: longer than anybody would wait. */
function intervalOf(json: unknown): number | null {
  const ms = secondsMemberAsMs(json, 'interval');
  if (ms === null || ms <= 0) return DEFAULT_INTERVAL_MS;
  return ms > LONGEST_INTERVAL_MS ? null : Math.max(ms, SHORTEST_INTERVAL_MS);
}

/** null: over before it began. */
function lifetimeOf(json: unknown): number | null {
  const ms = secondsMemberAsMs(json, 'expires_in');
  if (ms === null) return DEFAULT_LIFETIME_MS;
  return ms <= 0 ? null : Math.min(ms, LONGEST_LIFETIME_MS);
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc8628.html#section-5.4 RFC 8628 §5.4} */
function readLinks(
  fields: Fields,
  loopback: boolean,
): Result<
  Pick<DeviceAuthorizationResponse, 'verificationUri' | 'verificationUriComplete'>,
  Failure
> {
  const field = fields.has('verification_uri') ? 'verification_uri' : 'verification_url';
  if (!fields.has(field)) fields.text('verification_uri'); // ends the reading, with the right name
  const verificationUri = safeLink(fields.text(field), { loopback });
  if (verificationUri === null) return err({ code: 'unsafe-link', field });
  const completeText = fields.optionalText('verification_uri_complete');
  if (completeText === null) return ok({ verificationUri, verificationUriComplete: null });
  const complete = safeLink(completeText, { loopback });
  if (complete === null) return err({ code: 'unsafe-link', field: 'verification_uri_complete' });
  const sameOrigin = complete.origin === verificationUri.origin;
  return ok({ verificationUri, verificationUriComplete: sameOrigin ? complete : null });
}
