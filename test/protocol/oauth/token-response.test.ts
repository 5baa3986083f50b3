import { describe, expect, test } from 'vitest';
import type { RawResponse } from '../../../main/protocol/oauth/raw-response.ts';
import { Secret } from '../../../main/protocol/secret.ts';
import {
  bringsTokens,
  fitsHeader,
  isRefreshToken,
  readTokenResponse,
  readTokenRefusal,
  tokenDocument,
} from '../../../main/protocol/oauth/token-response.ts';

const host = 'auth.example.org';

function answer(status: number, json: unknown): RawResponse {
  return { host, status, statusFailure: null, retryAfterMs: null, json };
}

test('bringsTokens() wants 2xx and a text as access_token', () => {
  const bodies = [{ access_token: 'a' }, { access_token: '' }, { access_token: 1 }, {}, [], null];
  expect(bodies.map((body) => bringsTokens(answer(200, body)))).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
  expect([201, 299, 300, 403].map((s) => bringsTokens(answer(s, { access_token: 'a' })))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

describe('tokenDocument()', () => {
  test('drops nulls, identity tokens and what nobody asked for', () => {
    const json = {
      access_token: 'a',
      token_type: 'BEARER',
      expires_in: '300',
      refresh_token: null,
      scope: null,
      id_token: 'x',
      extra: 1,
    };
    expect(tokenDocument(json)).toEqual({
      access_token: 'a',
      token_type: 'bearer',
      expires_in: 300,
    });
  });

  test('leaves wrong types to the library', () => {
    const json = { access_token: 'a', token_type: 7, refresh_token: {} };
    expect(tokenDocument(json)).toEqual(json);
  });
});

test('readTokenResponse() names the member that is to blame', () => {
  const bodies = [
    {},
    { access_token: '' },
    { access_token: 'a', refresh_token: 1 },
    { access_token: 'a', token_type: {} },
  ];
  const fields = ['access_token', 'access_token', 'refresh_token', 'token_type'];
  expect(bodies.map((body) => readTokenResponse(host, body))).toEqual(
    fields.map((field) => ({ ok: false, failure: { code: 'malformed-response', host, field } })),
  );
});

test('readTokenResponse() keeps only what can be a scope token', () => {
  const scope = 'openid  urn:matrix:client:api:* \u202eevil "quoted"';
  expect(readTokenResponse(host, { access_token: 'a', scope })).toMatchObject({
    value: { scope: ['openid', 'urn:matrix:client:api:*'] },
  });
});

test('readTokenRefusal() keeps the words of the server and drops those that repeat the secret', () => {
  const says = (error_description: string) =>
    readTokenRefusal(answer(400, { error: 'invalid_grant', error_description }), [
      new Secret('c0de'),
    ]);
  const expected = { kind: 'oauth-error', error: 'invalid_grant', status: 400, retryAfterMs: null };
  expect([says('Unknown code'), says('Unknown code c0de')]).toEqual([
    { ...expected, description: 'Unknown code' },
    { ...expected, description: null },
  ]);
});

test('fitsHeader() and isRefreshToken() want visible ASCII', () => {
  const texts = ['mat_aZ09-._~+/=', 'a b', 'a\r\nb', 'ä', '', '\u0000'].map((t) => new Secret(t));
  expect(texts.map(fitsHeader)).toEqual([true, false, false, false, false, false]);
  expect(texts.map(isRefreshToken)).toEqual([true, true, false, false, false, false]);
});
