import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseShallowJson } from '../../../main/protocol/fields.ts';
import { readServerMetadata } from '../../../main/protocol/discovery/server-metadata.ts';
import { FUZZ, FUZZ_MS, hostileBytes, PLANTED } from '../hostile.ts';

const FROM = { homeserver: 'https://hs.example', host: 'hs.example' };

const document = {
  issuer: 'https://auth.example/',
  registration_endpoint: 'https://auth.example/oauth2/registration',
  device_authorization_endpoint: 'https://auth.example/oauth2/device',
  token_endpoint: 'https://auth.example/oauth2/token',
  revocation_endpoint: 'https://auth.example/oauth2/revoke',
  grant_types_supported: ['refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  account_management_uri: 'https://auth.example/account/',
  account_management_actions_supported: ['org.matrix.profile', 'org.matrix.device_delete'],
};

const server = {
  homeserver: 'https://hs.example',
  issuer: 'https://auth.example/',
  registrationEndpoint: new URL('https://auth.example/oauth2/registration'),
  deviceAuthorizationEndpoint: new URL('https://auth.example/oauth2/device'),
  tokenEndpoint: new URL('https://auth.example/oauth2/token'),
  revocationEndpoint: new URL('https://auth.example/oauth2/revoke'),
  accountManagementUri: new URL('https://auth.example/account/'),
  accountManagementActions: ['org.matrix.profile', 'org.matrix.device_delete'],
  metadata: {
    issuer: 'https://auth.example/',
    registration_endpoint: 'https://auth.example/oauth2/registration',
    device_authorization_endpoint: 'https://auth.example/oauth2/device',
    token_endpoint: 'https://auth.example/oauth2/token',
    revocation_endpoint: 'https://auth.example/oauth2/revoke',
  },
};

function read(changes: Record<string, unknown>, loopback = false) {
  return readServerMetadata(FROM, { ...document, ...changes }, { loopback });
}

test('readServerMetadata() reads a whole document', () => {
  expect(read({})).toEqual({ ok: true, value: server });
});

test('readServerMetadata() does without what the device grant does not need', () => {
  const { issuer, registration_endpoint, device_authorization_endpoint, token_endpoint } =
    server.metadata;
  const outcome = read({
    revocation_endpoint: null,
    grant_types_supported: undefined,
    account_management_uri: undefined,
    account_management_actions_supported: null,
    authorization_endpoint: 5,
    mtls_endpoint_aliases: { token_endpoint: 'https://evil.example/' },
  });
  expect(outcome).toEqual({
    ok: true,
    value: {
      ...server,
      revocationEndpoint: null,
      accountManagementUri: null,
      accountManagementActions: [],
      metadata: { issuer, registration_endpoint, device_authorization_endpoint, token_endpoint },
    },
  });
});

test('readServerMetadata() reads the draft names of the account management page', () => {
  const outcome = read({
    account_management_uri: undefined,
    account_management_actions_supported: undefined,
    'org.matrix.msc4191.account_management_uri': 'https://auth.example/me?x=y',
    'org.matrix.msc4191.account_management_actions_supported': ['session_end', '<b>', ''],
  });
  expect(outcome).toEqual({
    ok: true,
    value: {
      ...server,
      accountManagementUri: new URL('https://auth.example/me?x=y'),
      accountManagementActions: ['session_end'],
    },
  });
});

test.each(['http://auth.example/account/', 'javascript:alert(1)', 'https://u:p@auth.example/'])(
  'readServerMetadata() leaves out the account page at %s',
  (uri) => {
    expect(read({ account_management_uri: uri })).toEqual({
      ok: true,
      value: { ...server, accountManagementUri: null },
    });
  },
);

test.each([
  [{ device_authorization_endpoint: undefined }],
  [{ device_authorization_endpoint: null }],
  [{ grant_types_supported: ['authorization_code', 'refresh_token'] }],
  [{ grant_types_supported: [] }],
])('readServerMetadata() detects OAuth without the device grant: %j', (changes) => {
  expect(read(changes)).toEqual({
    ok: false,
    failure: { code: 'device-grant-unsupported', issuer: 'https://auth.example/' },
  });
});

const endpoints = [
  'registration_endpoint',
  'device_authorization_endpoint',
  'token_endpoint',
  'revocation_endpoint',
  'issuer',
];
const badUrls = [
  '',
  '/oauth2/token',
  'http://auth.example/',
  'https://user:pw@auth.example/',
  'https://auth.example/#x',
  'https://localhost/',
  'javascript:alert(1)',
  5,
  [],
  {},
];

test.each(endpoints.flatMap((field) => badUrls.map((url) => [field, url] as const)))(
  'readServerMetadata() refuses %s: %j',
  (field, url) => {
    expect(read({ [field]: url })).toEqual({
      ok: false,
      failure: { code: 'metadata-invalid', host: 'hs.example', field },
    });
  },
);

test.each([
  ['issuer', { issuer: undefined }],
  ['issuer', { issuer: 'https://auth.example/?x=y' }],
  ['token_endpoint', { token_endpoint: null }],
  ['registration_endpoint', { registration_endpoint: undefined }],
  ['grant_types_supported', { grant_types_supported: 'refresh_token' }],
  ['grant_types_supported', { grant_types_supported: [5] }],
  ['account_management_uri', { account_management_uri: 5 }],
  ['account_management_actions_supported', { account_management_actions_supported: 'x' }],
])('readServerMetadata() names %s in %j', (field, changes) => {
  expect(read(changes)).toEqual({
    ok: false,
    failure: { code: 'metadata-invalid', host: 'hs.example', field },
  });
});

test('readServerMetadata() accepts plain http on this machine if the person typed it', () => {
  const here = Object.fromEntries(
    Object.entries(document).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? value.replace('https://auth.example', 'http://127.0.0.1:8080')
        : value,
    ]),
  );
  expect(readServerMetadata(FROM, here, { loopback: true })).toMatchObject({
    ok: true,
    value: { tokenEndpoint: new URL('http://127.0.0.1:8080/oauth2/token') },
  });
});

test(
  'readServerMetadata() gives https endpoints or a coded failure for any body, and no secret',
  () => {
    const names = Object.keys(document);
    const whole = JSON.stringify(document);
    const mixed = hostileBytes(names).map((bytes) => {
      const text = new TextDecoder().decode(bytes);
      return text.startsWith('{') ? `${whole.slice(0, -1)},${text.slice(1)}` : text;
    });
    let good = 0;
    fc.assert(
      fc.property(mixed, (text) => {
        const body = parseShallowJson(new TextEncoder().encode(text));
        const found = readServerMetadata(FROM, body, { loopback: false });
        // A link that a person opens may have any fragment.
        const shown = found.ok ? { ...found.value, accountManagementUri: null } : found;
        expect(JSON.stringify(shown)).not.toContain(PLANTED);
        if (!found.ok) return;
        good += 1;
        const { tokenEndpoint, registrationEndpoint, deviceAuthorizationEndpoint } = found.value;
        for (const url of [tokenEndpoint, registrationEndpoint, deviceAuthorizationEndpoint]) {
          expect(url.protocol).toBe('https:');
        }
      }),
      FUZZ,
    );
    expect(good).toBeGreaterThan(0);
  },
  FUZZ_MS,
);
