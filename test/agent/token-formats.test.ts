import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TokenFormat } from '../../main/agent/token-formats.ts';
import {
  curlCommand,
  formatToken,
  isVariableName,
  shellQuote,
} from '../../main/agent/token-formats.ts';
import type { TokenJson } from '../../main/agent/token-json.ts';
import { readTokenJson, toTokenJson } from '../../main/agent/token-json.ts';
import { NOW } from '../fixtures/fake-engine.ts';

const ANSWER: TokenJson = {
  version: 1,
  access_token: "mat_it's",
  token_type: 'Bearer',
  account: 'alice',
  user_id: '@alice:example.org',
  device_id: 'DEVICE',
  homeserver_url: 'https://matrix.example.org',
  scopes: ['urn:matrix:client:api:*'],
  expires_at: null,
  expires_in_s: null,
};

test.each<readonly [TokenFormat, string]>([
  [{ kind: 'token' }, "mat_it's"],
  [{ kind: 'header' }, "Authorization: Bearer mat_it's"],
  [
    { kind: 'env', name: 'TOKEN' },
    [
      String.raw`export TOKEN='mat_it'\''s'`,
      `export MATRIX_HOMESERVER='https://matrix.example.org'`,
      `export MATRIX_USER_ID='@alice:example.org'`,
    ].join('\n'),
  ],
  [{ kind: 'json' }, JSON.stringify(ANSWER)],
  [
    { kind: 'curl' },
    String.raw`curl --header 'Authorization: Bearer mat_it'\''s' 'https://matrix.example.org/_matrix/client/v3/account/whoami'`,
  ],
  [
    { kind: 'credentials' },
    JSON.stringify(
      {
        homeserver: 'https://matrix.example.org',
        user_id: '@alice:example.org',
        device_id: 'DEVICE',
        access_token: "mat_it's",
      },
      null,
      2,
    ),
  ],
])('formatToken() writes %j', (format, text) => {
  expect(formatToken(format, ANSWER)).toBe(text);
});

test('shellQuote() makes any text one word for a shell', () => {
  const texts = fc.sample(fc.string({ unit: 'binary-ascii' }), 200);
  const words = texts.map((text) => text.replaceAll('\0', ''));
  const script = words.map((word) => `printf '%s\\0' ${shellQuote(word)}`).join('\n');
  const printed = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
  expect(printed.split('\0').slice(0, -1)).toEqual(words);
});

test('curlCommand() quotes a label that a shell would interpret', () => {
  expect([curlCommand('alice', 'https://h'), curlCommand('my $(bot)', 'https://h')]).toEqual([
    "keyfob token alice --header | curl --header @- 'https://h/_matrix/client/v3/account/whoami'",
    "keyfob token 'my $(bot)' --header | curl --header @- 'https://h/_matrix/client/v3/account/whoami'",
  ]);
});

test.each([
  ['MATRIX_ACCESS_TOKEN', true],
  ['_x1', true],
  ['1x', false],
  ['A-B', false],
  ['A;id', false],
  ['', false],
])('isVariableName() of %j is %s', (name, fits) => {
  expect(isVariableName(name)).toBe(fits);
});

test('readTokenJson() parses what toTokenJson() made', () => {
  const answer = toTokenJson({
    accessToken: 'mat_abc',
    label: 'alice',
    userId: '@alice:example.org',
    deviceId: 'DEVICE',
    homeserver: 'https://matrix.example.org',
    scope: ['urn:matrix:client:api:*'],
    expiresAt: NOW,
    validForMs: 59_999,
  });
  expect([readTokenJson(JSON.stringify(answer)), answer.expires_in_s]).toEqual([answer, 59]);
});

test.each([
  ['a line break in the token', { ...ANSWER, access_token: 'a\r\nX-Evil: 1' }],
  ['a space in the token', { ...ANSWER, access_token: 'a b' }],
  ['an empty token', { ...ANSWER, access_token: '' }],
  ['a token that is a number', { ...ANSWER, access_token: 7 }],
  ['no homeserver', { ...ANSWER, homeserver_url: undefined }],
  ['no object', 'mat_abc'],
  ['null', null],
])('readTokenJson() refuses %s', (_name, answer) => {
  expect(readTokenJson(JSON.stringify(answer))).toBe(null);
});
