import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../common/failure.ts';
import { isTransient } from '../../../common/failure.ts';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import { proveRevoked, revoke } from '../../../main/protocol/oauth/revocation.ts';
import { Secret } from '../../../main/protocol/secret.ts';
import {
  CLIENT_ID,
  FUZZ,
  FUZZ_TIMEOUT_MS,
  PLANTED,
  SESSION,
  anyEcho,
  shows,
} from './oauth-parts.ts';
import type { Answer } from '../http/scripted-network.ts';
import { broken, json, raw, scriptedNetwork } from '../http/scripted-network.ts';

const host = 'auth.example.org';
const TOKEN = new Secret(PLANTED);

async function end(answer: Answer): ReturnType<typeof revoke> {
  const { network } = scriptedNetwork({ revocation: answer });
  return revoke(SESSION, CLIENT_ID, TOKEN, network);
}

const DONE = { ok: true, value: undefined };

describe('revoke()', () => {
  test.each(['refresh_token', 'access_token'] as const)(
    'sends the token with its kind (%s) and the client id',
    async (kind) => {
      const { network, asked } = scriptedNetwork({ revocation: raw('') });
      expect(await revoke(SESSION, CLIENT_ID, new Secret('r+/='), network, kind)).toEqual(DONE);
      expect(
        asked.map(({ url, body }) => [url, Object.fromEntries(new URLSearchParams(body))]),
      ).toEqual([
        [
          'https://auth.example.org/revoke',
          { token: 'r+/=', token_type_hint: kind, client_id: CLIENT_ID },
        ],
      ]);
    },
  );

  test.each<[string, Answer]>([
    ['an empty 200', raw('')],
    ['204', raw('', 204)],
    ['JSON', json({})],
    ['a page', raw('<html>')],
    ['JSON with an error', json({ error: 'invalid_request' })],
    ['invalid_grant', json({ error: 'invalid_grant' }, 400)],
  ])('is done after %s', async (_what, answer) => {
    expect(await end(answer)).toEqual(DONE);
  });

  const refused = (status: number, error: string | null): Failure => ({
    code: 'revocation-refused',
    host,
    status,
    error,
  });

  test.each<[string, Answer, Failure]>([
    ['401', json({ error: 'invalid_client' }, 401), refused(401, 'invalid_client')],
    ['401 without JSON', raw('', 401), refused(401, null)],
    [
      'an error of Matrix',
      json({ errcode: 'M_FORBIDDEN', error: 'No' }, 403),
      refused(403, 'M_FORBIDDEN'),
    ],
    [
      'another error',
      json({ error: 'unsupported_token_type' }, 400),
      refused(400, 'unsupported_token_type'),
    ],
  ])('is refused after %s', async (_what, answer, failure) => {
    expect(await end(answer)).toEqual({ ok: false, failure });
    expect(isTransient(failure)).toBe(false);
  });

  test.each<[string, Answer, Failure]>([
    [
      '503',
      raw('', 503, { 'retry-after': '60' }),
      { code: 'server-unavailable', host, status: 503, retryAfterMs: 60_000 },
    ],
    [
      '500 that says invalid_grant',
      json({ error: 'invalid_grant' }, 500),
      { code: 'server-unavailable', host, status: 500, retryAfterMs: null },
    ],
    ['429', raw('', 429), { code: 'rate-limited', host, retryAfterMs: null }],
    ['404', raw('', 404), { code: 'endpoint-gone', host, status: 404 }],
    ['a redirect', raw('', 308), { code: 'redirect-refused', host, status: 308 }],
    [
      'a page that forbids',
      raw('<html>', 403),
      { code: 'malformed-response', host, field: 'body' },
    ],
    [
      'no network',
      broken(new NetworkError({ code: 'unreachable', host, why: 'offline' })),
      { code: 'unreachable', host, why: 'offline' },
    ],
  ])('is to be tried again after %s', async (_what, answer, failure) => {
    expect(await end(answer)).toEqual({ ok: false, failure });
    expect(isTransient(failure)).toBe(true);
  });

  test('fails without a request where the server has no endpoint', async () => {
    const { network, asked } = scriptedNetwork({});
    const server = { ...SESSION, revocationEndpoint: null };
    expect(await revoke(server, CLIENT_ID, TOKEN, network)).toEqual({
      ok: false,
      failure: { code: 'revocation-unsupported', host },
    });
    expect(asked).toEqual([]);
  });

  test(
    'makes an outcome of whatever comes, and shows no secret',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyEcho, async (answer) => {
          const outcome = await end(answer);
          expect(outcome.ok || typeof outcome.failure.code === 'string').toBe(true);
          expect(shows(outcome)).toBe(false);
        }),
        FUZZ,
      );
    },
    FUZZ_TIMEOUT_MS,
  );
});

test.each<[string, Answer, string]>([
  ['an unknown token', json({ errcode: 'M_UNKNOWN_TOKEN' }, 401), 'refused'],
  ['a missing token', json({ errcode: 'M_MISSING_TOKEN' }, 401), 'refused'],
  ['a user', json({ user_id: '@alice:example.org' }), 'accepted'],
  ['a locked account', json({ errcode: 'M_USER_LOCKED' }, 401), 'unknown'],
  ['a 401 of a proxy', raw('<html>', 401), 'unknown'],
  ['a page', raw('<html>'), 'unknown'],
  ['a failing server', raw('', 503), 'unknown'],
  ['no network', broken(new NetworkError({ code: 'unreachable', host, why: 'dns' })), 'unknown'],
])('proveRevoked() after %s', async (_what, answer, verdict) => {
  const { network } = scriptedNetwork({ whoami: answer });
  expect(await proveRevoked('https://matrix.example.org', TOKEN, network)).toBe(verdict);
});
