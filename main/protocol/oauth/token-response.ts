import type { Failure, NetworkFailure } from '../../../common/failure.ts';
import { isObject } from '../../../common/json.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { fieldOf, secondsFieldAsMs } from '../fields.ts';
import type { RawResponse } from './raw-response.ts';
import { oauthErrorOf } from './raw-response.ts';
import { API_SCOPES } from './scopes.ts';
import { Secret } from '../secret.ts';

/**
 * A token response.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 RFC 6749 §5.1}
 */
export type TokenResponse = Readonly<{
  accessToken: Secret;
  /** null: none was sent. After a refresh, keep the old one. */
  refreshToken: Secret | null;
  /** Lifetime of the access token, counted from when the request was sent; null: not stated. */
  lifetimeMs: number | null;
  /** The granted scope tokens; null: as requested. */
  scope: readonly string[] | null;
}>;

/** A {@link TokenResponse} that has not been validated: see {@link validateTokenResponse}. */
export type RawTokenResponse = TokenResponse &
  Readonly<{
    /** In lower case; null: none was sent. */
    tokenType: string | null;
    /** The token endpoint's host, for failures. */
    host: string;
  }>;

/** A validated {@link TokenResponse}: enough for a session. */
export type ValidTokenResponse = TokenResponse &
  Readonly<{ refreshToken: Secret; scope: readonly string[] }>;

/** The result of one request to the token endpoint. */
export type TokenEndpointResult = Readonly<
  | { kind: 'granted'; grant: RawTokenResponse }
  /** An OAuth error code, at any status. */
  | {
      kind: 'oauth-error';
      error: string;
      description: string | null;
      status: number;
      retryAfterMs: number | null;
    }
  /** No usable response. `status` null: no response at all. */
  | { kind: 'transient'; failure: NetworkFailure; status: number | null }
>;

/** A token response in the form that the library accepts; not yet checked. */
export type NormalizedTokenResponse = Readonly<{
  access_token: unknown;
  token_type: unknown;
  refresh_token?: unknown;
  expires_in?: number;
  scope?: string;
}>;

/** Longer lifetimes are cut to a year, so that sums stay finite. */
const LONGEST_LIFETIME_MS = 365 * 86_400_000;

const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/;

/**
 * Whether a response has an access token: a 2xx with a non-empty string as `access_token`. A 200 without
 * one is not a success.
 */
export function hasAccessToken({ status, json }: RawResponse): boolean {
  const accessToken = fieldOf(json, 'access_token');
  return status >= 200 && status < 300 && typeof accessToken === 'string' && accessToken !== '';
}

/**
 * Reads a response without tokens. The code in `error` counts at every status except a redirect; a
 * response without one is transient, and its status tells which failure it is.
 *
 * @param sent secrets of the request, which must not get into the description.
 */
export function readTokenError(
  response: RawResponse,
  sent: readonly Secret[],
): TokenEndpointResult {
  const { status, retryAfterMs, statusFailure } = response;
  const redirected = statusFailure?.code === 'redirect-refused';
  const error = redirected ? null : oauthErrorOf(response.json, sent);
  if (error !== null) return { kind: 'oauth-error', ...error, status, retryAfterMs };
  return { kind: 'transient', failure: statusFailure ?? unreadable(response), status };
}

/**
 * A token response as the library accepts it: only the fields that are used, none of them null, seconds
 * as a number, the token type in lower case. `id_token` is left out, because none is requested.
 */
export function normalizeTokenResponse(json: unknown): NormalizedTokenResponse {
  const tokenType = fieldOf(json, 'token_type');
  const refreshToken = fieldOf(json, 'refresh_token');
  const lifetimeMs = lifetimeMsOf(json);
  const scope = fieldOf(json, 'scope');
  return {
    access_token: fieldOf(json, 'access_token'),
    token_type: typeof tokenType === 'string' ? tokenType.toLowerCase() : tokenType,
    ...(refreshToken === undefined || refreshToken === '' ? {} : { refresh_token: refreshToken }),
    ...(lifetimeMs === null ? {} : { expires_in: lifetimeMs / 1_000 }),
    ...(typeof scope === 'string' ? { scope } : {}),
  };
}

/**
 * Reads a response from {@link normalizeTokenResponse}; its tokens become secrets. Fails with
 * `malformed-response`, which names the field.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 RFC 6749 §5.1}
 */
export function readTokenResponse(
  host: string,
  document: unknown,
): Result<RawTokenResponse, NetworkFailure> {
  const accessToken = fieldOf(document, 'access_token');
  const refreshToken = fieldOf(document, 'refresh_token') ?? null;
  const tokenType = fieldOf(document, 'token_type') ?? null;
  if (typeof accessToken !== 'string' || accessToken === '') return malformed(host, 'access_token');
  if (refreshToken !== null && typeof refreshToken !== 'string') {
    return malformed(host, 'refresh_token');
  }
  if (tokenType !== null && typeof tokenType !== 'string') return malformed(host, 'token_type');
  return ok({
    accessToken: new Secret(accessToken),
    refreshToken: refreshToken === null ? null : new Secret(refreshToken),
    lifetimeMs: lifetimeMsOf(document),
    scope: scopeOf(document),
    tokenType,
    host,
  });
}

/**
 * Checks that the tokens of a sign-in are enough for a session. If not, revoke them and report the
 * failure: `token-type-unsupported`, `refresh-token-missing`, `scope-missing`, or `malformed-response`
 * for a token with characters that a header cannot have.
 *
 * Another device ID in the scope than the requested one is accepted: whoami tells the real one.
 *
 * @param requestedScope the scope if the server does not state one.
 */
export function validateTokenResponse(
  response: RawTokenResponse,
  requestedScope: readonly string[],
): Result<ValidTokenResponse, Failure> {
  const { accessToken, refreshToken, lifetimeMs, tokenType, host } = response;
  if (tokenType !== 'bearer') return err({ code: 'token-type-unsupported' });
  if (!isHeaderSafe(accessToken)) {
    return err({ code: 'malformed-response', host, field: 'access_token' });
  }
  if (refreshToken === null) return err({ code: 'refresh-token-missing' });
  if (!isRefreshToken(refreshToken)) {
    return err({ code: 'malformed-response', host, field: 'refresh_token' });
  }
  const scope = response.scope ?? requestedScope;
  if (!scope.some((token) => API_SCOPES.includes(token))) return err({ code: 'scope-missing' });
  return ok({ accessToken, refreshToken, lifetimeMs, scope });
}

/** Whether an access token fits in a header: visible ASCII only, so it cannot inject another header. */
export function isHeaderSafe(accessToken: Secret): boolean {
  return /^[\x21-\x7e]+$/.test(accessToken.reveal());
}

/** Whether a refresh token has only the characters that RFC 6749 allows. */
export function isRefreshToken(refreshToken: Secret): boolean {
  return /^[\x20-\x7e]+$/.test(refreshToken.reveal());
}

/** null when missing or unusable. 0 or less is null, too: then a 401 tells that the token has expired. */
function lifetimeMsOf(json: unknown): number | null {
  const ms = secondsFieldAsMs(json, 'expires_in');
  return ms === null || ms < 1 ? null : Math.min(Math.floor(ms), LONGEST_LIFETIME_MS);
}

function scopeOf(json: unknown): readonly string[] | null {
  const scope = fieldOf(json, 'scope');
  if (typeof scope !== 'string') return null;
  return scope.split(' ').filter((token) => SCOPE_TOKEN.test(token));
}

/** A response without error code or telling status. Which field is missing depends on the status. */
function unreadable({ host, status, json }: RawResponse): NetworkFailure {
  if (!isObject(json)) return { code: 'malformed-response', host, field: 'body' };
  const field = status >= 200 && status < 300 ? 'access_token' : 'error';
  return { code: 'malformed-response', host, field };
}

function malformed(host: string, field: string): Result<never, NetworkFailure> {
  return err({ code: 'malformed-response', host, field });
}
