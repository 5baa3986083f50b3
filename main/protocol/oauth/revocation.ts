import { tokenRevocation } from 'openid-client';
import type { SessionServer } from '../discovery/server-metadata.ts';
import { fetchWhoami } from '../client-server.ts';
import type { Failure } from '../../../common/failure.ts';
import { isObject } from '../../../common/json.ts';
import type { Network } from '../http/network.ts';
import type { ScreenedResponse } from './oauth-client.ts';
import { sendOAuthRequest } from './oauth-client.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok, unexpected } from '../../../common/result.ts';
import type { RawResponse } from './raw-response.ts';
import { matrixErrorOf, oauthErrorOf } from './raw-response.ts';
import type { Secret } from '../secret.ts';

/**
 * Ends a session at the server by revoking its newest refresh token. Revoking either token ends both,
 * but for an expired access token servers respond with 200 and do nothing. So revoke the access token
 * only if there never was a refresh token, and pass the right `kind`: servers also ignore a token with a
 * wrong hint.
 *
 * Any 2xx is a success, and its body is ignored; `invalid_grant` means that the session had already
 * ended. Fails with `revocation-unsupported` when the server has no revocation endpoint, and with
 * `revocation-refused` when it refuses; all other failures are transient.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2 RFC 7009 §2}
 */
export async function revoke(
  server: SessionServer,
  clientId: string,
  token: Secret,
  network: Network,
  kind: 'refresh_token' | 'access_token' = 'refresh_token',
): Promise<Result<void, Failure>> {
  if (server.revocationEndpoint === null) {
    return err({ code: 'revocation-unsupported', host: new URL(server.tokenEndpoint).host });
  }
  const url = new URL(server.revocationEndpoint);
  const endpoint = 'revocation_endpoint';
  const reply = await sendOAuthRequest<unknown, Result<void, Failure>>(
    { issuer: server.issuer, endpoint, url, clientId, step: 'revocation', network },
    (response) => screen(response, token),
    (config) => tokenRevocation(config, token.reveal(), { token_type_hint: kind }),
  );
  switch (reply.kind) {
    case 'checked':
      return ok(undefined);
    case 'refused':
      return err({ code: 'malformed-response', host: url.host, field: 'body' });
    case 'screened':
      return reply.result;
    case 'failed':
      return err(reply.failure);
    default:
      return unexpected(reply);
  }
}

/**
 * Whether the homeserver still accepts the access token of a revoked session. `accepted` may come from
 * its cache, for up to two minutes; `unknown`: no response, or an inconclusive one.
 */
export async function proveRevoked(
  homeserver: string,
  accessToken: Secret,
  network: Network,
): Promise<'refused' | 'accepted' | 'unknown'> {
  const whoami = await fetchWhoami(homeserver, accessToken, network);
  if (whoami.ok) return 'accepted';
  const { failure } = whoami;
  if (failure.code === 'token-rejected') return 'refused';
  // Some servers send this for a token that they no longer know.
  const missing = failure.code === 'whoami-rejected' && failure.errcode === 'M_MISSING_TOKEN';
  return missing ? 'refused' : 'unknown';
}

function screen(response: RawResponse, token: Secret): ScreenedResponse<Result<void, Failure>> {
  const { host, status, statusFailure, json } = response;
  // The body of a success does not matter: it may be empty, JSON or a page.
  if (status >= 200 && status < 300) return { kind: 'document', document: {} };
  const done = (result: Result<void, Failure>): ScreenedResponse<Result<void, Failure>> => ({
    kind: 'result',
    result,
  });
  if (statusFailure !== null) return done(err(statusFailure));
  const refused = oauthErrorOf(json, [token]) ?? matrixErrorOf(json, [token]);
  if (refused?.error === 'invalid_grant') return done(ok(undefined));
  if (status !== 401 && !isObject(json)) {
    return done(err({ code: 'malformed-response', host, field: 'body' }));
  }
  const error = refused?.error ?? null;
  return done(err({ code: 'revocation-refused', host, status, error }));
}
