import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  apiUrl,
  endpointUrl,
  hostOf,
  isLoopback,
  isLoopbackUrl,
  isAllowedUrl,
  safeLink,
  withoutTrailingSlashes,
} from '../../common/urls.ts';
import { FUZZ, FUZZ_MS } from '../protocol/hostile.ts';

const INTERNET = { loopback: false };
const HERE = { loopback: true };

test('isLoopback() recognizes the names and addresses of this machine, and no similar ones', () => {
  const here = ['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', '127.0.0.1', '127.9.8.7'];
  const away = ['localhost.example.org', '127.0.0.1.example.org', '127.example.org', '128.0.0.1'];
  expect([...here, '[::1]', '::1'].map(isLoopback)).not.toContain(false);
  expect([...away, '[::2]', '0.0.0.0', 'notlocalhost', ''].map(isLoopback)).not.toContain(true);
});

test('isLoopbackUrl() sees through every way to write 127.0.0.1', () => {
  const urls = ['http://127.1/', 'http://0x7f.0.0.1/', 'http://2130706433/', 'http://[0::1]/'];
  expect(urls.map((url) => isLoopbackUrl(new URL(url)))).toEqual([true, true, true, true]);
});

test('endpointUrl() accepts https URLs, and keeps path, port and query', () => {
  const texts = [
    'https://example.org',
    'https://example.org:8448/a/b?c=d',
    'HTTPS://bücher.example/',
  ];
  expect(texts.map((text) => endpointUrl(text, INTERNET)?.href)).toEqual([
    'https://example.org/',
    'https://example.org:8448/a/b?c=d',
    'https://xn--bcher-kva.example/',
  ]);
});

test('endpointUrl() accepts a non-ASCII name, however many URLs it has parsed before', () => {
  const read = (text: string) => endpointUrl(text, INTERNET)?.href;
  for (let times = 0; times < 20_000; times += 1) read('https://example.org/');
  expect(read('https://bücher.example/')).toBe('https://xn--bcher-kva.example/');
});

test.each([
  ['plain http', 'http://example.org/'],
  ['a relative address', '/oauth2/token'],
  ['no slashes', 'https:example.org'],
  ['no scheme', '//example.org/'],
  ['another scheme', 'javascript:alert(1)'],
  ['a file', 'file:///etc/passwd'],
  ['userinfo', 'https://user:password@example.org/'],
  ['empty userinfo', 'https://@example.org/'],
  ['a fragment', 'https://example.org/#x'],
  ['an empty fragment', 'https://example.org/#'],
  ['a backslash', 'https://example.org\\@evil.example/'],
  ['a line break', 'https://exam\nple.org/'],
  ['a leading space', ' https://example.org/'],
  ['a bidi override', 'https://example.org/\u202e'],
  ['a bad host', 'https://exa mple.org/'],
  ['a bad port', 'https://example.org:99999/'],
  ['no host', 'https:///path'],
  ['an endless text', `https://example.org/${'x'.repeat(2048)}`],
  ['a text that grows when encoded', `https://example.org/${'ü'.repeat(1000)}`],
  ['this machine', 'https://localhost/'],
  ['nothing', ''],
])('endpointUrl() refuses %s', (_what, text) => {
  expect(endpointUrl(text, INTERNET)).toBeNull();
});

test('endpointUrl() allows plain http on this machine alone, and only where told', () => {
  const texts = [
    'http://127.0.0.1:8008/',
    'http://localhost/',
    'http://[::1]:1/',
    'https://localhost/',
  ];
  expect(texts.map((text) => endpointUrl(text, HERE)?.href)).toEqual(texts);
  expect(texts.map((text) => endpointUrl(text, INTERNET))).toEqual([null, null, null, null]);
  expect(endpointUrl('http://example.org/', HERE)).toBeNull();
});

test('safeLink() accepts a fragment, and otherwise refuses what endpointUrl() refuses', () => {
  const texts = [
    'https://example.org/#top',
    'https://u@example.org/#x',
    'http://example.org/',
    'x:y',
  ];
  expect(texts.map((text) => safeLink(text, INTERNET)?.href ?? null)).toEqual([
    'https://example.org/#top',
    null,
    null,
    null,
  ]);
});

test(
  'safeLink() gives nothing but https without userinfo, whatever the text',
  () => {
    const text = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.string({ unit: 'binary', maxLength: 40 }).map((rest) => `https://${rest}`),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        const url = safeLink(candidate, INTERNET);
        if (url === null) return;
        expect({ ...pick(url), visit: isAllowedUrl(url, INTERNET) }).toEqual({
          protocol: 'https:',
          username: '',
          password: '',
          visit: true,
        });
      }),
      FUZZ,
    );
  },
  FUZZ_MS,
);

function pick({ protocol, username, password }: URL) {
  return { protocol, username, password };
}

test('apiUrl() appends to the path of the base URL, however many slashes that ends with', () => {
  const bases = ['https://example.org', 'https://example.org///', 'https://example.org/matrix/'];
  expect(bases.map((base) => apiUrl(base, '/_matrix/client/versions').href)).toEqual([
    'https://example.org/_matrix/client/versions',
    'https://example.org/_matrix/client/versions',
    'https://example.org/matrix/_matrix/client/versions',
  ]);
});

test('withoutTrailingSlashes() is linear, and leaves inner slashes alone', () => {
  expect(withoutTrailingSlashes(`a//b${'/'.repeat(100_000)}`)).toBe('a//b');
});

test('hostOf() names the host of a link, and gives back anything else as it is', () => {
  const texts = ['https://auth.example.org:8443/x', 'no link', 'mailto:alice@example.org'];
  expect(texts.map(hostOf)).toEqual([
    'auth.example.org:8443',
    'no link',
    'mailto:alice@example.org',
  ]);
});
