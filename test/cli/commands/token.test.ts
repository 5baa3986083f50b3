import { expect, test } from 'vitest';
import { accountOf, TOKEN } from '../../fixtures/fake-engine.ts';
import { run } from '../run-keyfob.ts';

test('keyfob token prints the token and a newline, and nothing else', async () => {
  const seen = await run(['token', 'alice']);
  expect([seen.result, seen.engine.calls]).toEqual([
    { exitCode: 0, stdout: `${TOKEN}\n`, stderr: '' },
    [['tokenFor', 'alice', { minValidMs: 60_000, consumer: 'the command line' }]],
  ]);
});

test('keyfob token --header prints a header without a newline', async () => {
  const { stdout } = (await run(['token', 'alice', '--header'])).result;
  expect(stdout).toBe(`Authorization: Bearer ${TOKEN}`);
});

test('keyfob token --env prints lines that a shell evaluates', async () => {
  const { stdout } = (await run(['token', 'alice', '--env=TOKEN'])).result;
  expect(stdout).toBe(
    [
      `export TOKEN='${TOKEN}'`,
      `export MATRIX_HOMESERVER='https://matrix.example.org'`,
      `export MATRIX_USER_ID='@alice:example.org'`,
      '',
    ].join('\n'),
  );
});

test('keyfob token --json prints the whole answer', async () => {
  const { stdout } = (await run(['token', '@alice:example.org', '--json'])).result;
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    access_token: TOKEN,
    token_type: 'Bearer',
    account: 'alice',
    user_id: '@alice:example.org',
    device_id: 'KEYFOBDEV1',
    homeserver_url: 'https://matrix.example.org',
    scopes: ['urn:matrix:client:api:*', 'urn:matrix:client:device:KEYFOBDEV1'],
    expires_at: '2026-03-04T14:05:00.000Z',
    expires_in_s: 252,
  });
});

test('keyfob token --curl prints a command without a token, and requests none', async () => {
  const seen = await run(['token', '--curl']);
  expect([seen.result.stdout, seen.engine.calls]).toEqual([
    `keyfob token alice --header | curl --header @- 'https://matrix.example.org/_matrix/client/v3/account/whoami'\n`,
    [],
  ]);
});

test('keyfob token passes on --for and --min-valid', async () => {
  const seen = await run(['token', 'alice', '--min-valid', '5m', '--for', 'My script & co']);
  expect(seen.engine.calls).toEqual([
    ['tokenFor', 'alice', { minValidMs: 300_000, consumer: 'My script & co' }],
  ]);
});

test('keyfob token without an argument uses KEYFOB_ACCOUNT, else the only account', async () => {
  const { io, engine, again, result } = await run(['token']);
  engine.accounts = ['alice', 'work'].map((label) => accountOf(label));
  io.env.KEYFOB_ACCOUNT = 'work';
  const second = await again(['token']);
  expect([
    result.stdout,
    second.stdout,
    engine.calls.map((asked) => (asked as unknown[])[1]),
  ]).toEqual([`${TOKEN}\n`, `${TOKEN}\n`, ['alice', 'work']]);
});

test('keyfob token without an argument lists several accounts, and exits with 5', async () => {
  const seen = await run(['token'], ['alice', 'work']);
  expect(seen.result).toEqual({
    exitCode: 5,
    stdout: '',
    stderr: [
      'keyfob: There is more than one account. [account-ambiguous]',
      '  Specify one by its label: alice, work.',
      '',
    ].join('\n'),
  });
});

test('keyfob token without any account exits with 5 and says how to sign in', async () => {
  const seen = await run(['token'], []);
  expect([
    seen.result.exitCode,
    seen.result.stdout,
    seen.result.stderr.includes('keyfob login SERVER'),
  ]).toEqual([5, '', true]);
});

test('keyfob token of a signed-out account exits with 4 and starts no sign-in', async () => {
  const seen = await run(['status']);
  seen.engine.failure = { code: 'signed-out', account: 'alice' };
  const { exitCode, stdout, stderr } = await seen.again(['token', 'alice']);
  expect([exitCode, stdout, stderr.includes('[signed-out]'), seen.engine.calls]).toEqual([
    4,
    '',
    true,
    [['tokenFor', 'alice', { minValidMs: 60_000, consumer: 'the command line' }]],
  ]);
});

test('keyfob token says when to retry, and exits with 7, when the server does', async () => {
  const seen = await run(['status']);
  seen.engine.failure = { code: 'rate-limited', host: 'example.org', retryAfterMs: 4_200 };
  const { exitCode, stderr } = await seen.again(['token', 'alice']);
  expect([exitCode, stderr.split('\n').at(-2)]).toEqual([7, '  Try again in 5 s.']);
});
