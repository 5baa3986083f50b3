import { allowInsecureRequests, customFetch, dynamicClientRegistrationRequest } from 'oauth4webapi';
import type { AuthServer } from '../discovery/server-metadata.ts';
import type { ClientMetadata } from './client-metadata.ts';
import { metadataHash, supersetOf } from './client-metadata.ts';
import type { Failure } from '../../../common/failure.ts';
import { parseShallowJson, readFields } from '../fields.ts';
import { catchNetworkError, networkFailureOfStatus } from '../http/network-error.ts';
import type { Network } from '../http/network.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import { plainText } from '../../../common/sanitize.ts';
import { matrixErrorOf, oauthErrorOf } from './raw-response.ts';
import { isLoopbackUrl } from '../../../common/urls.ts';

/** One client registration: made for every sign-in, then stored with the session. */
export type Registration = Readonly<{
  clientId: string;
  /** Of the metadata that was accepted: the minimal one or its superset. */
  metadataHash: string;
}>;

/** Longer client IDs are refused, because the ID is part of every later request. */
const MAX_CLIENT_ID = 4_096;

/** Refused for other reasons than the metadata, so other metadata would be refused as well. */
const NOT_ABOUT_METADATA: readonly number[] = [401, 403, 429];

/**
 * Registers the client, first with the minimal metadata. A 4xx may mean that the server requires more
 * than that (401, 403 and 429 don't), so the superset is tried once.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#client-registration Matrix 1.18, client registration}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7591.html#section-3.1 RFC 7591 §3.1}
 */
export async function register(
  server: AuthServer,
  metadata: ClientMetadata,
  network: Network,
): Promise<Result<Registration, Failure>> {
  const minimal = await sendRegistration(server, metadata, network);
  if (!minimal.ok) return minimal;
  const { status } = minimal.value;
  if (status < 400 || status >= 500 || NOT_ABOUT_METADATA.includes(status)) {
    return readRegistrationResponse(server, metadata, minimal.value);
  }
  const superset = supersetOf(metadata);
  const second = await sendRegistration(server, superset, network);
  return second.ok ? readRegistrationResponse(server, superset, second.value) : second;
}

/** Sends the request: endpoint, body and headers are the library's. */
function sendRegistration(
  server: AuthServer,
  metadata: ClientMetadata,
  network: Network,
): Promise<Result<Response, Failure>> {
  return catchNetworkError(() =>
    dynamicClientRegistrationRequest(server.metadata, toWireMetadata(metadata), {
      [customFetch]: (url, { method, headers, body }) =>
        network('registration', new URL(url), { method, headers, body }),
      [allowInsecureRequests]: isLoopbackUrl(server.registrationEndpoint),
    }),
  );
}

/** The library requires mutable arrays. */
function toWireMetadata(metadata: ClientMetadata): Record<string, string | string[]> {
  const members = Object.entries(metadata).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [[name, typeof value === 'string' ? value : [...value]] as const];
  });
  return Object.fromEntries(members);
}

async function readRegistrationResponse(
  server: AuthServer,
  metadata: ClientMetadata,
  response: Response,
): Promise<Result<Registration, Failure>> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { host } = server.registrationEndpoint;
  const clientId = readRegistration(host, response, bytes);
  return clientId.ok
    ? ok({ clientId: clientId.value, metadataHash: await metadataHash(metadata) })
    : clientId;
}

/**
 * Reads the client ID from the response to a registration. The other fields are ignored, and 200 is as good
 * as 201: servers rewrite names, leave out grants that work all the same, and send `null` fields and
 * secrets that were not requested.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2 RFC 7591 §3.2}
 */
function readRegistration(
  host: string,
  response: Response,
  bytes: Uint8Array<ArrayBuffer>,
): Result<string, Failure> {
  const body = parseShallowJson(bytes);
  if (response.status === 200 || response.status === 201) {
    return readFields(host, body, (fields) => {
      const clientId = fields.text('client_id', MAX_CLIENT_ID);
      if (isClientId(clientId)) return ok(clientId);
      return err({ code: 'malformed-response', host, field: 'client_id' });
    });
  }
  const { status } = response;
  const error = oauthErrorOf(body, []) ?? matrixErrorOf(body, []);
  const failure = networkFailureOfStatus(host, response);
  if (failure !== null) return err(failure);
  const description = error?.description ?? plainTextBody(response, bytes);
  return err({
    code: 'registration-refused',
    host,
    status,
    error: error?.error ?? null,
    description,
  });
}

/**
 * Printable ASCII. Base64's `+ / =` and even spaces are fine, because forms encode them.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#appendix-A.1 RFC 6749 A.1}
 */
function isClientId(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text);
}

/** Some frameworks refuse a request in plain text before the server's own code runs. Ignores HTML. */
function plainTextBody(response: Response, bytes: Uint8Array<ArrayBuffer>): string | null {
  const type = response.headers.get('content-type') ?? '';
  return /^text\/plain\b/i.test(type) ? plainText(new TextDecoder().decode(bytes)) : null;
}
