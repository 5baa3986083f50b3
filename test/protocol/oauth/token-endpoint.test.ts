import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import type { TokenEndpointResult } from '../../../main/protocol/oauth/token-response.ts';
import { Secret } from '../../../main/protocol/secret.ts';
import { requestTokens } from '../../../main/protocol/oauth/token-endpoint.ts';
import {
  CLIENT_ID,
  FUZZ,
  FUZZ_TIMEOUT_MS,
  LOCAL_SERVER,
  PLANTED,
  SERVER,
  anyEcho,
  shows,
} from './oauth-parts.ts';
import { API, FULL, GRANT, opened } from './token-parts.ts';
import type { Answer } from '../http/scripted-network.ts';
import { broken, json, raw, scriptedNetwork } from '../http/scripted-network.ts';

const host = 'auth.example.org';

async function poll(answer: Answer): Promise<TokenEndpointResult> {
  const { network } = scriptedNetwork({ token: answer });
  return requestTokens(SERVER, CLIENT_ID, new Secret(PLANTED), network);
}

async function polled(body: unknown, status = 200): Promise<unknown> {
  const answer = await poll(json(body, status));
  return answer.kind === 'granted' ? opened(answer.grant) : answer;
}

describe('requestTokens()', () => {
  test('sends the device code and the client id in a form', async () => {
    const { network, asked } = scriptedNetwork({ token: json(FULL) });
    await requestTokens(LOCAL_SERVER, CLIENT_ID, new Secret('a code+/='), network);
    expect(
      asked.map(({ url, body }) => [url, Object.fromEntries(new URLSearchParams(body))]),
    ).toEqual([
      [
        'http://127.0.0.1:8008/token',
        {
          grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
          device_code: 'a code+/=',
          client_id: CLIENT_ID,
        },
      ],
    ]);
  });

  test('reads the tokens', async () => {
    expect(await polled(FULL)).toEqual({ ...GRANT, tokenType: 'bearer', host });
  });

  test('accepts what servers make of the optional fields', async () => {
    const bare = { access_token: 'access-1', token_type: 'bearer' };
    const none = { ...GRANT, refreshToken: undefined, lifetimeMs: null, scope: null };
    const nulls = { expires_in: null, refresh_token: null, scope: null, id_token: null };
    const odd = { expires_in: 'soon', refresh_token: '', scope: [API], id_token: 'a.b.c' };
    const expected = { ...none, tokenType: 'bearer', host };
    expect(await polled(bare)).toEqual(expected);
    expect(await polled({ ...bare, ...nulls })).toEqual(expected);
    expect(await polled({ ...bare, ...odd })).toEqual(expected);
  });

  test.each([
    ['1800', 1_800_000],
    [0, null],
    [-1, null],
    [1e308, 365 * 86_400_000],
  ])('reads a lifetime of %j', async (expires_in, lifetimeMs) => {
    expect(await polled({ ...FULL, expires_in })).toEqual({
      ...GRANT,
      lifetimeMs,
      tokenType: 'bearer',
      host,
    });
  });

  test.each([
    ['DPoP', 'dpop'],
    ['mac', 'mac'],
    [undefined, null],
    [null, null],
  ])('returns tokens of type %j too, so that they can be revoked', async (type, tokenType) => {
    expect(await polled({ ...FULL, token_type: type })).toEqual({ ...GRANT, tokenType, host });
  });

  test.each([400, 401, 403, 428, 200])('reads an error said with status %i', async (status) => {
    const body = { error: 'authorization_pending', error_description: 'Wait\u0000' };
    expect(await polled(body, status)).toEqual({
      kind: 'oauth-error',
      error: 'authorization_pending',
      description: 'Wait',
      status,
      retryAfterMs: null,
    });
  });

  test('reads slow_down with its Retry-After', async () => {
    expect(await poll(json({ error: 'slow_down' }, 429, { 'retry-after': '9' }))).toEqual({
      kind: 'oauth-error',
      error: 'slow_down',
      description: null,
      status: 429,
      retryAfterMs: 9_000,
    });
  });

  test.each<[string, Answer, number, object]>([
    ['a page', raw('<html>'), 200, { code: 'malformed-response', field: 'body' }],
    [
      'an object without tokens',
      json({}),
      200,
      { code: 'malformed-response', field: 'access_token' },
    ],
    [
      'empty tokens',
      json({ ...FULL, access_token: '' }),
      200,
      { code: 'malformed-response', field: 'access_token' },
    ],
    [
      'a numeric refresh token',
      json({ ...FULL, refresh_token: 7 }),
      200,
      { code: 'malformed-response', field: 'body' },
    ],
    ['a page that forbids', raw('<html>', 403), 403, { code: 'malformed-response', field: 'body' }],
    [
      'an error that is an object',
      json({ error: {} }, 400),
      400,
      { code: 'malformed-response', field: 'error' },
    ],
    [
      'an error of Matrix',
      json({ errcode: 'M_FORBIDDEN', error: 'no' }, 403),
      403,
      { code: 'malformed-response', field: 'error' },
    ],
    [
      'a limit of Matrix',
      json({ errcode: 'M_LIMIT_EXCEEDED', error: 'Slow', retry_after_ms: 5 }, 429),
      429,
      { code: 'rate-limited', retryAfterMs: 5 },
    ],
    [
      'a gateway',
      raw('', 502),
      502,
      { code: 'server-unavailable', status: 502, retryAfterMs: null },
    ],
    [
      'a redirect, whatever it says',
      json({ error: 'invalid_grant' }, 307),
      307,
      { code: 'redirect-refused', status: 307 },
    ],
    [
      'a path that is gone',
      json({ error: 'Not Found' }, 404),
      404,
      { code: 'endpoint-gone', status: 404 },
    ],
  ])('treats %s as transient', async (_what, answer, status, failure) => {
    expect(await poll(answer)).toEqual({
      kind: 'transient',
      failure: { ...failure, host },
      status,
    });
  });

  test('returns network failures, and rejects only with an abort', async () => {
    const failure = { code: 'unreachable', host, why: 'reset' } as const;
    expect(await poll(broken(new NetworkError(failure)))).toEqual({
      kind: 'transient',
      failure,
      status: null,
    });
    const reason = new Error('Cancelled');
    const { network } = scriptedNetwork({ token: json(FULL) });
    const signal = AbortSignal.abort(reason);
    const aborted = requestTokens(SERVER, CLIENT_ID, new Secret('code'), network, signal);
    await expect(aborted).rejects.toBe(reason);
  });

  test(
    'makes an answer of whatever comes, and shows no secret',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyEcho, async (answer) => {
          const read = await poll(answer);
          expect(['granted', 'oauth-error', 'transient']).toContain(read.kind);
          expect(shows(read)).toBe(false);
        }),
        FUZZ,
      );
    },
    FUZZ_TIMEOUT_MS,
  );
});
