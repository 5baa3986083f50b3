import type { Step } from '../../../main/protocol/http/network.ts';
import type { Fault, Substitute } from './faults.ts';
import type { TestHomeserver } from '../homeserver.ts';
import { paths } from '../matrix-side.ts';
import type { OddBehaviour } from './odd-behaviour.ts';
import type { HttpRequest } from '../personality.ts';

const page = '<!doctype html><title>Welcome</title><p>Nothing of the kind here.</p>';
const device = 'device_authorization_endpoint';

function always(step: Step, fault: Fault): OddBehaviour['arrange'] {
  return ({ faults }) => faults.always(step, fault);
}

function wellKnown(name: string, body: NonNullable<Substitute['body']>, row = 1): OddBehaviour {
  const respond = { status: 200, headers: { 'content-type': 'application/json' }, body };
  return { row, name: `well-known ${name}`, arrange: always('well-known', { respond }) };
}

function baseUrl(row: number, name: string, of: (real: string) => unknown): OddBehaviour {
  const named = (server: TestHomeserver) => ({ base_url: of(server.baseUrl) });
  return {
    row,
    name: `well-known with base_url ${name}`,
    arrange: (server) =>
      server.faults.always('well-known', { patch: () => ({ 'm.homeserver': named(server) }) }),
  };
}

function metadata(
  row: number,
  name: string,
  change: (real: Readonly<Record<string, unknown>>) => Record<string, unknown>,
): OddBehaviour {
  const patch = (real: Readonly<Record<string, unknown>>) => ({ ...real, ...change(real) });
  return { row, name: `metadata ${name}`, arrange: always('auth-metadata', { patch }) };
}

/** Only the stable path is odd: the next one gives the metadata. */
function stablePath(name: string, respond: Substitute & { status: number }): OddBehaviour {
  const isStable = (asked: HttpRequest) => asked.url.pathname === paths.stableMetadata;
  return {
    row: 9,
    name: `stable metadata path answers ${name}`,
    arrange: ({ faults }) => faults.always('auth-metadata', { respond }, isStable),
  };
}

function isDocument(asked: HttpRequest): boolean {
  return asked.url.pathname === paths.openidConfiguration;
}

function withoutDeviceGrant(real: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const grants: unknown = real.grant_types_supported;
  const others = Array.isArray(grants)
    ? grants.filter((grant: unknown) => grant !== 'urn:ietf:params:oauth:grant-type:device_code')
    : [];
  return { grant_types_supported: others };
}

/** The same endpoints under another name of this machine. */
function onOtherHost(real: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const moved = Object.entries(real).map(([name, value]) => {
    const isEndpoint = name.endsWith('_endpoint') && typeof value === 'string';
    return [name, isEndpoint ? value.replace('//127.0.0.1', '//localhost') : value];
  });
  return Object.fromEntries(moved) as Record<string, unknown>; // built from the entries of such a record
}

/** Rows 1 to 15, and changes while a user is signed in: rows 57 and 58. */
export const oddDiscovery: readonly OddBehaviour[] = [
  wellKnown('that is a page', page),
  wellKnown('without a body', ''),
  wellKnown('that is a list', []),
  wellKnown('that is a text', '"x"'),
  wellKnown('without a homeserver', {}),

  baseUrl(2, 'null', () => null),
  baseUrl(2, 'that is a number', () => 8448),
  baseUrl(2, 'that is a script', () => 'javascript:alert(1)'),
  baseUrl(2, 'that is ftp', () => 'ftp://example.org'),
  baseUrl(3, 'that ends in slashes', (real) => `${real}///`),
  {
    ...baseUrl(3, 'that has a path', (real) => real),
    options: { pathPrefix: '/matrix' },
  },
  baseUrl(4, 'that is http', () => 'http://matrix.example.org'),

  {
    row: 5,
    name: 'well-known redirects to itself',
    arrange: always('well-known', { redirect: { status: 302, location: paths.wellKnown } }),
  },
  {
    row: 5,
    name: 'well-known redirects to http',
    arrange: always('well-known', {
      redirect: { status: 301, location: `http://matrix.example.org${paths.wellKnown}` },
    }),
  },

  { row: 6, name: 'well-known without end', arrange: always('well-known', { endless: true }) },
  {
    row: 6,
    name: 'metadata of 100 MB',
    arrange: always('auth-metadata', { endless: true, bytes: 100_000_000 }),
  },
  {
    row: 6,
    name: 'metadata drop by drop',
    arrange: always('auth-metadata', { drip: { bytesPerS: 10 } }),
  },
  { row: 6, name: 'token answer without end', arrange: always('token', { endless: true }) },

  {
    row: 7,
    name: 'versions without versions',
    arrange: always('versions', { respond: { status: 200, body: { unstable_features: {} } } }),
  },
  {
    row: 7,
    name: 'versions wants a token',
    arrange: always('versions', {
      respond: { status: 401, body: { errcode: 'M_MISSING_TOKEN', error: 'Missing access token' } },
    }),
  },
  {
    row: 8,
    name: 'versions end at v1.12',
    arrange: always('versions', { patch: () => ({ versions: ['v1.11', 'v1.12'] }) }),
  },

  stablePath('404 with a page', { status: 404, body: page }),
  stablePath('404 M_NOT_FOUND', { status: 404, body: { errcode: 'M_NOT_FOUND', error: 'No' } }),
  stablePath('405', { status: 405, body: '' }),
  stablePath('200 with a page', { status: 200, body: page }),
  {
    row: 9,
    name: 'no metadata path knows anything',
    options: { discovery: 'none' },
    arrange: () => undefined, // the option does it
  },

  {
    row: 10,
    name: 'metadata answers 500',
    arrange: always('auth-metadata', {
      respond: { status: 500, body: { errcode: 'M_UNKNOWN', error: 'Internal server error' } },
    }),
  },
  {
    row: 10,
    name: 'metadata answers 502',
    arrange: always('auth-metadata', { respond: { status: 502, body: page } }),
  },
  {
    row: 10,
    name: 'metadata answers 503',
    arrange: always('auth-metadata', {
      respond: { status: 503, headers: { 'retry-after': '120' }, body: page },
    }),
  },

  metadata(11, 'without device endpoint', () => ({ [device]: undefined })),
  metadata(11, 'without device grant', withoutDeviceGrant),
  {
    row: 11,
    name: 'device grant switched off',
    options: { deviceGrant: false },
    arrange: () => undefined, // the option does it
  },

  metadata(12, 'with an endpoint that is a number', () => ({ token_endpoint: 7 })),
  metadata(12, 'with a relative endpoint', () => ({ token_endpoint: '/oauth2/token' })),
  metadata(12, 'with an http endpoint', () => ({ [device]: 'http://auth.example.org/device' })),
  metadata(12, 'with userinfo in an endpoint', ({ token_endpoint: real }) => ({
    token_endpoint: String(real).replace('//', '//user:secret@'),
  })),
  metadata(12, 'with an issuer that is a list', () => ({ issuer: [] })),

  {
    row: 13,
    name: 'issuer is not the announced one',
    options: { discovery: 'auth-issuer' },
    arrange: ({ faults }) =>
      faults.always(
        'auth-metadata',
        { patch: (real) => ({ ...real, issuer: 'https://evil.example/' }) },
        isDocument,
      ),
  },
  metadata(14, 'with endpoints on another host', onOtherHost),

  {
    row: 15,
    name: 'device endpoint answers 404',
    arrange: always('device-authorization', { respond: { status: 404, body: page } }),
  },
  {
    row: 15,
    name: 'device endpoint answers 405',
    arrange: always('device-authorization', { respond: { status: 405, body: '' } }),
  },
  {
    row: 15,
    name: 'device endpoint says the grant is disabled',
    arrange: always('device-authorization', {
      respond: {
        status: 400,
        body: { error: 'invalid_request', error_description: 'The device grant is disabled' },
      },
    }),
  },

  {
    ...metadata(57, 'names another issuer later', () => ({ issuer: 'https://other.example/' })),
    at: 'session',
  },
  { ...metadata(57, 'names other endpoints later', onOtherHost), at: 'session' },

  metadata(58, 'with a query in the account page', ({ account_management_uri: real }) => ({
    account_management_uri: `${String(real)}?theme=dark`,
  })),
  metadata(58, 'with an http account page', () => ({
    account_management_uri: 'http://account.example.org/',
  })),
];
