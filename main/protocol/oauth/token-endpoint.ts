import type { Configuration } from 'openid-client';
import { genericGrantRequest, refreshTokenGrant } from 'openid-client';
import type { AuthServer, SessionServer } from '../discovery/server-metadata.ts';
import type { Failure, NetworkFailure } from '../../../common/failure.ts';
import type { Network } from '../http/network.ts';
import type { OAuthRequest } from './oauth-client.ts';
import { sendOAuthRequest } from './oauth-client.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok, unexpected } from '../../../common/result.ts';
import type { Secret } from '../secret.ts';
import type {
  RawTokenResponse,
  NormalizedTokenResponse,
  TokenEndpointResult,
  TokenResponse,
} from './token-response.ts';
import {
  hasAccessToken,
  isHeaderSafe,
  isRefreshToken,
  readTokenResponse,
  readTokenError,
  normalizeTokenResponse,
} from './token-response.ts';

const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/**
 * Device access token request: one poll for the person's approval. Never poll twice at the same time,
 * because the tokens of one response could get lost.
 *
 * Every outcome is a {@link TokenEndpointResult}; rejects only with the caller's own abort. `nextPoll`
 * decides what to do next.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628.html#section-3.4 RFC 8628 §3.4}
 */
export async function requestTokens(
  server: AuthServer,
  clientId: string,
  deviceCode: Secret,
  network: Network,
  signal?: AbortSignal,
): Promise<TokenEndpointResult> {
  const url = server.tokenEndpoint;
  const request = { ...tokenRequest(server.issuer, url, clientId, network), signal };
  const parameters = { device_code: deviceCode.reveal() };
  return sendTokenRequest(
    { ...request, step: 'token' },
    deviceCode,
    normalizeTokenResponse,
    (config) => genericGrantRequest(config, DEVICE_CODE_GRANT, parameters),
  );
}

/**
 * Requests new tokens with the old refresh token. Takes no signal: once the request has been sent, its
 * response may contain the only token that still works.
 *
 * The server may invalidate the old token as soon as it has responded, so save the result before it is
 * used. If the response is lost, retry soon with the same token.
 *
 * Fails with `session-ended` for `invalid_grant` and with `registration-gone` for `invalid_client` and
 * `unauthorized_client`, at a 2xx or 4xx; nothing else ends a session. By the specification any 4xx
 * does, but then a rate limit, a captive portal or a misconfigured server would sign people out.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#refresh-token-grant Matrix 1.18, refresh token grant}
 */
export async function refreshTokens(
  server: SessionServer,
  clientId: string,
  refreshToken: Secret,
  network: Network,
): Promise<Result<TokenResponse, Failure>> {
  const url = new URL(server.tokenEndpoint);
  const request = {
    ...tokenRequest(server.issuer, url, clientId, network),
    step: 'refresh',
  } as const;
  const result = await sendTokenRequest(request, refreshToken, normalizeRefreshResponse, (config) =>
    refreshTokenGrant(config, refreshToken.reveal()),
  );
  switch (result.kind) {
    case 'granted':
      return validateRefreshResponse(result.grant);
    case 'oauth-error':
      return err(refreshFailure(url.host, result));
    case 'transient':
      return err(result.failure);
    default:
      return unexpected(result);
  }
}

function tokenRequest(
  issuer: string,
  url: URL,
  clientId: string,
  network: Network,
): Omit<OAuthRequest, 'step'> {
  return { issuer, endpoint: 'token_endpoint', url, clientId, network };
}

/** Sends one token request and reads any response. */
async function sendTokenRequest(
  request: OAuthRequest,
  sent: Secret,
  normalize: (json: unknown) => NormalizedTokenResponse,
  send: (config: Configuration) => Promise<unknown>,
): Promise<TokenEndpointResult> {
  const { host } = request.url;
  const reply = await sendOAuthRequest<unknown, TokenEndpointResult>(
    request,
    (response) => {
      if (!hasAccessToken(response)) {
        return { kind: 'result', result: readTokenError(response, [sent]) };
      }
      const document = normalize(response.json);
      // Tokens of another type cannot be used, but are needed to revoke them.
      const usable = document.token_type === 'bearer';
      if (!usable) return { kind: 'result', result: granted(readTokenResponse(host, document)) };
      return { kind: 'document', document };
    },
    send,
  );
  switch (reply.kind) {
    case 'checked':
      return granted(readTokenResponse(host, reply.value));
    case 'refused':
      return granted(err({ code: 'malformed-response', host, field: 'body' }));
    case 'screened':
      return reply.result;
    case 'failed':
      return { kind: 'transient', failure: reply.failure, status: null };
    default:
      return unexpected(reply);
  }
}

/** A 200 whose tokens cannot be read counts as a lost response. */
function granted(read: Result<RawTokenResponse, NetworkFailure>): TokenEndpointResult {
  if (!read.ok) return { kind: 'transient', failure: read.failure, status: 200 };
  return { kind: 'granted', grant: read.value };
}

/**
 * {@link normalizeTokenResponse} for a refresh. A missing token type is taken for the session's own,
 * because refusing the response would throw away the only token that still works.
 */
function normalizeRefreshResponse(json: unknown): NormalizedTokenResponse {
  const document = normalizeTokenResponse(json);
  return document.token_type === undefined ? { ...document, token_type: 'bearer' } : document;
}

/** The tokens of a refresh. If they cannot be used, the response counts as lost. */
function validateRefreshResponse(grant: RawTokenResponse): Result<TokenResponse, NetworkFailure> {
  const { accessToken, refreshToken, lifetimeMs, scope, tokenType, host } = grant;
  const malformed = (field: string): Result<never, NetworkFailure> =>
    err({ code: 'malformed-response', host, field });
  if (tokenType !== 'bearer') return malformed('token_type');
  if (!isHeaderSafe(accessToken)) return malformed('access_token');
  if (refreshToken !== null && !isRefreshToken(refreshToken)) return malformed('refresh_token');
  return ok({ accessToken, refreshToken, lifetimeMs, scope });
}

/** The failure that an error code stands for. A status that means "later" wins over the code. */
function refreshFailure(
  host: string,
  { error, status, retryAfterMs }: Extract<TokenEndpointResult, { kind: 'oauth-error' }>,
): Failure {
  if (status === 429 || status === 408 || error === 'slow_down') {
    return { code: 'rate-limited', host, retryAfterMs };
  }
  if (status === 404 || status === 405) return { code: 'endpoint-gone', host, status };
  if (status < 500 && error === 'invalid_grant') return { code: 'session-ended', error };
  if (status < 500 && (error === 'invalid_client' || error === 'unauthorized_client')) {
    return { code: 'registration-gone', error };
  }
  return { code: 'server-unavailable', host, status, retryAfterMs };
}
