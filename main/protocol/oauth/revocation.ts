import { tokenRevocation } from 'openid-client';
import type { SessionServer } from '../discovery/server-metadata.ts';
import { fetchWhoami } from '../client-server.ts';
import type { Failure } from '../../../common/failure.ts';
import { isObject } from '../../../common/json.ts';
import type { Network } from '../http/network.ts';
import type { Judged } from './oauth-client.ts';
import { sendOAuthRequest } from './oauth-client.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok, unexpected } from '../../../common/result.ts';
import type { RawResponse } from './raw-response.ts';
import { matrixErrorOf, oauthErrorOf } from './raw-response.ts';
import type { Secret } from '../secret.ts';

/**
 * Ends a session at the server, by its newest refresh token. Revoking either token ends both, but
 * servers answer 200 and do nothing when the access token has expired: so take that one only where
 * no refresh token was ever had, and say so with `kind`, as a wrong hint is answered just like that.
 *
 * Any 2xx is done, its body is not looked at; `invalid_grant` means that the session was gone before.
 * Fails with `revocation-unsupported` when the server has no endpoint for it, and with
 * `revocation-refused` when it says no; all else is passing trouble, to be tried again.
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
    (answer) => judge(answer, token),
    (config) => tokenRevocation(config, token.reveal(), { token_type_hint: kind }),
  );
  switch (reply.kind) {
    case 'checked':
      return ok(undefined);
    case 'refused':
      return err({ code: 'malformed-response', host: url.host, field: 'body' });
    case 'judged':
      return reply.verdict;
    case 'failed':
      return err(reply.failure);
    default:
      return unexpected(reply);
  }
}

/**
 * Whether the homeserver still takes the access token of a session that was revoked. `accepted` may
 * be its cache, for up to two minutes; `unknown`: it did not answer, or said something else.
 */
export async function proveRevoked(
  homeserver: string,
  accessToken: Secret,
  network: Network,
): Promise<'refused' | 'accepted' | 'unknown'> {
  const answer = await fetchWhoami(homeserver, accessToken, network);
  if (answer.ok) return 'accepted';
  const { failure } = answer;
  if (failure.code === 'token-rejected') return 'refused';
  // Strictly a mistake of ours, but some servers say it of a token that they have forgotten.
  const missing = failure.code === 'whoami-rejected' && failure.errcode === 'M_MISSING_TOKEN';
  return missing ? 'refused' : 'unknown';
}

function judge(answer: RawResponse, token: Secret): Judged<Result<void, Failure>> {
  const { host, status, statusFailure, json } = answer;
  // The body of a success means nothing: it may be empty, or JSON, or a page.
  if (status >= 200 && status < 300) return { kind: 'document', document: {} };
  const verdict = (outcome: Result<void, Failure>): Judged<Result<void, Failure>> => ({
    kind: 'verdict',
    verdict: outcome,
  });
  if (statusFailure !== null) return verdict(err(statusFailure));
  const refused = oauthErrorOf(json, [token]) ?? matrixErrorOf(json, [token]);
  if (refused?.error === 'invalid_grant') return verdict(ok(undefined));
  if (status !== 401 && !isObject(json)) {
    return verdict(err({ code: 'malformed-response', host, field: 'body' }));
  }
  const error = refused?.error ?? null;
  return verdict(err({ code: 'revocation-refused', host, status, error }));
}
