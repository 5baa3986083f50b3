import { expect, test } from 'vitest';
import { accountOf } from '../fixtures/fake-engine.ts';
import { run } from './run-keyfob.ts';

test('keyfob list shows a table', async () => {
  const seen = await run(['list'], ['alice', 'work-bot']);
  expect(seen.result).toEqual({
    exitCode: 0,
    stdout: [
      'LABEL     USER ID                STATE                 EXPIRES IN',
      'alice     @alice:example.org     Valid for 4 min 12 s  4 min 12 s',
      'work-bot  @work-bot:example.org  Valid for 4 min 12 s  4 min 12 s',
      '',
    ].join('\n'),
    stderr: '',
  });
});

test('keyfob list removes control sequences from user IDs', async () => {
  const seen = await run(['status']);
  seen.engine.accounts = [accountOf('a', { userId: '@a\u001b[2J\u202e:example.org' })];
  const { stdout } = await seen.again(['list']);
  expect(stdout.split('\n')[1]).toBe('a      @a[2J:example.org  Valid for 4 min 12 s  4 min 12 s');
});

test('keyfob list without accounts says so on stderr alone', async () => {
  const seen = await run(['list'], []);
  expect(seen.result).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: 'No accounts yet. Sign in with: keyfob login SERVER\n',
  });
});

test('keyfob list --json prints the response of the agent', async () => {
  const { stdout } = (await run(['list', '--json'])).result;
  expect(JSON.parse(stdout)).toMatchObject({ accounts: [{ label: 'alice', expires_in_s: 252 }] });
});

test('keyfob status shows the agent, its protection and the accounts', async () => {
  const seen = await run(['status']);
  seen.engine.protection = 'none';
  const { stdout } = await seen.again(['status']);
  expect(stdout.split('\n')).toEqual([
    `Agent     9.8.7 (this command: 0.1.0), process ${process.pid}`,
    'Started   2026-03-04T14:00:48.000Z',
    `Socket    ${seen.socket}`,
    'Sessions  NOT PROTECTED: any program running as you can read your sessions',
    'Accounts  1',
    '',
    'LABEL  USER ID             STATE                 EXPIRES IN',
    'alice  @alice:example.org  Valid for 4 min 12 s  4 min 12 s',
    '',
  ]);
});

test('keyfob refresh prints the new state of the account', async () => {
  const { stdout } = (await run(['refresh'])).result;
  expect(stdout).toBe('alice: Valid for 4 min 12 s\n');
});

test.each([
  [60_000, 'in sync with the server'],
  [121_000, "2 min 1 s behind the server: set this computer's clock"],
])('keyfob check says of a clock that is off by %i ms what the window says', async (ms, words) => {
  const seen = await run(['status']);
  seen.engine.clockSkewMs = ms;
  const { stdout } = await seen.again(['check', 'alice']);
  expect(stdout).toContain(`Clock           ${words}\n`);
});

test('keyfob check shows the report of the homeserver and a wrong clock', async () => {
  const seen = await run(['status']);
  seen.engine.clockSkewMs = 185_000;
  const { stdout } = await seen.again(['check', 'alice']);
  expect(stdout.split('\n')).toEqual([
    'Account         alice',
    'User            @alice:example.org (confirmed by the homeserver)',
    'Device          KEYFOBDEV1',
    'Homeserver      https://matrix.example.org',
    'State           Valid for 4 min 12 s',
    'Expires in      4 min 12 s',
    'Scopes          urn:matrix:client:api:* urn:matrix:client:device:KEYFOBDEV1',
    'Matrix          v1.11 v1.12',
    'Device sign-in  available',
    "Clock           3 min 5 s behind the server: set this computer's clock",
    'Account page    https://auth.example.org/account/',
    '',
  ]);
});

test.each([
  [
    'refused',
    'alice (@alice:example.org): Signed out. Verified: the server rejects the old token.',
  ],
  ['already-signed-out', 'alice (@alice:example.org): Already signed out: there was no session'],
  ['unconfirmed', 'alice (@alice:example.org): Forgotten here, but the server did not end'],
] as const)('keyfob logout explains the proof %s', async (proof, words) => {
  const seen = await run(['status']);
  seen.engine.proof = proof;
  const { exitCode, stdout } = await seen.again(['logout', 'alice']);
  expect([exitCode, stdout.startsWith(words), stdout.includes('/account/')]).toEqual([
    0,
    true,
    proof === 'unconfirmed',
  ]);
});

test('keyfob logout ignores KEYFOB_ACCOUNT', async () => {
  const seen = await run(['status']);
  seen.io.env.KEYFOB_ACCOUNT = 'alice';
  const { exitCode } = await seen.again(['logout']);
  expect([exitCode, seen.engine.calls]).toEqual([2, []]);
});
