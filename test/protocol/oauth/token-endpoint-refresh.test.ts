import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../common/failure.ts';
import { isTransient } from '../../../common/failure.ts';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import type { Result } from '../../../common/result.ts';
import { Secret } from '../../../main/protocol/secret.ts';
import type { TokenResponse } from '../../../main/protocol/oauth/token-response.ts';
import { refreshTokens } from '../../../main/protocol/oauth/token-endpoint.ts';
import {
  CLIENT_ID,
  FUZZ,
  FUZZ_TIMEOUT_MS,
  PLANTED,
  SESSION,
  anyEcho,
  shows,
} from './oauth-parts.ts';
import { FULL, GRANT, opened } from './token-parts.ts';
import type { Answer } from '../http/scripted-network.ts';
import { broken, json, raw, scriptedNetwork } from '../http/scripted-network.ts';

const host = 'auth.example.org';

async function refresh(answer: Answer): Promise<Result<TokenResponse, Failure>> {
  const { network } = scriptedNetwork({ refresh: answer });
  return refreshTokens(SESSION, CLIENT_ID, new Secret(PLANTED), network);
}

async function refreshed(body: unknown): Promise<unknown> {
  const outcome = await refresh(json(body));
  return outcome.ok ? opened(outcome.value) : outcome.failure;
}

describe('refreshTokens()', () => {
  test('sends the refresh token and the client id in a form, and no scope', async () => {
    const { network, asked } = scriptedNetwork({ refresh: json(FULL) });
    await refreshTokens(SESSION, CLIENT_ID, new Secret('old+/='), network);
    expect(
      asked.map(({ url, body }) => [url, Object.fromEntries(new URLSearchParams(body))]),
    ).toEqual([
      [
        'https://auth.example.org/token',
        { grant_type: 'refresh_token', refresh_token: 'old+/=', client_id: CLIENT_ID },
      ],
    ]);
  });

  test('reads the new tokens', async () => {
    expect(await refreshed(FULL)).toEqual(GRANT);
  });

  test('accepts responses without a refresh token, scope or token type', async () => {
    expect(await refreshed({ access_token: 'access-1', expires_in: 300 })).toEqual({
      ...GRANT,
      refreshToken: undefined,
      scope: null,
    });
  });

  test('accepts the same tokens again', async () => {
    expect(await refreshed({ ...FULL, refresh_token: PLANTED })).toEqual({
      ...GRANT,
      refreshToken: PLANTED,
    });
  });

  test.each([0, -5])('takes a lifetime of %i for unknown', async (expires_in) => {
    expect(await refreshed({ ...FULL, expires_in })).toEqual({ ...GRANT, lifetimeMs: null });
  });

  test.each<[string, Answer, Failure]>([
    [
      'invalid_grant',
      json({ error: 'invalid_grant' }, 400),
      { code: 'session-ended', error: 'invalid_grant' },
    ],
    [
      'invalid_grant with 403',
      json({ error: 'invalid_grant' }, 403),
      { code: 'session-ended', error: 'invalid_grant' },
    ],
    [
      'invalid_client',
      json({ error: 'invalid_client' }, 401),
      { code: 'registration-gone', error: 'invalid_client' },
    ],
    [
      'unauthorized_client',
      json({ error: 'unauthorized_client' }, 400),
      { code: 'registration-gone', error: 'unauthorized_client' },
    ],
  ])('ends the session on %s', async (_what, answer, failure) => {
    expect(await refresh(answer)).toEqual({ ok: false, failure });
  });

  const unavailable = (status: number): Failure => ({
    code: 'server-unavailable',
    host,
    status,
    retryAfterMs: null,
  });
  const malformed = (field: string): Failure => ({ code: 'malformed-response', host, field });
  const limited = (retryAfterMs: number | null): Failure => ({
    code: 'rate-limited',
    host,
    retryAfterMs,
  });

  test.each<[string, Answer, Failure]>([
    ['429', raw('', 429, { 'retry-after': '3' }), limited(3_000)],
    ['429 that says invalid_grant', json({ error: 'invalid_grant' }, 429), limited(null)],
    ['slow_down', json({ error: 'slow_down' }, 400, { 'retry-after': '4' }), limited(4_000)],
    ['408', raw('', 408), limited(null)],
    ['404', raw('<html>', 404), { code: 'endpoint-gone', host, status: 404 }],
    [
      '404 that says invalid_grant',
      json({ error: 'invalid_grant' }, 404),
      { code: 'endpoint-gone', host, status: 404 },
    ],
    ['405', json({ errcode: 'M_UNRECOGNIZED' }, 405), { code: 'endpoint-gone', host, status: 405 }],
    [
      'a redirect',
      raw('', 302, { location: 'https://portal.example/' }),
      { code: 'redirect-refused', host, status: 302 },
    ],
    ['a page that forbids', raw('<html>', 403), malformed('body')],
    ['an error of Matrix', json({ errcode: 'M_FORBIDDEN', error: 'no' }, 403), malformed('error')],
    ['500', json({ error: 'server_error' }, 500), unavailable(500)],
    ['500 that says invalid_grant', json({ error: 'invalid_grant' }, 500), unavailable(500)],
    ['503', raw('', 503), unavailable(503)],
    ['invalid_request', json({ error: 'invalid_request' }, 400), unavailable(400)],
    ['unsupported_grant_type', json({ error: 'unsupported_grant_type' }, 400), unavailable(400)],
    ['invalid_scope', json({ error: 'invalid_scope' }, 400), unavailable(400)],
    ['access_denied', json({ error: 'access_denied' }, 403), unavailable(403)],
    ['an unknown error', json({ error: 'something_new' }, 400), unavailable(400)],
    ['a page in place of tokens', raw('<html>'), malformed('body')],
    ['an empty access token', json({ ...FULL, access_token: '' }), malformed('access_token')],
    ['a numeric access token', json({ ...FULL, access_token: 1 }), malformed('access_token')],
    [
      'an access token that breaks its header',
      json({ ...FULL, access_token: 'a\nb' }),
      malformed('access_token'),
    ],
    [
      'a refresh token that is not ASCII',
      json({ ...FULL, refresh_token: 'ä' }),
      malformed('refresh_token'),
    ],
    ['another token type', json({ ...FULL, token_type: 'DPoP' }), malformed('token_type')],
    [
      'a broken connection',
      broken(new NetworkError({ code: 'unreachable', host, why: 'reset' })),
      { code: 'unreachable', host, why: 'reset' },
    ],
  ])('keeps the session after %s', async (_what, answer, failure) => {
    expect(await refresh(answer)).toEqual({ ok: false, failure });
    expect(isTransient(failure)).toBe(true);
  });

  test(
    'makes an outcome of whatever comes, shows no secret, and ends no session but by the two ways',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyEcho, async (answer) => {
          const outcome = await refresh(answer);
          const ends = !outcome.ok && !isTransient(outcome.failure) && outcome.failure.code;
          expect([false, 'session-ended', 'registration-gone']).toContain(ends);
          expect(shows(outcome)).toBe(false);
        }),
        FUZZ,
      );
    },
    FUZZ_TIMEOUT_MS,
  );
});
