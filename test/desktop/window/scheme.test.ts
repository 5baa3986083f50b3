import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UNLOCK_POLICY } from '../../../main/desktop/unlock/unlock-html.ts';
import { pageFile, PRIVILEGES, WINDOW_POLICY } from '../../../main/desktop/window/scheme.ts';

test('pageFile() serves the files in the folder, with a type and the policy', () => {
  expect(pageFile('app://keyfob/assets/index-B79HgK6G.js?x#y')).toEqual({
    path: 'assets/index-B79HgK6G.js',
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'content-security-policy': WINDOW_POLICY,
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  });
});

test.each([
  'app://other/index.html',
  'app://keyfob/',
  'app://keyfob/.hidden.js',
  'app://keyfob/a//b.js',
  'app://keyfob/..%2fmain%2fmain.js',
  'app://keyfob/index.exe',
  'https://keyfob/index.html',
  'file:///index.html',
  'nonsense',
])('pageFile has nothing for %s', (address) => {
  expect(pageFile(address)).toBeNull();
});

test('pageFile() never leaves its folder, for any address', () => {
  const part = fc.oneof(
    fc.constantFrom('..', '.', '%2e%2e', '%2f', '\\', '%5c', 'a', 'b.js', '%00'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const { path } = pageFile(`app://keyfob/${parts.join('/')}.js`) ?? { path: 'x' };
      return /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/.test(path);
    }),
    { numRuns: 10_000 },
  );
});

test('the scheme has three privileges and no more', () => {
  expect(PRIVILEGES).toEqual({ standard: true, secure: true, supportFetchAPI: true });
});

test('the policies forbid inline code, eval and other origins', () => {
  for (const policy of [WINDOW_POLICY, UNLOCK_POLICY]) {
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toMatch(/unsafe|\*|https?:|blob:/);
  }
  expect(UNLOCK_POLICY).not.toContain('script-src');
});
