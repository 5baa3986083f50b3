import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  customizeMetadata,
  DEFAULT_CLIENT,
  metadataHash,
  supersetOf,
  userAgent,
} from '../../../main/protocol/oauth/client-metadata.ts';
import { FUZZ, FUZZ_MS } from '../hostile.ts';

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

test('DEFAULT_CLIENT requests only the device grant and refresh tokens', () => {
  expect(DEFAULT_CLIENT).toEqual({
    client_name: 'Keyfob',
    client_uri: 'https://keyfob.example/',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: [DEVICE_CODE, 'refresh_token'],
    response_types: [],
  });
});

test('supersetOf() adds what servers without the device grant require, and keeps the rest', () => {
  expect(supersetOf({ ...DEFAULT_CLIENT, contacts: ['a@example.org'] })).toEqual({
    ...DEFAULT_CLIENT,
    contacts: ['a@example.org'],
    grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/callback'],
  });
});

test('customizeMetadata() sets every member that a person may set', () => {
  const custom = {
    client_name: 'Alice’s keys',
    'client_name#fr': 'Les clés d’Alice',
    'client_name#zh-Hant-TW': '鑰匙',
    client_uri: 'https://example.org/app/',
    logo_uri: 'https://cdn.example.org/logo.png',
    tos_uri: 'https://example.org/terms',
    'tos_uri#de': 'https://example.org/de/terms',
    policy_uri: 'https://example.org/policy_1.0~a-b',
    contacts: ['alice@example.org'],
  };
  expect(customizeMetadata(DEFAULT_CLIENT, custom)).toEqual({
    ok: true,
    value: { ...DEFAULT_CLIENT, ...custom },
  });
});

test('customizeMetadata() leaves as it was what is null or not named', () => {
  const base = { ...DEFAULT_CLIENT, logo_uri: 'https://keyfob.example/logo.png' };
  expect(customizeMetadata(base, { client_name: null, logo_uri: null })).toEqual({
    ok: true,
    value: base,
  });
});

const notHttps = 'it is not an https address';
const notPlain =
  'it must look like https://host/path, with a lower-case host and without a port or query';
const under = 'it is not under the host of client_uri, keyfob.example';

describe('customise() refuses', () => {
  test.each<[string, unknown, string]>([
    ['grant_types', ['password'], "it can't be set"],
    ['redirect_uris', ['https://evil.example/'], "it can't be set"],
    ['token_endpoint_auth_method', 'client_secret_basic', "it can't be set"],
    ['software_statement', 'x', "it can't be set"],
    ['__proto__x', 'x', "it can't be set"],
    ['contacts#fr', ['x'], "it can't be set"],
    ['client_name', '', 'it is not one line of 1 to 100 visible characters'],
    ['client_name', 'a\u202eb', 'it is not one line of 1 to 100 visible characters'],
    ['client_name', 'a\nb', 'it is not one line of 1 to 100 visible characters'],
    ['client_name', 'x'.repeat(101), 'it is not one line of 1 to 100 visible characters'],
    ['client_name', 5, 'it is not text'],
    ['client_name#', 'x', 'the part after # is not a language tag'],
    ['client_name#f', 'x', 'the part after # is not a language tag'],
    ['client_name#fr#de', 'x', 'the part after # is not a language tag'],
    ['client_name#fr\n', 'x', 'the part after # is not a language tag'],
    ['logo_uri#fr', 'https://keyfob.example/fr.png', 'it needs logo_uri as well'],
    ['client_uri', 'http://example.org/', notHttps],
    ['client_uri', '/app', notHttps],
    ['client_uri', 'https://u:p@example.org/', notHttps],
    ['client_uri', 'https://localhost/', notHttps],
    ['client_uri', 'https://127.0.0.1/', notHttps],
    ['client_uri', ['https://example.org/'], 'it is not text'],
    ['client_uri', 'https://example.org', notPlain],
    ['client_uri', 'https://example.org:8443/', notPlain],
    ['client_uri', 'https://Example.org/', notPlain],
    ['client_uri', 'https://example.org/?a=b', notPlain],
    ['client_uri', 'https://example.org/#top', notPlain],
    ['client_uri', 'https://example.org/a%20b', notPlain],
    ['client_uri', 'https://example.org/a+b', notPlain],
    ['client_uri', 'https://example.org/@alice', notPlain],
    ['client_uri', 'https://[2001:db8::1]/', notPlain],
    ['client_uri', 'https://bücher.example/', notPlain],
    ['client_uri', 'https://0.0.0.0/', 'it points to this computer'],
    ['client_uri', 'https://github.io/', 'it is not on a domain of its own'],
    ['client_uri', 'https://intranet/', 'it is not on a domain of its own'],
    ['logo_uri', 'https://cdn.example.org/logo.png', under],
    ['logo_uri', 'https://notkeyfob.example/logo.png', under],
    ['tos_uri', 'https://example/', 'it is not on a domain of its own'],
    ['client_uri#fr', 'https://keyfob.example.fr/', under],
    ['contacts', 'alice@example.org', 'it is not a list of at most 8 strings'],
    ['contacts', Array.from('123456789'), 'it is not a list of at most 8 strings'],
    ['contacts', [5], 'it is not a list of visible strings'],
    ['contacts', ['a\u0000'], 'it is not a list of visible strings'],
  ])('%s: %j', (field, value, why) => {
    const shown = field.replace('\n', '');
    expect(customizeMetadata(DEFAULT_CLIENT, { [field]: value })).toEqual({
      ok: false,
      failure: { code: 'client-metadata-invalid', field: shown, why },
    });
  });

  test('a client_uri that leaves another URI behind on its old host', () => {
    const base = { ...DEFAULT_CLIENT, logo_uri: 'https://keyfob.example/logo.png' };
    expect(customizeMetadata(base, { client_uri: 'https://example.org/' })).toEqual({
      ok: false,
      failure: {
        code: 'client-metadata-invalid',
        field: 'logo_uri',
        why: 'it is not under the host of client_uri, example.org',
      },
    });
  });

  test('more than a server would accept', () => {
    const tags = ['fr', 'de', 'it', 'es', 'pt', 'nl', 'pl', 'cs', 'fi', 'sv', 'da'];
    const custom = Object.fromEntries(tags.map((tag) => [`client_name#${tag}`, '名'.repeat(100)]));
    expect(customizeMetadata(DEFAULT_CLIENT, custom)).toEqual({
      ok: false,
      failure: {
        code: 'client-metadata-invalid',
        field: 'client_name#fr',
        why: 'the metadata is too long in total',
      },
    });
  });
});

test(
  'customise() gives metadata that it would accept again, of at most 4096 bytes, or a failure',
  () => {
    const uri = fc.oneof(
      fc.webUrl(),
      fc.constantFrom('https://example.org/', 'https://a.example.org/x', 'https://keyfob.example/'),
    );
    const names = fc.constantFrom(
      ...[
        'client_name',
        'client_uri',
        'logo_uri',
        'tos_uri',
        'policy_uri',
        'contacts',
        '__proto__',
      ],
      ...['client_name#fr', 'logo_uri#de', 'client_uri#en', 'constructor', 'x'],
    );
    const values = fc.oneof(
      uri,
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.string()),
      fc.anything(),
    );
    fc.assert(
      fc.property(fc.dictionary(names, values), (custom) => {
        const outcome = customizeMetadata(DEFAULT_CLIENT, custom);
        if (!outcome.ok) {
          expect(outcome.failure.code).toBe('client-metadata-invalid');
          return;
        }
        const { value } = outcome;
        const bytes = new TextEncoder().encode(JSON.stringify(supersetOf(value)));
        expect(bytes.length).toBeLessThanOrEqual(4_096);
        expect({ ...value, client_name: '', client_uri: '' }).toMatchObject({
          grant_types: DEFAULT_CLIENT.grant_types,
          token_endpoint_auth_method: 'none',
        });
        expect(customizeMetadata(value, custom)).toEqual(outcome);
      }),
      FUZZ,
    );
  },
  FUZZ_MS,
);

test.each([
  ['Linux', '6.8.0-45-generic', 'Keyfob/0.1.0 (Desktop; Linux 6.8)'],
  ['Windows', '10.0.22631', 'Keyfob/0.1.0 (Desktop; Windows 10.0)'],
  ['macOS', '15', 'Keyfob/0.1.0 (Desktop; macOS 15)'],
  ['Linux', 'unknown', 'Keyfob/0.1.0 (Desktop; Linux)'],
  ['', '', 'Keyfob/0.1.0 (Desktop; unknown)'],
  ['Ev)il;\r\nX: y', '1', 'Keyfob/0.1.0 (Desktop; EvilX y 1)'],
])('userAgent() names %j %j', (name, version, expected) => {
  expect(userAgent('0.1.0', name, version)).toBe(expected);
});

test('metadataHash() does not depend on the order, and depends on all else', async () => {
  const { client_name, ...rest } = DEFAULT_CLIENT;
  const [hash, reordered, renamed, superset] = await Promise.all([
    metadataHash(DEFAULT_CLIENT),
    metadataHash({ ...rest, client_name }),
    metadataHash({ ...DEFAULT_CLIENT, client_name: 'Other' }),
    metadataHash(supersetOf(DEFAULT_CLIENT)),
  ]);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(reordered).toBe(hash);
  expect(new Set([hash, renamed, superset]).size).toBe(3);
});
