import { inspect } from 'node:util';
import fc from 'fast-check';
import type {
  AuthServer,
  SessionServer,
} from '../../../main/protocol/discovery/server-metadata.ts';
import { toSessionServer } from '../../../main/protocol/discovery/server-metadata.ts';
import type { Answer } from '../http/scripted-network.ts';
import { raw } from '../http/scripted-network.ts';

/** A client id as Continuwuity makes them: it needs encoding in a form. */
export const CLIENT_ID = 'a+b/c==';

/** An auth server on its own host, with every endpoint. */
export const SERVER: AuthServer = {
  homeserver: 'https://matrix.example.org',
  issuer: 'https://auth.example.org/',
  registrationEndpoint: new URL('https://auth.example.org/register'),
  deviceAuthorizationEndpoint: new URL('https://auth.example.org/device'),
  tokenEndpoint: new URL('https://auth.example.org/token'),
  revocationEndpoint: new URL('https://auth.example.org/revoke'),
  accountManagementUri: null,
  accountManagementActions: [],
  metadata: { issuer: 'https://auth.example.org/' },
};

/** {@link SERVER} as a session keeps it. */
export const SESSION: SessionServer = toSessionServer(SERVER);

/** The same on this machine, in plain http, as the test homeserver is. */
export const LOCAL_SERVER: AuthServer = {
  ...SERVER,
  homeserver: 'http://127.0.0.1:8008',
  issuer: 'http://127.0.0.1:8008/',
  deviceAuthorizationEndpoint: new URL('http://127.0.0.1:8008/device'),
  tokenEndpoint: new URL('http://127.0.0.1:8008/token'),
  revocationEndpoint: new URL('http://127.0.0.1:8008/revoke'),
};

/** Part of every response below, and of the requests: must never appear outside a `Secret`. */
export const PLANTED = 'planted_5ecret_plant';

/** Whether a value shows the planted secret to anyone who prints or serialises it. */
export function shows(value: unknown): boolean {
  const depth = { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null };
  return JSON.stringify(value).includes(PLANTED) || inspect(value, depth).includes(PLANTED);
}

/** Every member that some reader looks for, as it should be. */
const GOOD: Readonly<Record<string, unknown>> = {
  access_token: PLANTED,
  token_type: 'Bearer',
  expires_in: 300,
  refresh_token: PLANTED,
  scope: 'urn:matrix:client:api:*',
  id_token: PLANTED,
  device_code: PLANTED,
  user_code: 'ABCDEF',
  verification_uri: 'https://auth.example.org/link',
  verification_uri_complete: 'https://auth.example.org/link?code=ABCDEF',
  interval: 5,
  user_id: '@alice:example.org',
  device_id: 'ABCDEFGHIJKL',
  is_guest: false,
  displayname: 'Alice',
  soft_logout: true,
  retry_after_ms: 100,
};

const ERRORS = [
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
  'invalid_grant',
  'invalid_client',
  'server_error',
  'Not Found',
  'x'.repeat(70),
  '',
] as const;

/** A member's value: sometimes right, often not. */
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, 0, -1, 1e308, '5', '1800', '', 'Bearer', 'DPoP', 'https://example.org/x'),
  fc.constantFrom('javascript:alert(1)', 'http://example.org', '\r\nx: y', '\u202eabc'),
);

const MEMBERS = [...Object.keys(GOOD), '__proto__'];

/** Words of a server that repeats the secret of the request, openly or disguised. */
const ECHOES = [PLANTED, `no ${PLANTED} here`, PLANTED.split('').join('\u200b')];

/** A good object with some members left out, some spoilt, and perhaps an error or two. */
function likelyObject(echoes: readonly string[]): fc.Arbitrary<object> {
  const words = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('In words', ...echoes));
  const error = fc.record({
    error: fc.oneof(fc.constantFrom(...ERRORS), fc.constantFrom(...ERRORS), anyValue, words),
    error_description: words,
  });
  const errcode = fc.oneof(fc.constantFrom('M_UNKNOWN_TOKEN', 'M_USER_LOCKED'), anyValue, words);
  return fc
    .record({
      without: fc.subarray(MEMBERS, { maxLength: 4 }),
      spoilt: fc.dictionary(fc.constantFrom(...MEMBERS), anyValue, { maxKeys: 3 }),
      error: fc.option(error, { freq: 2, nil: {} }),
      matrix: fc.option(fc.record({ errcode, error: words }), { freq: 2, nil: {} }),
      bare: fc.boolean(),
    })
    .map(({ without, spoilt, error, matrix, bare }) => {
      const good = Object.entries(GOOD).filter(([name]) => !bare && !without.includes(name));
      return { ...Object.fromEntries(good), ...spoilt, ...error, ...matrix };
    });
}

const STATUSES = [201, 204, 301, 302, 307, 404, 405, 408, 422, 428, 429, 500, 502, 503, 599];

const anyStatus = fc.oneof(
  { weight: 4, arbitrary: fc.constant(200) },
  { weight: 3, arbitrary: fc.constantFrom(400, 401, 403) },
  { weight: 2, arbitrary: fc.constantFrom(...STATUSES) },
);

const anyHeaders = fc.constantFrom<Record<string, string>>(
  { 'content-type': 'application/json' },
  { 'content-type': 'text/html', 'retry-after': '999999' },
  { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT', date: 'Sun, 06 Nov 1994 08:48:37 GMT' },
  { 'retry-after': '-1', date: 'yesterday' },
  { 'www-authenticate': 'Bearer error="invalid_token"' },
);

/** Any response of any server: any status, JSON that is right or wrong, or bytes. */
function answers(echoes: readonly string[]): fc.Arbitrary<Answer> {
  const bytes = fc.uint8Array({ maxLength: 64 }).map((body) => new Uint8Array(body));
  const text = (value: unknown) => JSON.stringify(value);
  const body = fc.oneof(
    { weight: 8, arbitrary: likelyObject(echoes).map(text) },
    { weight: 1, arbitrary: fc.jsonValue().map(text) },
    { weight: 1, arbitrary: bytes },
  );
  return fc
    .tuple(body, anyStatus, anyHeaders)
    .map(([body, status, headers]) => raw(body, status, headers));
}

/** Any response to a request without a secret. */
export const anyAnswer = answers([]);

/** Any response to a request with {@link PLANTED}, which the server may repeat. */
export const anyEcho = answers(ECHOES);

/** How often every reader of server input is tried. */
export const FUZZ = { numRuns: 10_000 };

/** A bound for a busy machine: a run takes about three seconds on a quiet one. */
export const FUZZ_TIMEOUT_MS = 60_000;
