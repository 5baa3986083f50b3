import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseServerInput } from '../../common/server-input.ts';
import { FUZZ, FUZZ_MS } from '../protocol/hostile.ts';

/** What was read, as text. */
function read(input: string) {
  const typed = parseServerInput(input);
  if (!typed.ok) return typed.failure;
  const { wellKnownUrl, baseUrl, ...rest } = typed.value;
  return { ...rest, wellKnownUrl: wellKnownUrl?.href ?? null, baseUrl: baseUrl.href };
}

const document = 'https://example.org/.well-known/matrix/client';
const internet = {
  userId: null,
  serverName: 'example.org',
  wellKnownUrl: document,
  baseUrl: 'https://example.org/',
  loopback: false,
};
const malformed = { code: 'not-a-server', why: 'malformed' };

describe('parseServerInput() reads', () => {
  test.each<[string, string, object]>([
    ['a server name', 'example.org', {}],
    ['a server name in capitals', 'Example.ORG', {}],
    ['a name with a final dot', 'example.org.', {}],
    ['a name with a slash', 'example.org/', {}],
    ['a URL without a path', 'https://example.org', {}],
    ['a URL with a slash', 'HTTPS://Example.org/', {}],
    ['a user ID', '@alice:example.org', { userId: '@alice:example.org' }],
    ['a user ID in capitals', '@Alice:EXAMPLE.org', { userId: '@Alice:example.org' }],
    ['a historical user ID', '@a/b=c+d:example.org', { userId: '@a/b=c+d:example.org' }],
    [
      'a port, which does not lead to the document',
      'example.org:8448',
      { serverName: 'example.org:8448', baseUrl: 'https://example.org:8448/' },
    ],
    [
      'a user ID with a port, split at the first colon',
      '@alice:example.org:8448',
      {
        userId: '@alice:example.org:8448',
        serverName: 'example.org:8448',
        baseUrl: 'https://example.org:8448/',
      },
    ],
    [
      'a URL with a port',
      'https://example.org:8448/',
      { serverName: 'example.org:8448', baseUrl: 'https://example.org:8448/' },
    ],
    [
      'the default port, which stays part of the name',
      'example.org:443',
      { serverName: 'example.org:443' },
    ],
    [
      'a URL with a path, which is the homeserver itself',
      'https://example.org/matrix/',
      { serverName: null, wellKnownUrl: null, baseUrl: 'https://example.org/matrix/' },
    ],
    [
      'a path without a scheme',
      'example.org/matrix',
      { serverName: null, wellKnownUrl: null, baseUrl: 'https://example.org/matrix' },
    ],
    [
      'a name beyond ASCII',
      'Bücher.example',
      {
        serverName: 'xn--bcher-kva.example',
        wellKnownUrl: 'https://xn--bcher-kva.example/.well-known/matrix/client',
        baseUrl: 'https://xn--bcher-kva.example/',
      },
    ],
    [
      'an IPv4 address',
      '192.0.2.1',
      {
        serverName: '192.0.2.1',
        wellKnownUrl: 'https://192.0.2.1/.well-known/matrix/client',
        baseUrl: 'https://192.0.2.1/',
      },
    ],
    [
      'an IPv6 address with a port',
      '@a:[2001:DB8::1]:8448',
      {
        userId: '@a:[2001:db8::1]:8448',
        serverName: '[2001:db8::1]:8448',
        wellKnownUrl: 'https://[2001:db8::1]/.well-known/matrix/client',
        baseUrl: 'https://[2001:db8::1]:8448/',
      },
    ],
  ])('%s', (_what, input, expected) => {
    expect(read(input)).toEqual({ ...internet, typed: input, ...expected });
  });

  test.each<[string, object]>([
    ['http://127.0.0.1:8008', {}],
    ['127.0.0.1:8008', {}],
    ['@alice:127.0.0.1:8008', { userId: '@alice:127.0.0.1:8008' }],
    [
      'localhost:8008',
      {
        serverName: 'localhost:8008',
        wellKnownUrl: 'http://localhost:8008/.well-known/matrix/client',
        baseUrl: 'http://localhost:8008/',
      },
    ],
    [
      '@alice:localhost',
      {
        userId: '@alice:localhost',
        serverName: 'localhost',
        wellKnownUrl: 'http://localhost/.well-known/matrix/client',
        baseUrl: 'http://localhost/',
      },
    ],
    [
      'https://[::1]:8448',
      {
        serverName: '[::1]:8448',
        wellKnownUrl: 'https://[::1]:8448/.well-known/matrix/client',
        baseUrl: 'https://[::1]:8448/',
      },
    ],
    [
      'localhost:8008/matrix',
      { serverName: null, wellKnownUrl: null, baseUrl: 'http://localhost:8008/matrix' },
    ],
  ])('%s as a host on this machine', (input, expected) => {
    expect(read(input)).toEqual({
      typed: input,
      userId: null,
      serverName: '127.0.0.1:8008',
      wellKnownUrl: 'http://127.0.0.1:8008/.well-known/matrix/client',
      baseUrl: 'http://127.0.0.1:8008/',
      loopback: true,
      ...expected,
    });
  });
});

test('parseServerInput() ignores surrounding spaces, and invisible characters anywhere', () => {
  const input = ' \t\ufeff\u2068@alice:exam\u200bple.org\u2069\u00a0\n';
  const typed = '@alice:example.org';
  expect(read(input)).toEqual({ ...internet, typed, userId: typed });
});

describe('parseServerInput() refuses', () => {
  test.each<[string, object]>([
    ['', { code: 'not-a-server', why: 'empty' }],
    [' \u200b ', { code: 'not-a-server', why: 'empty' }],
    ['#room:example.org', { code: 'not-a-server', why: 'room' }],
    ['!id:example.org', { code: 'not-a-server', why: 'room' }],
    ['$event', { code: 'not-a-server', why: 'room' }],
    ['https://matrix.to/#/@alice:example.org', { code: 'not-a-server', why: 'link' }],
    ['matrix.to/#/#room:example.org', { code: 'not-a-server', why: 'link' }],
    ['matrix:u/alice:example.org', { code: 'not-a-server', why: 'link' }],
    ['https://app.example.org/#/home', { code: 'not-a-server', why: 'link' }],
    ['ftp://example.org', { code: 'not-a-server', why: 'scheme' }],
    ['alice@example.org', { code: 'looks-like-email', suggestion: '@alice:example.org' }],
    ['a.b+c@Example.org', { code: 'looks-like-email', suggestion: '@a.b+c:example.org' }],
    ['@alice@example.org', { code: 'looks-like-email', suggestion: '@alice:example.org' }],
    ['http://example.org', { code: 'insecure-address', address: 'http://example.org' }],
    [
      'http://localhost.example.org',
      { code: 'insecure-address', address: 'http://localhost.example.org' },
    ],
    ['@alice', malformed],
    ['@:example.org', malformed],
    ['@alice:', malformed],
    ['@älice:example.org', malformed],
    ['@alice:example.org/path', malformed],
    ['alice:example.org', malformed],
    ['javascript:alert(1)', malformed],
    ['@a@b@c', malformed],
    ['two words', malformed],
    ['example..org', malformed],
    ['exam_ple.org', malformed],
    ['example.org:', malformed],
    ['example.org:0', malformed],
    ['example.org:65536', malformed],
    ['example.org:8448:1', malformed],
    ['2001:db8::1', malformed],
    ['1.2.3', malformed],
    ['0x7f.1', malformed],
    ['2130706433', malformed],
    ['127。0。0。1', malformed],
    ['256.1.1.1', malformed],
    ['exa%6dple.org', malformed],
    ['https://user@example.org', malformed],
    ['https://example.org?x=y', malformed],
    ['https://example.org/?', malformed],
    ['https:example.org', malformed],
    [`${'a'.repeat(64)}.org`, malformed],
    [`${'a.'.repeat(130)}org`, malformed],
    [`@${'a'.repeat(250)}:example.org`, malformed],
  ])('%s', (input, failure) => {
    expect(read(input)).toEqual(failure);
  });
});

test('parseServerInput() takes a number after a colon for a port, also after what could be a scheme', () => {
  expect(read('matrix:8448')).toMatchObject({ serverName: 'matrix:8448' });
});

const parts = fc.constantFrom(
  ...['@', '#', ':', '/', '//', '.', '[', ']', '?', ' ', '\u200b', '\u0000', '\\', '%', '-'],
  ...['a', 'alice', 'example', 'org', 'http', 'https', 'localhost', '127', '0', '1', '8448', '::1'],
  ...['ü', '。', '🙂', '\ud800', 'matrix.to', '99999'],
);

test(
  'parseServerInput() gives an address that may be asked, or a coded failure, for any text',
  () => {
    const input = fc.oneof(
      fc.array(parts, { maxLength: 10 }).map((list) => list.join('')),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.webUrl({ withFragments: true }),
    );
    fc.assert(
      fc.property(input, (text) => {
        const typed = parseServerInput(text);
        if (!typed.ok) {
          expect(typed.failure.code).toMatch(/^(not-a-server|looks-like-email|insecure-address)$/);
          return;
        }
        const { baseUrl, wellKnownUrl, loopback } = typed.value;
        for (const url of [baseUrl, wellKnownUrl]) {
          if (url === null) continue;
          const here = /^(localhost\.?|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(
            url.hostname,
          );
          expect([here, url.username + url.password + url.search + url.hash]).toEqual([
            loopback,
            '',
          ]);
          expect(loopback || url.protocol === 'https:').toBe(true);
        }
        expect(parseServerInput(typed.value.typed)).toEqual(typed);
      }),
      FUZZ,
    );
  },
  FUZZ_MS,
);
