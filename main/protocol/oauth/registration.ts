import { allowInsecureRequests, customFetch, dynamicClientRegistrationRequest } from 'oauth4webapi';
import type { AuthServer } from '../discovery/server-metadata.ts';
import type { ClientMetadata } from './client-metadata.ts';
import { metadataHash, supersetOf } from './client-metadata.ts';
import type { Failure } from '../../../common/failure.ts';
import { parseShallowJson, readFields } from '../fields.ts';
import { attempt, networkFailureOfStatus } from '../http/network-error.ts';
import type { Network } from '../http/network.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import { plainText } from '../../../common/sanitize.ts';
import { matrixErrorOf, oauthErrorOf } from './raw-response.ts';
import { isLoopbackUrl } from '../../../common/urls.ts';

/** One registration: sent anew for every sign-in, then kept with the session. */
export type Registration = Readonly<{
  clientId: string;
  /** Of the metadata that was accepted: the minimal form or its superset. */
  metadataHash: string;
}>;

/** Longer ones are refused: the ID goes into every request that follows. */
const MAX_CLIENT_ID = 4_096;

/** A refusal for who asks, or for how often: another form would meet the same. */
const NOT_ABOUT_THE_FORM: readonly number[] = [401, 403, 429];

/**
 * Registers the client, in the form with the fewest rights first. Any other 4xx may mean that the
 * server wants more of a client than we need, so the superset is tried, once.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#client-registration Matrix 1.18, client registration}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7591.html#section-3.1 RFC 7591 §3.1}
 */
export async function register(
  server: AuthServer,
  metadata: ClientMetadata,
  network: Network,
): Promise<Result<Registration, Failure>> {
  const minimal = await send(server, metadata, network);
  if (!minimal.ok) return minimal;
  const { status } = minimal.value;
  if (status < 400 || status >= 500 || NOT_ABOUT_THE_FORM.includes(status)) {
    return finish(server, metadata, minimal.value);
  }
  const superset = supersetOf(metadata);
  const second = await send(server, superset, network);
  return second.ok ? finish(server, superset, second.value) : second;
}

/** The library's half: endpoint, body and headers. */
function send(
  server: AuthServer,
  metadata: ClientMetadata,
  network: Network,
): Promise<Result<Response, Failure>> {
  return attempt(() =>
    dynamicClientRegistrationRequest(server.metadata, wireForm(metadata), {
      [customFetch]: (url, { method, headers, body }) =>
        network('registration', new URL(url), { method, headers, body }),
      [allowInsecureRequests]: isLoopbackUrl(server.registrationEndpoint),
    }),
  );
}

/** The library wants arrays that it could write to. */
function wireForm(metadata: ClientMetadata): Record<string, string | string[]> {
  const members = Object.entries(metadata).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [[name, typeof value === 'string' ? value : [...value]] as const];
  });
  return Object.fromEntries(members);
}

async function finish(
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
 * Reads the answer to a registration: the client ID. What else the server says it registered does
 * not matter, nor does 200 instead of 201: servers rewrite names, drop grants that work all the same,
 * send `null` members and secrets that nobody asked for.
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
  const description = error?.description ?? plainAnswer(response, bytes);
  return err({
    code: 'registration-refused',
    host,
    status,
    error: error?.error ?? null,
    description,
  });
}

/**
 * Printable ASCII, as OAuth has it: base64's `+ / =` and even spaces are fine, as forms encode them.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#appendix-A.1 RFC 6749 A.1}
 */
function isClientId(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text);
}

/** Frameworks refuse forms in plain words before the server's own code sees them. Pages are no words. */
function plainAnswer(response: Response, bytes: Uint8Array<ArrayBuffer>): string | null {
  const type = response.headers.get('content-type') ?? '';
  return /^text\/plain\b/i.test(type) ? plainText(new TextDecoder().decode(bytes)) : null;
}
