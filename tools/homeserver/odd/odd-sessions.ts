import type { Step } from '../../../main/protocol/http/network.ts';
import type { Fault } from './faults.ts';
import type { HomeserverOptions, TestHomeserver } from '../homeserver.ts';
import type { OddBehaviour } from './odd-behaviour.ts';

const page = '<!doctype html><title>Forbidden</title>';
const everyStep: readonly Step[] = [
  'well-known',
  'versions',
  'auth-metadata',
  'registration',
  'device-authorization',
  'token',
  'refresh',
  'revocation',
  'whoami',
  'profile',
];

function refresh(row: number, name: string, fault: Fault, times = 1): OddBehaviour {
  return {
    row,
    name: `refresh ${name}`,
    arrange: ({ faults }) => faults.next('refresh', fault, times),
  };
}

function refreshGives(
  row: number,
  name: string,
  refreshTokens: NonNullable<HomeserverOptions['refreshTokens']>,
): OddBehaviour {
  return {
    row,
    name: `refresh ${name}`,
    options: { refreshTokens },
    arrange: () => undefined, // the option does it
  };
}

function revocation(row: number, name: string, fault: Fault): OddBehaviour {
  return {
    row,
    name: `revocation ${name}`,
    arrange: ({ faults }) => faults.next('revocation', fault),
  };
}

function metadataText(name: string, reword: (body: string) => string | Uint8Array): OddBehaviour {
  return {
    row: 54,
    name: `metadata ${name}`,
    arrange: ({ faults }) => faults.always('auth-metadata', { reword }),
  };
}

function pollError(name: string, body: Readonly<Record<string, unknown>>): OddBehaviour {
  return {
    row: 55,
    name: `poll error ${name}`,
    arrange: ({ faults }) => faults.always('token', { respond: { status: 400, body } }),
  };
}

function redirected(step: 'token' | 'refresh', status: number): OddBehaviour {
  const elsewhere = ({ baseUrl }: TestHomeserver) =>
    `${baseUrl.replace('//127.0.0.1', '//localhost')}/elsewhere`;
  return {
    row: 52,
    name: `${step} redirected by ${status}`,
    arrange: (server) =>
      server.faults.always(step, { redirect: { status, location: elsewhere(server) } }),
  };
}

/** The same headers on every response. */
function everywhere(row: number, name: string, headers: Record<string, string>): OddBehaviour {
  return {
    row,
    name,
    arrange: ({ faults }) => {
      for (const step of everyStep) faults.always(step, { replace: { headers } });
    },
  };
}

/** Rows 45 to 56: refresh, sign-out, and faults of any request. */
export const oddSessions: readonly OddBehaviour[] = [
  refreshGives(45, 'without refresh token', 'omit'),
  refreshGives(45, 'with the same refresh token', 'same'),
  refresh(46, 'with an empty access token', { patch: (real) => ({ ...real, access_token: '' }) }),
  refreshGives(46, 'with the same access token', 'same-access'),
  refresh(47, 'with expires_in 0', { patch: (real) => ({ ...real, expires_in: 0 }) }),
  refresh(47, 'with expires_in -1', { patch: (real) => ({ ...real, expires_in: -1 }) }),
  refresh(48, 'answers 429', {
    respond: { status: 429, headers: { 'retry-after': '2' }, body: { error: 'slow_down' } },
  }),
  refresh(48, 'answers 408', { respond: { status: 408, body: '' } }),
  refresh(48, 'answers 404', { respond: { status: 404, body: page } }),
  refresh(48, 'answers 403 with a page', { respond: { status: 403, body: page } }),
  refresh(49, 'lost before it arrived', { drop: 'before' }),
  refresh(49, 'done and the answer lost', { drop: 'after' }),
  refresh(49, 'done and the answer cut', { cutAt: 20 }),

  revocation(50, 'answers 200 without a body', { replace: { status: 200, body: '' } }),
  revocation(50, 'answers 204', { replace: { status: 204, body: '' } }),
  revocation(50, 'answers 200 with JSON', { replace: { status: 200, body: {} } }),
  revocation(51, 'answers 400 invalid_grant', {
    replace: { status: 400, body: { error: 'invalid_grant' } },
  }),
  revocation(51, 'answers 503', {
    respond: { status: 503, headers: { 'retry-after': '1' }, body: page },
  }),

  redirected('token', 307),
  redirected('refresh', 308),
  everywhere(53, 'cookies everywhere', { 'set-cookie': 'session=1; Path=/; HttpOnly' }),

  metadataText('with duplicate keys', (body) =>
    body.replace('{', '{"issuer":"https://x.example/",'),
  ),
  metadataText('with __proto__', (body) => body.replace('{', '{"__proto__":{"polluted":true},')),
  metadataText('nested too deep', (body) =>
    body.replace('{', `{"deep":${'['.repeat(20_000)}${']'.repeat(20_000)},`),
  ),
  metadataText('with a BOM', (body) => `\uFEFF${body}`),
  metadataText('in UTF-16', (body) => Buffer.from(`\uFEFF${body}`, 'utf16le')),

  pollError('that is an object', { error: { code: 'authorization_pending' } }),
  pollError('that is a number', { error: 400 }),
  pollError('in Matrix format', { errcode: 'M_UNKNOWN', error: 'Something went wrong' }),
  pollError('with errcode alone', { errcode: 'M_FORBIDDEN' }),

  everywhere(56, 'clock wrong by decades', { date: 'Thu, 01 Jan 1970 00:00:00 GMT' }),
  {
    row: 56,
    name: 'registration issued in the future',
    arrange: ({ faults }) =>
      faults.always('registration', {
        patch: (real) => ({ ...real, client_id_issued_at: 4_102_444_800 }),
      }),
  },
];
