import { expect, test } from 'vitest';
import { linkToOpen } from '../../main/desktop/openable-links.ts';
import { accountOf, FakeEngine, waitingState } from '../fixtures/fake-engine.ts';

function app(verificationUri: string) {
  const engine = new FakeEngine();
  engine.accounts = [accountOf('alice')];
  const state = waitingState({ verificationUri });
  engine.logins = [{ id: 'l', typed: 'example.org', label: null, state }];
  return engine.current();
}

test.each([
  ['https://auth.example.org/link', 'https://auth.example.org/link'],
  ['http://127.0.0.1:8008/link', 'http://127.0.0.1:8008/link'],
  ['http://localhost/link', 'http://localhost/link'],
  ['http://auth.example.org/link', null],
  ['https://user:word@auth.example.org/', null],
  ['javascript:alert(1)', null],
  ['file:///etc/passwd', null],
  ['smb://example.org/share', null],
  ['vscode://open', null],
])('linkToOpen makes of %s, when the engine offers it, %s', (offered, opened) => {
  expect(linkToOpen(offered, app(offered))).toBe(opened);
});

test("linkToOpen() opens the account page, and nothing the engine doesn't offer", () => {
  const page = 'https://auth.example.org/account/';
  const links = [page, 'https://example.org/', `${page}?next=https://example.org/`, ''];
  expect(links.map((link) => linkToOpen(link, app('https://auth.example.org/link')))).toEqual([
    page,
    null,
    null,
    null,
  ]);
});
