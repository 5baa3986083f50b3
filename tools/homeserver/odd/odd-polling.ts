import type { Fault, Substitute } from './faults.ts';
import type { OddBehaviour } from './odd-behaviour.ts';

type Json = Readonly<Record<string, unknown>>;

const page = '<!doctype html><title>Log in to this network</title>';
const farFuture = new Date('2099-01-01T00:00:00Z').toUTCString();

/** The first polls get this response, later ones the usual one. */
function polls(row: number, name: string, respond: Answering, times = 1): OddBehaviour {
  return {
    row,
    name: `poll ${name}`,
    arrange: ({ faults }) => faults.next('token', { respond }, times),
  };
}

type Answering = Substitute & Readonly<{ status: number }>;

/** Every poll gets this response. */
function everyPoll(row: number, name: string, respond: Answering): OddBehaviour {
  return {
    row,
    name: `poll ${name}`,
    arrange: ({ faults }) => faults.always('token', { respond }),
  };
}

/** The token response with some members changed; `undefined` removes one. */
function tokens(row: number, name: string, change: Json): OddBehaviour {
  const patch = (real: Json) => ('access_token' in real ? { ...real, ...change } : real);
  return {
    row,
    name: `token answer ${name}`,
    arrange: ({ faults }) => faults.always('token', { patch }),
  };
}

function whoami(row: number, name: string, fault: Fault, at?: 'session'): OddBehaviour {
  return {
    row,
    name: `whoami ${name}`,
    ...(at === undefined ? {} : { at }),
    arrange: ({ faults }) => faults.always('whoami', fault),
  };
}

const pending = { error: 'authorization_pending' };
const rejected = { errcode: 'M_UNKNOWN_TOKEN', error: 'Token is not active', soft_logout: false };

/** Rows 29 to 44: polling, the tokens, and the first request with them. */
export const oddPolling: readonly OddBehaviour[] = [
  polls(29, 'pending as 400', { status: 400, body: pending }, 2),
  polls(29, 'pending as 401', { status: 401, body: pending }, 2),
  polls(29, 'pending as 403', { status: 403, body: pending }, 2),
  polls(29, 'pending as 428', { status: 428, body: pending }, 2),
  polls(29, 'pending as 200', { status: 200, body: pending }, 2),
  everyPoll(30, 'slowed down for ever', { status: 400, body: { error: 'slow_down' } }),
  polls(31, 'limited for 999999 s', {
    status: 429,
    headers: { 'retry-after': '999999' },
    body: { error: 'slow_down' },
  }),
  polls(31, 'limited until a date', {
    status: 429,
    headers: { 'retry-after': farFuture },
    body: { errcode: 'M_LIMIT_EXCEEDED', error: 'Too many requests' },
  }),
  everyPoll(32, 'expired at once', { status: 400, body: { error: 'expired_token' } }),
  {
    row: 33,
    name: 'declined and never told',
    options: { personality: 'continuwuity' },
    arrange: (server) => server.autoApprove('alice', { deny: true }),
  },
  everyPoll(34, 'pending for ever', { status: 400, body: pending }),
  polls(35, 'meets a 500 twice', { status: 500, body: { error: 'server_error' } }, 2),
  polls(36, 'meets a captive portal', { status: 200, body: page }, 2),

  tokens(37, 'with token_type bearer', { token_type: 'bearer' }),
  tokens(37, 'with token_type DPoP', { token_type: 'DPoP' }),
  tokens(37, 'without token_type', { token_type: undefined }),
  tokens(38, 'without refresh token', { refresh_token: undefined }),
  tokens(39, 'without the API scope', { scope: 'urn:matrix:client:device:ABCDEFGHIJ' }),
  tokens(39, 'with another device', {
    scope: 'urn:matrix:client:api:* urn:matrix:client:device:SOMEOTHERDEVICE',
  }),
  tokens(40, 'with a line break in the token', { access_token: 'abc\r\nX-Injected: yes' }),
  tokens(40, 'with a token beyond ASCII', { access_token: 'mat_ünïcödé' }),

  whoami(41, 'names another user', {
    patch: (real) => ({ ...real, user_id: '@mallory:example.org' }),
  }),
  whoami(41, 'names another domain', {
    patch: (real) => ({ ...real, user_id: '@alice:evil.example' }),
  }),
  whoami(41, 'names no user', { patch: (real) => ({ ...real, user_id: undefined }) }),
  whoami(42, 'refuses the new token', { respond: { status: 401, body: rejected } }),
  {
    row: 43,
    name: 'account locked while signed in',
    at: 'session',
    arrange: (server) => {
      for (const userId of server.users)
        server.lockUser(userId.slice(1).split(':', 1).join(), true);
    },
  },
  whoami(44, 'answers 401 with a page', { respond: { status: 401, body: page } }, 'session'),
  whoami(
    44,
    'misses the token',
    { respond: { status: 401, body: { errcode: 'M_MISSING_TOKEN', error: 'Missing token' } } },
    'session',
  ),
];
