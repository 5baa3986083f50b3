import { describe, expect, test } from 'vitest';
import { Secret } from '../../../main/protocol/secret.ts';
import type { RawTokenResponse } from '../../../main/protocol/oauth/token-response.ts';
import { validateTokenResponse } from '../../../main/protocol/oauth/token-response.ts';
import { API, GRANT, opened } from './token-parts.ts';

const host = 'auth.example.org';

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

  test('takes the scope that was asked for where the server did not say', () => {
    expect(checked({})).toEqual({ ...GRANT, scope: requested });
  });

  test.each([
    ['in another order', ['urn:matrix:client:device:ABCDEFGHIJ', API]],
    ['in the spelling of the draft', ['urn:matrix:org.matrix.msc2967.client:api:*']],
    ['with another device', [API, 'urn:matrix:client:device:OTHER']],
  ])('takes a scope %s', (_how, scope) => {
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
