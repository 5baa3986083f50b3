import type { Failure, NetworkFailure } from '../../../common/failure.ts';
import { isObject } from '../../../common/json.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { DAY } from '../../../common/time.ts';
import type { RawResponse } from './raw-response.ts';
import { member, oauthErrorOf, secondsMemberAsMs } from './raw-response.ts';
import { API_SCOPES } from './scopes.ts';
import { Secret } from '../secret.ts';

/**
 * What the token endpoint gave.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 RFC 6749 §5.1}
 */
export type TokenResponse = Readonly<{
  accessToken: Secret;
  /** null: none was sent. After a refresh that means: keep the old one. */
  refreshToken: Secret | null;
  /** How long the access token lives, reckoned from when the request was sent; null: not said. */
  lifetimeMs: number | null;
  /** The scope tokens granted; null: as requested. */
  scope: readonly string[] | null;
}>;

/** A {@link TokenResponse} as it came, before anyone has said that it can be used: see `validateTokenResponse`. */
export type RawTokenResponse = TokenResponse &
  Readonly<{
    /** Lower case; null: none was sent. */
    tokenType: string | null;
    /** The token endpoint's host, for the words of a failure. */
    host: string;
  }>;

/** A {@link TokenResponse} that a session can live on. */
export type ValidTokenResponse = TokenResponse &
  Readonly<{ refreshToken: Secret; scope: readonly string[] }>;

/** What one request to the token endpoint came to. */
export type TokenEndpointResult = Readonly<
  | { kind: 'granted'; grant: RawTokenResponse }
  /** The server said a code, at whatever status. */
  | {
      kind: 'oauth-error';
      error: string;
      description: string | null;
      status: number;
      retryAfterMs: number | null;
    }
  /** No answer, or none that says anything. `status` null: none came. */
  | { kind: 'transient'; failure: NetworkFailure; status: number | null }
>;

/** An answer with tokens in the form that the library takes; nothing in it has been checked yet. */
export type TokenDocument = Readonly<{
  access_token: unknown;
  token_type: unknown;
  refresh_token?: unknown;
  expires_in?: number;
  scope?: string;
}>;

/** Longer promises than a year are cut: nobody could keep them, and sums must stay finite. */
const LONGEST_LIFETIME_MS = 365 * DAY;

const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/;

/**
 * Whether an answer brings tokens: 2xx and a text as `access_token`. A 200 without one is no
 * success, whatever else it holds.
 */
export function bringsTokens({ status, json }: RawResponse): boolean {
  const accessToken = member(json, 'access_token');
  return status >= 200 && status < 300 && typeof accessToken === 'string' && accessToken !== '';
}

/**
 * An answer that brings no tokens. The code in `error` counts at every status except a redirect; an
 * answer without one is told apart by its status, and is passing trouble.
 *
 * @param sent the secrets of the request, which must not come back in the server's words.
 */
export function readTokenRefusal(
  answer: RawResponse,
  sent: readonly Secret[],
): TokenEndpointResult {
  const { status, retryAfterMs, statusFailure } = answer;
  const redirected = statusFailure?.code === 'redirect-refused';
  const error = redirected ? null : oauthErrorOf(answer.json, sent);
  if (error !== null) return { kind: 'oauth-error', ...error, status, retryAfterMs };
  return { kind: 'transient', failure: statusFailure ?? unreadable(answer), status };
}

/**
 * An answer with tokens as the library takes it: only the members we use, none of them null, seconds
 * as a number, the token type in lower case. `id_token` is left out: nothing here asks for one.
 */
export function tokenDocument(json: unknown): TokenDocument {
  const tokenType = member(json, 'token_type');
  const refreshToken = member(json, 'refresh_token');
  const lifetimeMs = lifetimeMsOf(json);
  const scope = member(json, 'scope');
  return {
    access_token: member(json, 'access_token'),
    token_type: typeof tokenType === 'string' ? tokenType.toLowerCase() : tokenType,
    ...(refreshToken === undefined || refreshToken === '' ? {} : { refresh_token: refreshToken }),
    ...(lifetimeMs === null ? {} : { expires_in: lifetimeMs / 1_000 }),
    ...(typeof scope === 'string' ? { scope } : {}),
  };
}

/**
 * Reads the tokens of a {@link tokenDocument}. From here on they are secrets. Fails with
 * `malformed-response`, which names the member.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 RFC 6749 §5.1}
 */
export function readTokenResponse(
  host: string,
  document: unknown,
): Result<RawTokenResponse, NetworkFailure> {
  const accessToken = member(document, 'access_token');
  const refreshToken = member(document, 'refresh_token') ?? null;
  const tokenType = member(document, 'token_type') ?? null;
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
 * Whether a session can live on the tokens of a sign-in. If not, revoke them and report the failure:
 * `token-type-unsupported`, `refresh-token-missing`, `scope-missing`, or `malformed-response` for a
 * token that would break out of its header.
 *
 * A device id in the scope that is not the one asked for is no failure here: whoami decides.
 *
 * @param requestedScope what holds when the server did not say.
 */
export function validateTokenResponse(
  grant: RawTokenResponse,
  requestedScope: readonly string[],
): Result<ValidTokenResponse, Failure> {
  const { accessToken, refreshToken, lifetimeMs, tokenType, host } = grant;
  if (tokenType !== 'bearer') return err({ code: 'token-type-unsupported' });
  if (!fitsHeader(accessToken)) {
    return err({ code: 'malformed-response', host, field: 'access_token' });
  }
  if (refreshToken === null) return err({ code: 'refresh-token-missing' });
  if (!isRefreshToken(refreshToken)) {
    return err({ code: 'malformed-response', host, field: 'refresh_token' });
  }
  const scope = grant.scope ?? requestedScope;
  if (!scope.some((token) => API_SCOPES.includes(token))) return err({ code: 'scope-missing' });
  return ok({ accessToken, refreshToken, lifetimeMs, scope });
}

/** Whether an access token can stand in a header: visible ASCII only, so no line can be smuggled in. */
export function fitsHeader(accessToken: Secret): boolean {
  return /^[\x21-\x7e]+$/.test(accessToken.reveal());
}

/** Whether a refresh token is made of the characters that it may have. */
export function isRefreshToken(refreshToken: Secret): boolean {
  return /^[\x20-\x7e]+$/.test(refreshToken.reveal());
}

/** null where the server said nothing usable: 0 and less mean that 401 has to tell. */
function lifetimeMsOf(json: unknown): number | null {
  const ms = secondsMemberAsMs(json, 'expires_in');
  return ms === null || ms < 1 ? null : Math.min(Math.floor(ms), LONGEST_LIFETIME_MS);
}

function scopeOf(json: unknown): readonly string[] | null {
  const scope = member(json, 'scope');
  if (typeof scope !== 'string') return null;
  return scope.split(' ').filter((token) => SCOPE_TOKEN.test(token));
}

/** No code and no telling status: the field that is missing depends on what the status promised. */
function unreadable({ host, status, json }: RawResponse): NetworkFailure {
  if (!isObject(json)) return { code: 'malformed-response', host, field: 'body' };
  const field = status >= 200 && status < 300 ? 'access_token' : 'error';
  return { code: 'malformed-response', host, field };
}

function malformed(host: string, field: string): Result<never, NetworkFailure> {
  return err({ code: 'malformed-response', host, field });
}
