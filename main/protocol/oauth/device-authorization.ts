import { initiateDeviceAuthorization } from 'openid-client';
import type { AuthServer } from '../discovery/server-metadata.ts';
import type { Failure } from '../../../common/failure.ts';
import { isObject } from '../../../common/json.ts';
import type { Fields } from '../fields.ts';
import { fieldOf, readFields, secondsFieldAsMs } from '../fields.ts';
import type { Network } from '../http/network.ts';
import type { ScreenedResponse } from './oauth-client.ts';
import { sendOAuthRequest } from './oauth-client.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok, unexpected } from '../../../common/result.ts';
import { plainText } from '../../../common/sanitize.ts';
import type { RawResponse } from './raw-response.ts';
import { matrixErrorOf, oauthErrorOf } from './raw-response.ts';
import { scopeFor } from './scopes.ts';
import { Secret } from '../secret.ts';
import { HOUR, MINUTE, SECOND } from '../../../common/time.ts';
import { isLoopback, safeLink } from '../../../common/urls.ts';

/**
 * The code for the person, and how to poll for their approval.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628.html#section-3.2 RFC 8628 §3.2}
 */
export type DeviceAuthorizationResponse = Readonly<{
  deviceCode: Secret;
  /** Show and copy it unchanged; any grouping must be visual only. */
  userCode: string;
  verificationUri: URL;
  /** Contains the code; null: the person types it. Always of the same origin as `verificationUri`. */
  verificationUriComplete: URL | null;
  /** From the end of one poll to the start of the next. */
  intervalMs: number;
  /** Counted from before the request was sent. */
  lifetimeMs: number;
  deviceId: string;
  /** As requested. */
  scope: readonly string[];
}>;

/** The request that a response belongs to: its host, and what was requested. */
export type DeviceAuthorizationRequest = Readonly<{
  host: string;
  deviceId: string;
  scope: readonly string[];
  /** Whether links to this machine are allowed: only if the homeserver is on it. */
  loopback: boolean;
}>;

const DEFAULT_INTERVAL_MS = 5 * SECOND;
const SHORTEST_INTERVAL_MS = SECOND;
const LONGEST_INTERVAL_MS = 5 * MINUTE;
const DEFAULT_LIFETIME_MS = 5 * MINUTE;
const LONGEST_LIFETIME_MS = HOUR;
const LONGEST_USER_CODE = 64;

/**
 * Device authorization request with the stable scope; if the server refuses it, once more with the
 * unstable one.
 *
 * Fails with `device-request-refused`: `error` is `invalid_client` when the server does not know the
 * registration (register again, once). `invalid_request` may mean that the metadata is out of date, as
 * `endpoint-gone` does (fetch it again, once). `unsafe-link` and `malformed-response` mean that the
 * response cannot be used.
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
  const first = await sendDeviceAuthorizationRequest(
    server,
    clientId,
    { deviceId, scope: stable },
    network,
  );
  if (first.ok || !isScopeRefused(first.failure)) return first;
  const unstable = scopeFor(deviceId, 'unstable');
  const second = await sendDeviceAuthorizationRequest(
    server,
    clientId,
    { deviceId, scope: unstable },
    network,
  );
  // Refused both times: the answer to the stable scope is the better reason.
  return !second.ok && second.failure.code === 'device-request-refused' ? first : second;
}

/**
 * Reads the response to a device authorization request.
 *
 * A lifetime or interval that is missing or cannot be read gets a default; one that makes no sense is
 * refused. A link that is not safe to open fails with `unsafe-link`.
 */
export function readDeviceAuthorization(
  json: unknown,
  request: DeviceAuthorizationRequest,
): Result<DeviceAuthorizationResponse, Failure> {
  const { host, deviceId, scope, loopback } = request;
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

async function sendDeviceAuthorizationRequest(
  server: AuthServer,
  clientId: string,
  { deviceId, scope }: Pick<DeviceAuthorizationRequest, 'deviceId' | 'scope'>,
  network: Network,
): Promise<Result<DeviceAuthorizationResponse, Failure>> {
  const url = server.deviceAuthorizationEndpoint;
  const { host } = url;
  const loopback = isLoopback(new URL(server.homeserver).hostname);
  const request = { host, deviceId, scope, loopback };
  const endpoint = 'device_authorization_endpoint';
  const step = 'device-authorization';
  const reply = await sendOAuthRequest(
    { issuer: server.issuer, endpoint, url, clientId, step, network },
    (response) => screen(response, request),
    (config) => initiateDeviceAuthorization(config, { scope: scope.join(' ') }),
  );
  switch (reply.kind) {
    case 'checked':
      return readDeviceAuthorization(reply.value, request);
    case 'refused':
      return err({ code: 'malformed-response', host, field: 'body' });
    case 'screened':
      return err(reply.result);
    case 'failed':
      return err(reply.failure);
    default:
      return unexpected(reply);
  }
}

function screen(
  response: RawResponse,
  request: DeviceAuthorizationRequest,
): ScreenedResponse<Failure> {
  const refusal = refusalOf(response);
  if (refusal !== null) return { kind: 'result', result: refusal };
  const document = normalizeResponse(response.json);
  // Read before the library checks it, because our failures name the field.
  const read = readDeviceAuthorization(document, request);
  return read.ok ? { kind: 'document', document } : { kind: 'result', result: read.failure };
}

/** Why a response has no code; null: read it. */
function refusalOf({ host, status, statusFailure, json }: RawResponse): Failure | null {
  if (statusFailure !== null) return statusFailure;
  const refused = oauthErrorOf(json, []) ?? matrixErrorOf(json, []);
  if (refused !== null) return { code: 'device-request-refused', host, status, ...refused };
  if (!isObject(json)) return { code: 'malformed-response', host, field: 'body' };
  if (status >= 200 && status < 300) return null;
  return { code: 'device-request-refused', host, status, error: null, description: null };
}

/** The fields that are used, none of them null, numbers as numbers; also Google's old name of the link. */
function normalizeResponse(json: unknown): Readonly<Record<string, unknown>> {
  const complete = fieldOf(json, 'verification_uri_complete');
  const intervalMs = intervalOf(json);
  const lifetimeMs = lifetimeOf(json);
  return {
    device_code: fieldOf(json, 'device_code'),
    user_code: fieldOf(json, 'user_code'),
    verification_uri: fieldOf(json, 'verification_uri') ?? fieldOf(json, 'verification_url'),
    ...(complete === undefined || complete === '' ? {} : { verification_uri_complete: complete }),
    // A malformed value is passed on unchanged, to be refused later.
    interval: intervalMs === null ? fieldOf(json, 'interval') : intervalMs / SECOND,
    expires_in: lifetimeMs === null ? fieldOf(json, 'expires_in') : lifetimeMs / SECOND,
  };
}

function isScopeRefused(failure: Failure): boolean {
  if (failure.code !== 'device-request-refused') return false;
  return failure.error === 'invalid_scope' || failure.error === 'invalid_grant';
}

/** As sent, without invisible characters; null when nothing is left, or too much to type. */
function visibleCode(fields: Fields): string | null {
  const code = plainText(fields.text('user_code'), LONGEST_USER_CODE + 1);
  return code === null || Array.from(code).length > LONGEST_USER_CODE ? null : code;
}

/** null: too long to wait. */
function intervalOf(json: unknown): number | null {
  const ms = secondsFieldAsMs(json, 'interval');
  if (ms === null || ms <= 0) return DEFAULT_INTERVAL_MS;
  return ms > LONGEST_INTERVAL_MS ? null : Math.max(ms, SHORTEST_INTERVAL_MS);
}

/** null: already expired. */
function lifetimeOf(json: unknown): number | null {
  const ms = secondsFieldAsMs(json, 'expires_in');
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
  if (!fields.has(field)) fields.text('verification_uri'); // fails with the right name
  const verificationUri = safeLink(fields.text(field), { loopback });
  if (verificationUri === null) return err({ code: 'unsafe-link', field });
  const completeText = fields.optionalText('verification_uri_complete');
  if (completeText === null) return ok({ verificationUri, verificationUriComplete: null });
  const complete = safeLink(completeText, { loopback });
  if (complete === null) return err({ code: 'unsafe-link', field: 'verification_uri_complete' });
  const sameOrigin = complete.origin === verificationUri.origin;
  return ok({ verificationUri, verificationUriComplete: sameOrigin ? complete : null });
}
