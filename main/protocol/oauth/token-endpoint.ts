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
  TokenDocument,
  TokenEndpointResult,
  TokenResponse,
} from './token-response.ts';
import {
  bringsTokens,
  fitsHeader,
  isRefreshToken,
  readTokenResponse,
  readTokenRefusal,
  tokenDocument,
} from './token-response.ts';

const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/**
 * Asks once whether the person has approved. One poll at a time: two could lose the tokens.
 *
 * Everything that can happen is a {@link TokenEndpointResult}; rejects only with the caller's own abort. What
 * follows is `nextPoll`'s to say.
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
  return askForTokens({ ...request, step: 'token' }, deviceCode, tokenDocument, (config) =>
    genericGrantRequest(config, DEVICE_CODE_GRANT, parameters),
  );
}

/**
 * Asks for new tokens with the old refresh token. Takes no signal: once sent, its answer may hold
 * the only token that still works.
 *
 * The server may retire the old token as soon as it has answered, so save the result before anyone
 * uses it. If the answer is lost, ask again, soon, with the same token.
 *
 * Fails with `session-ended` on `invalid_grant` and with `registration-gone` on `invalid_client` and
 * `unauthorized_client`, at a 2xx or 4xx; no other answer ends a session. The specification lets any
 * 4xx do so, but a rate limit, a captive portal or a server's bad configuration would then sign
 * people out for nothing.
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
  const answer = await askForTokens(request, refreshToken, refreshedDocument, (config) =>
    refreshTokenGrant(config, refreshToken.reveal()),
  );
  switch (answer.kind) {
    case 'granted':
      return refreshedGrant(answer.grant);
    case 'oauth-error':
      return err(refreshFailure(url.host, answer));
    case 'transient':
      return err(answer.failure);
    default:
      return unexpected(answer);
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

/** Sends one request for tokens and reads whatever comes. */
async function askForTokens(
  request: OAuthRequest,
  sent: Secret,
  documentOf: (json: unknown) => TokenDocument,
  send: (config: Configuration) => Promise<unknown>,
): Promise<TokenEndpointResult> {
  const { host } = request.url;
  const reply = await sendOAuthRequest<unknown, TokenEndpointResult>(
    request,
    (answer) => {
      if (!bringsTokens(answer)) {
        return { kind: 'verdict', verdict: readTokenRefusal(answer, [sent]) };
      }
      const document = documentOf(answer.json);
      // Tokens of another type are of no use, but have to be in hand to be revoked.
      const usable = document.token_type === 'bearer';
      if (!usable) return { kind: 'verdict', verdict: granted(readTokenResponse(host, document)) };
      return { kind: 'document', document };
    },
    send,
  );
  switch (reply.kind) {
    case 'checked':
      return granted(readTokenResponse(host, reply.value));
    case 'refused':
      return granted(err({ code: 'malformed-response', host, field: 'body' }));
    case 'judged':
      return reply.verdict;
    case 'failed':
      return { kind: 'transient', failure: reply.failure, status: null };
    default:
      return unexpected(reply);
  }
}

/** A 200 whose tokens cannot be read is a lost answer. */
function granted(read: Result<RawTokenResponse, NetworkFailure>): TokenEndpointResult {
  if (!read.ok) return { kind: 'transient', failure: read.failure, status: 200 };
  return { kind: 'granted', grant: read.value };
}

/**
 * A refresh answer without a token type is taken for what the session began with: refusing it would
 * throw away the only token that still works.
 */
function refreshedDocument(json: unknown): TokenDocument {
  const document = tokenDocument(json);
  return document.token_type === undefined ? { ...document, token_type: 'bearer' } : document;
}

/** The tokens of a refresh, unless they cannot be used: then the answer counts as lost. */
function refreshedGrant(grant: RawTokenResponse): Result<TokenResponse, NetworkFailure> {
  const { accessToken, refreshToken, lifetimeMs, scope, tokenType, host } = grant;
  const malformed = (field: string): Result<never, NetworkFailure> =>
    err({ code: 'malformed-response', host, field });
  if (tokenType !== 'bearer') return malformed('token_type');
  if (!fitsHeader(accessToken)) return malformed('access_token');
  if (refreshToken !== null && !isRefreshToken(refreshToken)) return malformed('refresh_token');
  return ok({ accessToken, refreshToken, lifetimeMs, scope });
}

/** What an error code means for a session. Where the status says "later", it wins over the code. */
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
