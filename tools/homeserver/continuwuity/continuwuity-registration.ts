import { json, oauthError, text } from '../responses.ts';
import { digest } from '../chance.ts';
import { deviceCodeGrant } from '../family.ts';
import { isRecord, mediaType, readJson } from '../auth/forms.ts';
import type { Database } from '../database.ts';
import type { HttpResponse, HttpRequest } from '../personality.ts';

type Metadata = Readonly<Record<string, unknown>>;

const uris = ['logo_uri', 'policy_uri', 'tos_uri'] as const;
const grantTypes = ['authorization_code', 'refresh_token', deviceCodeGrant];

/** Registration as in Continuwuity: works without redirect URIs; IDs contain `+ / =`. */
export function registerAtContinuwuity(database: Database, asked: HttpRequest): HttpResponse {
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
  const problem = findProblem(body);
  if (problem !== null) return oauthError(400, 'invalid_client_metadata', problem);

  const metadata = registered(body);
  const { now, clientIdSuffix } = database.context;
  const makeId = () => digest(JSON.stringify(metadata), 'base64') + clientIdSuffix;
  const client = database.clients.register(metadata, makeId, now());
  return json(201, { client_id: client.id, ...client.metadata });
}

function findMisfit(body: unknown): string | null {
  if (!isRecord(body)) return 'invalid type, expected struct ClientMetadata';
  if ((body.client_uri ?? null) === null) return 'missing field `client_uri`';
  const badUri = ['client_uri', ...uris].find((name) => {
    const value = body[name] ?? null;
    return value !== null && !(typeof value === 'string' && URL.canParse(value));
  });
  if (badUri !== undefined) return `${badUri}: relative URL without a base`;
  const redirects = body.redirect_uris ?? [];
  const areUris =
    Array.isArray(redirects) &&
    redirects.every((uri) => typeof uri === 'string' && URL.canParse(uri));
  if (!areUris) return 'redirect_uris: relative URL without a base';
  const badList = ['grant_types', 'response_types'].find(
    (name) => !Array.isArray(body[name] ?? []),
  );
  return badList === undefined ? null : `${badList}: invalid type, expected a sequence`;
}

function findProblem(body: Metadata): string | null {
  const client = new URL(String(body.client_uri));
  const isDomain = /[a-z]/i.test(client.hostname) && !client.hostname.startsWith('[');
  if (!isDomain) return 'Client URI must have a domain.';
  if (client.protocol !== 'https:') return 'Client URI must be HTTPS.';
  if (client.username !== '' || client.password !== '') {
    return 'Client URI must not include credentials.';
  }
  for (const name of uris) {
    if ((body[name] ?? null) === null) continue;
    const uri = new URL(String(body[name]));
    if (uri.protocol !== 'https:') return 'All metadata URIs must be HTTPS.';
    if (uri.hostname !== client.hostname && !uri.hostname.endsWith(`.${client.hostname}`)) {
      return 'All metadata URIs must be subdomains of the client URI.';
    }
  }
  const isNative = body.application_type === 'native';
  const redirects = Array.isArray(body.redirect_uris) ? body.redirect_uris : [];
  const problems = redirects.map((uri) => redirectProblem(new URL(String(uri)), isNative, client));
  return problems.find((problem) => problem !== null) ?? null;
}

function redirectProblem(uri: URL, isNative: boolean, client: URL): string | null {
  if (uri.protocol === 'https:') return null;
  if (!isNative) return "A redirect URI's scheme is not valid for this application type.";
  if (uri.protocol === 'http:') {
    if (!['localhost', '127.0.0.1', '[::1]'].includes(uri.hostname)) {
      return 'HTTP redirect URIs for native applications must only refer to localhost.';
    }
    return uri.port === '' ? null : 'HTTP redirect URIs do not need to specify a port.';
  }
  const reversed = client.hostname.split('.').toReversed().join('.');
  if (uri.protocol.startsWith(reversed) && uri.host === '') return null;
  return "Private-use scheme URIs must begin with the client URI's domain in reverse-DNS notation.";
}

/** The stored and returned metadata: absent members stay absent, unknown list items are dropped. */
function registered(body: Metadata): Metadata {
  const kept: Record<string, unknown> = {
    application_type: body.application_type ?? 'web',
    redirect_uris: body.redirect_uris ?? [],
    grant_types: knownItems(body.grant_types, grantTypes),
    response_types: knownItems(body.response_types, ['code']),
  };
  for (const name of ['client_name', 'client_uri', 'token_endpoint_auth_method', ...uris]) {
    const value = body[name] ?? null;
    if (value !== null) kept[name] = value;
  }
  return kept;
}

function knownItems(value: unknown, known: readonly string[]): readonly string[] {
  return Array.isArray(value) ? known.filter((item) => value.includes(item)) : [];
}
