import type { ExchangeSnapshot } from '../../../preload/contract.ts';
import { login, NOW, snapshotOf } from './scene.ts';
import type { Scene } from './scene.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

const ROWS: readonly (Pick<ExchangeSnapshot, 'step' | 'method' | 'url'> &
  Partial<ExchangeSnapshot>)[] = [
  {
    step: 'well-known',
    method: 'GET',
    url: 'https://example.org/.well-known/matrix/client',
    responseBody: '{"m.homeserver":{"base_url":"https://matrix.example.org"}}',
  },
  {
    step: 'versions',
    method: 'GET',
    url: 'https://matrix.example.org/_matrix/client/versions',
    responseBody: '{"versions":["v1.17","v1.18"]}',
  },
  {
    step: 'auth-metadata',
    method: 'GET',
    url: 'https://matrix.example.org/_matrix/client/v1/auth_metadata',
    responseBody:
      '{"issuer":"https://auth.example.org/","device_authorization_endpoint":"https://auth.example.org/oauth2/device"}',
  },
  {
    step: 'registration',
    method: 'POST',
    url: 'https://auth.example.org/oauth2/registration',
    requestHeaders: JSON_TYPE,
    requestBody: '{"client_name":"Keyfob","client_uri":"https://keyfob.example/"}',
    status: 201,
    responseBody: '{"client_id":"01J9XK3W5T"}',
  },
  {
    step: 'device-authorization',
    method: 'POST',
    url: 'https://auth.example.org/oauth2/device',
    requestHeaders: FORM_TYPE,
    requestBody:
      'client_id=01J9XK3W5T&scope=urn%3Amatrix%3Aclient%3Aapi%3A*+urn%3Amatrix%3Aclient%3Adevice%3AKFBXQ3RNTA',
    responseBody:
      '{"device_code":"[redacted]","user_code":"[redacted]","verification_uri":"https://auth.example.org/link","expires_in":1200}',
  },
  {
    step: 'token',
    method: 'POST',
    url: 'https://auth.example.org/oauth2/token',
    requestHeaders: FORM_TYPE,
    requestBody: 'grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code',
    status: 400,
    responseBody: '{"error":"authorization_pending"}',
  },
  {
    step: 'token',
    method: 'POST',
    url: 'https://auth.example.org/oauth2/token',
    requestHeaders: FORM_TYPE,
    status: null,
    failure: 'unreachable',
    responseBody: null,
    tookMs: 10_000,
  },
  {
    step: 'token',
    method: 'POST',
    url: 'https://auth.example.org/oauth2/token',
    requestHeaders: FORM_TYPE,
    responseBody: '{"access_token":"[redacted]","refresh_token":"[redacted]","expires_in":300}',
  },
  {
    step: 'whoami',
    method: 'GET',
    url: 'https://matrix.example.org/_matrix/client/v3/account/whoami',
    requestHeaders: { authorization: '[redacted]' },
    responseBody: '{"user_id":"@alice:example.org","device_id":"KFBXQ3RNTA"}',
  },
];

const EXCHANGES: readonly ExchangeSnapshot[] = ROWS.map((row, index) => ({
  id: `exchange-${index}`,
  loginId: 'login-1',
  requestHeaders: { accept: 'application/json' },
  requestBody: null,
  status: 200,
  responseHeaders: JSON_TYPE,
  responseBody: null,
  startedAt: NOW - 60_000 + index * 5_000,
  tookMs: 48 + index * 13,
  failure: null,
  ...row,
}));

/** Exchanges of two sign-ins at once, of a past one, and of an account. */
const SEVERAL = EXCHANGES.slice(0, 5).map((exchange, index): ExchangeSnapshot => {
  const loginId = ['login-1', 'login-2', 'login-2', 'login-0', null][index] ?? null;
  return { ...exchange, loginId, ...(loginId === null && { step: 'refresh' }) };
});

const PICTURE = snapshotOf({ logins: [login({ step: 'cancelled' })] });

/** The inspector: empty, with a whole sign-in, and with one exchange expanded. */
export const INSPECTOR_SCENES: readonly Scene[] = [
  { name: 'inspector-empty', at: '#inspector', snapshot: snapshotOf({}) },
  {
    name: 'inspector-several',
    at: '#inspector',
    snapshot: snapshotOf({
      logins: [
        login({ step: 'cancelled' }),
        login({ step: 'discovering' }, { id: 'login-2', typed: '@bob:chat.example.net' }),
      ],
    }),
    exchanges: SEVERAL,
  },
  { name: 'inspector', at: '#inspector', snapshot: PICTURE, exchanges: EXCHANGES },
  {
    name: 'inspector-open',
    at: '#inspector/login-1',
    snapshot: PICTURE,
    exchanges: EXCHANGES,
    acts: [{ press: 'POST /oauth2/device' }],
  },
];
