import { fieldOf, secondsFieldAsMs } from '../../../main/protocol/fields.ts';
import { describe, expect, test } from 'vitest';
import {
  matrixErrorOf,
  oauthErrorOf,
  readRawResponse,
} from '../../../main/protocol/oauth/raw-response.ts';
import { Secret } from '../../../main/protocol/secret.ts';

const host = 'auth.example.org';

function answer(body: string, status: number, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers });
}

describe('readRawResponse()', () => {
  test('separates status, retry time and JSON', async () => {
    const response = answer('{"error":"slow_down"}', 429, { 'retry-after': '7' });
    expect(await readRawResponse(host, response)).toEqual({
      host,
      status: 429,
      statusFailure: { code: 'rate-limited', host, retryAfterMs: 7_000 },
      retryAfterMs: 7_000,
      json: { error: 'slow_down' },
    });
  });

  test('finds the waiting time that Matrix puts into the body', async () => {
    const response = answer('{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":1500}', 429);
    expect(await readRawResponse(host, response)).toMatchObject({
      statusFailure: { code: 'rate-limited', host, retryAfterMs: 1_500 },
      retryAfterMs: 1_500,
    });
  });

  test('has no JSON where there is a page', async () => {
    expect(await readRawResponse(host, answer('<html>', 200))).toEqual({
      host,
      status: 200,
      statusFailure: null,
      retryAfterMs: null,
      json: undefined,
    });
  });
});

test('member() sees only own members that are not null', () => {
  const json: unknown = JSON.parse('{"a":0,"b":null,"__proto__":1}');
  const names = ['a', 'b', '__proto__', 'constructor'];
  expect(names.map((name) => fieldOf(json, name))).toEqual([0, undefined, 1, undefined]);
  expect([null, undefined, [1], 'a', 7].map((other) => fieldOf(other, 'length'))).toEqual(
    Array(5).fill(undefined),
  );
});

test('secondsFieldAsMs() reads numbers and strings of digits', () => {
  const values = [5, '5', '1800', '-1', 0.5, '0.5', 'soon', '1e9', '', {}, null];
  expect(values.map((s) => secondsFieldAsMs({ s }, 's'))).toEqual([
    5_000,
    5_000,
    1_800_000,
    -1_000,
    500,
    500,
    null,
    null,
    null,
    null,
    null,
  ]);
});

describe('oauthErrorOf()', () => {
  test('cleans the description and keeps the code', () => {
    const json = { error: 'invalid_scope', error_description: 'a\u202eb\nc' };
    expect(oauthErrorOf(json, [])).toEqual({ error: 'invalid_scope', description: 'ab c' });
  });

  test.each([
    ['an object', { error: { code: 1 } }],
    ['a number', { error: 404 }],
    ['an empty text', { error: '' }],
    ['a sentence', { error: 'Too many requests' }],
    ['a text that looks like a code to the eye', { error: 'invalid\u200b_grant' }],
    ['a sentence in Matrix format', { errcode: 'M_FORBIDDEN', error: 'no' }],
    ['no object', ['error']],
  ])('sees no code in %s', (_what, json) => {
    expect(oauthErrorOf(json, [])).toBeNull();
  });

  test('drops a description or a code that repeats what was sent', () => {
    const sent = [new Secret('s3cret_token')];
    const words = { error: 'invalid_grant', error_description: 'Unknown token s3cret_token' };
    expect([oauthErrorOf(words, sent), oauthErrorOf({ error: 's3cret_token' }, sent)]).toEqual([
      { error: 'invalid_grant', description: null },
      null,
    ]);
  });
});

test('oauthErrorOf() drops a description that contains a secret cut in half or in disguise', () => {
  const sent = [new Secret('s3cret_token')];
  const texts = [`${'x'.repeat(192)}s3cret_token`, 's3cret\u200b_token', 'secret_token'];
  const read = texts.map((text) =>
    oauthErrorOf({ error: 'invalid_grant', error_description: text }, sent),
  );
  expect(read.map((error) => error?.description)).toEqual([null, null, 'secret_token']);
});

test('oauthErrorOf() removes from a description what may be the token of another request', () => {
  const texts = [
    'Access token mat_8NjBEKEqpzkN3qEZ0pLc was revoked',
    'mat_8NjBEK\u200bEqpzkN3qEZ0pLc?',
  ];
  const read = texts.map((text) =>
    oauthErrorOf({ error: 'invalid_grant', error_description: text }, []),
  );
  expect(read.map((error) => error?.description)).toEqual(['Access token […] was revoked', '[…]?']);
});

test('matrixErrorOf() reads the errcode and its message', () => {
  const json = { errcode: 'M_FORBIDDEN', error: 'Not allowed\u0007' };
  const sent = [new Secret('MAT_S3CRET')];
  const bodies = [json, { errcode: 'no code' }, { errcode: 'MAT_S3CRET' }, { error: 'x' }];
  expect(bodies.map((body) => matrixErrorOf(body, sent))).toEqual([
    { error: 'M_FORBIDDEN', description: 'Not allowed' },
    null,
    null,
    null,
  ]);
});
