import { expect, test } from 'vitest';
import { openableLink, openerOf } from '../../../main/cli/login/open-link.ts';

const LINK = 'https://auth.example.org/link?code=A&x=$(id)';

test.each([
  ['https://auth.example.org/link?code=1', 'example.org', 'https://auth.example.org/link?code=1'],
  ['http://localhost:8080/link', '@alice:localhost:8008', 'http://localhost:8080/link'],
  ['http://127.0.0.1:8080/link', 'http://localhost:8008/', 'http://127.0.0.1:8080/link'],
  ['http://[::1]:8080/link', 'localhost', 'http://[::1]:8080/link'],
  ['http://localhost:8080/link', 'example.org', null],
  ['https://localhost:8080/link', 'example.org', null],
  ['http://example.org/link', 'localhost', null],
  ['https://user:secret@example.org/', 'example.org', null],
  ['javascript:alert(1)', 'localhost', null],
  ['file:///etc/passwd', 'localhost', null],
  ['--version', 'localhost', null],
  ['', '', null],
])('openableLink() of %j after entering %j is %j', (link, typed, openable) => {
  expect(openableLink(link, typed)).toBe(openable);
});

test.each([
  ['linux', ['xdg-open', LINK]],
  ['darwin', ['open', LINK]],
  ['win32', ['rundll32.exe', 'url.dll,FileProtocolHandler', LINK]],
] as const)('openerOf() passes the link as one argument on %s', (platform, words) => {
  expect(openerOf(LINK, platform)).toEqual(words);
});
