import { json, matrixError, oauthError, text } from '../responses.ts';
import { digest } from '../chance.ts';
import { isRecord, mediaType, readJson } from '../auth/forms.ts';
import type { Database } from '../database.ts';
import type { HttpResponse, HttpRequest } from '../personality.ts';

type Metadata = Readonly<Record<string, unknown>>;

const optional = ['client_name', 'client_uri', 'logo_uri', 'policy_uri', 'tos_uri'] as const;
const unsent = ['software_id', 'software_version'] as const;
const sizeLimit = 4096;

/**
 * Registration as in Tuwunel: it requires what the authorization code grant needs, reports type
 * errors as plain text, and returns every optional member, as null if absent.
 */
export function registerAtTuwunel(database: Database, asked: HttpRequest): HttpResponse {
  if (asked.body.length > sizeLimit) return matrixError(413, 'M_TOO_LARGE', 'Request is too large');
  if (mediaType(asked) !== 'application/json') {
    return text(415, 'Expected request with `Content-Type: application/json`');
  }
  const body = readJson(asked);
  if (body === undefined) return text(400, 'Failed to parse the request body as JSON');
  const misfit = findMisfit(body);
  if (!isRecord(body) || misfit !== null) {
    const into = 'Failed to deserialize the JSON body into the target type';
    return text(422, `${into}: ${misfit ?? ''} at line 1 column ${asked.body.length}`);
  }
  const refused = validate(body);
  if (refused !== null) return refused;

  const metadata = registered(body);
  const { now, clientIdSuffix } = database.context;
  const makeId = () => digest(JSON.stringify(metadata), 'base64url') + clientIdSuffix;
  const client = database.clients.register(metadata, makeId, now());
  const issuedAt = Math.floor(client.registeredAt / 1000);
  return json(201, { client_id: client.id, client_id_issued_at: issuedAt, ...client.metadata });
}

function findMisfit(body: unknown): string | null {
  if (!isRecord(body)) return 'invalid type, expected struct DcrRequest';
  if (body.redirect_uris === undefined) return 'missing field `redirect_uris`';
  if (!isTexts(body.redirect_uris)) return 'redirect_uris: invalid type, expected a sequence';
  const badText = optional.find((name) => !isTextOrNone(body[name]));
  if (badText !== undefined) return `${badText}: invalid type, expected a string`;
  const badList = ['grant_types', 'response_types'].find(
    (name) => (body[name] ?? null) !== null && !isTexts(body[name]),
  );
  return badList === undefined ? null : `${badList}: invalid type, expected a sequence`;
}

function validate(body: Metadata): HttpResponse | null {
  const badMetadata = (why: string) => oauthError(400, 'invalid_client_metadata', why);
  const badRedirect = (why: string) => oauthError(400, 'invalid_redirect_uri', why);
  const redirects = isTexts(body.redirect_uris) ? body.redirect_uris : [];
  if (redirects.length === 0) return badRedirect('redirect_uris must not be empty');

  if ((body.client_uri ?? null) === null) return badMetadata('client_uri is required');
  const host = httpsHost(body.client_uri);
  if (host === null) {
    return badMetadata('client_uri must be an https URL with a host and no userinfo');
  }
  for (const name of ['logo_uri', 'tos_uri', 'policy_uri']) {
    if ((body[name] ?? null) === null) continue;
    const other = httpsHost(body[name]);
    if (other === null) return badMetadata('a metadata URI must be an https URL');
    if (!isUnder(other, host)) return badMetadata('a metadata URI must share the client_uri host');
  }
  const isNative = body.application_type === 'native';
  const problem = redirects.map((uri) => redirectProblem(uri, isNative, host)).find(Boolean);
  if (problem !== undefined && problem !== null) return badRedirect(problem);

  const responses = body.response_types;
  if (isTexts(responses) && !responses.includes('code')) {
    return badMetadata('response_types must include "code"');
  }
  const grants = body.grant_types;
  const needed = ['authorization_code', 'refresh_token'];
  if (isTexts(grants) && !needed.every((grant) => grants.includes(grant))) {
    return badMetadata('grant_types must include "authorization_code" and "refresh_token"');
  }
  return null;
}

/** What is wrong with a redirect URI; null: nothing. */
function redirectProblem(uri: string, isNative: boolean, clientHost: string): string | null {
  if (!URL.canParse(uri)) return 'redirect_uri is not a valid URI';
  const url = new URL(uri);
  if (url.hash !== '') return 'redirect_uri must not contain a fragment';
  if (url.protocol === 'https:') {
    const host = httpsHost(uri);
    if (host === null) return 'redirect_uri must not contain userinfo';
    return isUnder(host, clientHost) ? null : 'redirect_uri host must share the client_uri host';
  }
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (isNative && url.protocol === 'http:' && isLoopback && url.port === '') return null;
  const reversed = clientHost.split('.').toReversed().join('.');
  if (isNative && url.host === '' && `${url.protocol.slice(0, -1)}.`.startsWith(`${reversed}.`)) {
    return null;
  }
  return 'redirect_uri scheme is not permitted for this application_type';
}

/**
 * The stored and returned metadata. The device grant is removed from the list, but works anyway.
 */
function registered(body: Metadata): Metadata {
  const grants = isTexts(body.grant_types) ? body.grant_types : null;
  const supported = ['authorization_code', 'refresh_token'];
  const kept: Record<string, unknown> = {
    redirect_uris: body.redirect_uris,
    contacts: isTexts(body.contacts) ? body.contacts : [],
    token_endpoint_auth_method: body.token_endpoint_auth_method ?? 'none',
    grant_types: grants?.filter((grant) => supported.includes(grant)) ?? supported,
    response_types: body.response_types ?? ['code'],
    application_type: body.application_type ?? 'web',
  };
  for (const name of [...optional, ...unsent]) kept[name] = body[name] ?? null;
  return kept;
}

function httpsHost(value: unknown): string | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null;
  const { protocol, username, password, hostname } = new URL(value);
  return protocol === 'https:' && username === '' && password === '' ? hostname : null;
}

function isUnder(host: string, base: string): boolean {
  return host === base || host.endsWith(`.${base}`);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}
