import { describe, expect, test } from 'vitest';
import type { RawResponse } from '../../../main/protocol/oauth/raw-response.ts';
import { Secret } from '../../../main/protocol/secret.ts';
import {
  hasAccessToken,
  isHeaderSafe,
  isRefreshToken,
  readTokenResponse,
  readTokenError,
  normalizeTokenResponse,
  validateTokenResponse,
} from '../../../main/protocol/oauth/token-response.ts';
import type { RawTokenResponse } from '../../../main/protocol/oauth/token-response.ts';
import { API, GRANT, opened } from './token-parts.ts';

const host = 'auth.example.org';

function answer(status: number, json: unknown): RawResponse {
  return { host, status, statusFailure: null, retryAfterMs: null, json };
}

test('hasAccessToken() wants 2xx and a text as access_token', () => {
  const bodies = [{ access_token: 'a' }, { access_token: '' }, { access_token: 1 }, {}, [], null];
  expect(bodies.map((body) => hasAccessToken(answer(200, body)))).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
  expect([201, 299, 300, 403].map((s) => hasAccessToken(answer(s, { access_token: 'a' })))).toEqual(
    [true, true, false, false],
  );
});

describe('normalizeTokenResponse()', () => {
  test('drops nulls, identity tokens and fields that were not requested', () => {
    const json = {
      access_token: 'a',
      token_type: 'BEARER',
      expires_in: '300',
      refresh_token: null,
      scope: null,
      id_token: 'x',
      extra: 1,
    };
    expect(normalizeTokenResponse(json)).toEqual({
      access_token: 'a',
      token_type: 'bearer',
      expires_in: 300,
    });
  });

  test('leaves wrong types to the library', () => {
    const json = { access_token: 'a', token_type: 7, refresh_token: {} };
    expect(normalizeTokenResponse(json)).toEqual(json);
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

test('readTokenResponse() keeps only valid scope tokens', () => {
  const scope = 'openid  urn:matrix:client:api:* \u202eevil "quoted"';
  expect(readTokenResponse(host, { access_token: 'a', scope })).toMatchObject({
    value: { scope: ['openid', 'urn:matrix:client:api:*'] },
  });
});

test('readTokenError() keeps the message of the server unless it repeats the secret', () => {
  const says = (error_description: string) =>
    readTokenError(answer(400, { error: 'invalid_grant', error_description }), [
      new Secret('c0de'),
    ]);
  const expected = { kind: 'oauth-error', error: 'invalid_grant', status: 400, retryAfterMs: null };
  expect([says('Unknown code'), says('Unknown code c0de')]).toEqual([
    { ...expected, description: 'Unknown code' },
    { ...expected, description: null },
  ]);
});

test('isHeaderSafe() and isRefreshToken() want visible ASCII', () => {
  const texts = ['mat_aZ09-._~+/=', 'a b', 'a\r\nb', 'ä', '', '\u0000'].map((t) => new Secret(t));
  expect(texts.map(isHeaderSafe)).toEqual([true, false, false, false, false, false]);
  expect(texts.map(isRefreshToken)).toEqual([true, true, false, false, false, false]);
});

describe('validateTokenResponse()', () => {
  const grant: RawTokenResponse = {
    accessToken: new Secret('access-1'),
    refreshToken: new Secret('refresh-1'),
    lifetimeMs: 300_000,
    scope: null,
    tokenType: 'bearer',
    host,
  };
  const requested = [API, 'urn:matrix:client:device:ABCDEFGHIJ'];

  function checked(changes: Partial<RawTokenResponse>): unknown {
    const outcome = validateTokenResponse({ ...grant, ...changes }, requested);
    return outcome.ok ? opened(outcome.value) : outcome.failure;
  }

  test('falls back to the requested scope if the server states none', () => {
    expect(checked({})).toEqual({ ...GRANT, scope: requested });
  });

  test.each([
    ['in another order', ['urn:matrix:client:device:ABCDEFGHIJ', API]],
    ['in the spelling of the draft', ['urn:matrix:org.matrix.msc2967.client:api:*']],
    ['with another device', [API, 'urn:matrix:client:device:OTHER']],
  ])('accepts a scope %s', (_how, scope) => {
    expect(checked({ scope })).toEqual({ ...GRANT, scope });
  });

  test.each<[string, Partial<RawTokenResponse>, object]>([
    ['another token type', { tokenType: 'dpop' }, { code: 'token-type-unsupported' }],
    ['no token type', { tokenType: null }, { code: 'token-type-unsupported' }],
    ['no refresh token', { refreshToken: null }, { code: 'refresh-token-missing' }],
    [
      'a scope without the API',
      { scope: ['urn:matrix:client:device:A'] },
      { code: 'scope-missing' },
    ],
    ['an empty scope', { scope: [] }, { code: 'scope-missing' }],
    [
      'a line break in the access token',
      { accessToken: new Secret('a\r\nx: y') },
      { code: 'malformed-response', host, field: 'access_token' },
    ],
    [
      'an access token that is not ASCII',
      { accessToken: new Secret('ä') },
      { code: 'malformed-response', host, field: 'access_token' },
    ],
    [
      'a line break in the refresh token',
      { refreshToken: new Secret('a\n') },
      { code: 'malformed-response', host, field: 'refresh_token' },
    ],
  ])('refuses %s', (_what, changes, failure) => {
    expect(checked(changes)).toEqual(failure);
  });
});
