import { oauthError } from '../responses.ts';
import { mayUse, textOf } from '../auth/clients.ts';
import type { Client } from '../auth/clients.ts';
import type { Database } from '../database.ts';
import type { HttpResponse } from '../personality.ts';

const errors = {
  authorization_pending: [403, 'The authorization request is still pending'],
  access_denied: [403, 'The resource owner or authorization server denied the request.'],
  expired_token: [
    403,
    'The "device_code" has expired, and the device authorization session has concluded',
  ],
  invalid_grant: [400, 'The provided access grant is invalid, expired, or revoked.'],
  invalid_client: [401, 'Client authentication failed.'],
  unauthorized_client: [
    401,
    'The client is not authorized to request an access token using this method.',
  ],
  unsupported_grant_type: [
    400,
    'The authorization grant type is not supported by the authorization server.',
  ],
  unsupported_token_type: [
    400,
    'The authorization server does not support the revocation of the presented token type.',
  ],
  invalid_request: [400, 'The request is missing a required parameter or is otherwise malformed.'],
  server_error: [500, 'The authorization server encountered an unexpected condition.'],
} as const;

/** An error with MAS's status and description. */
export function standard(error: keyof typeof errors, description?: string): HttpResponse {
  const [status, usual] = errors[error];
  return oauthError(status, error, description ?? usual);
}

/** The client of a request, or the error response. */
export type Caller =
  Readonly<{ client: Client; form: URLSearchParams }> | Readonly<{ refused: HttpResponse }>;

/**
 * The client of a request, by `client_id` alone: these are public clients. A client without an auth
 * method was registered for a secret that it never got, and may use nothing.
 *
 * @param grantType what the client must have registered for; null: nothing in particular
 */
export function authenticate(
  database: Database,
  form: URLSearchParams | null,
  grantType: string | null,
): Caller {
  const id = form?.get('client_id') ?? null;
  if (form === null || id === null) {
    return { refused: standard('invalid_request', 'No credentials were presented') };
  }
  const client = database.clients.get(id);
  if (client === null) return { refused: standard('invalid_client') };
  const method = textOf(client, 'token_endpoint_auth_method');
  if (method === null) return { refused: standard('unauthorized_client') };
  if (method !== 'none') return { refused: standard('invalid_client') };
  if (grantType !== null && !mayUse(client, grantType)) {
    return { refused: standard('unauthorized_client') };
  }
  return { client, form };
}
