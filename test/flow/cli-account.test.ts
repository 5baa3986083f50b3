import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { version } from '../../main/host/version.ts';
import type { TestHomeserver } from '../../tools/homeserver/homeserver.ts';
import { startHomeserver } from '../../tools/homeserver/homeserver.ts';
import { buildKeyfob } from './bundle.ts';
import { endOf, eventually, Machine } from './processes.ts';
import { isAccepted } from './renewing.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 }); // processes are slow on a busy machine

let machine: Machine;
let server: TestHomeserver;

beforeAll(async () => {
  machine = await Machine.make(await buildKeyfob('cli-account'), 'correct horse');
  server = await startHomeserver({ intervalS: 1 });
  server.autoApprove('alice');
  await machine.startAgent();
});

afterAll(async () => {
  await machine.remove();
  await server.close();
});

/** Each test has the accounts `alice` and `work`, both of the same user. */
beforeEach(async () => {
  const there = await machine.accounts();
  const missing = ['alice', 'work'].filter((label) => !there.includes(`${label} active`));
  await Promise.all(missing.map((label) => machine.run('login', server.baseUrl, '--label', label)));
});

async function token(account: string): Promise<string> {
  return (await machine.run('token', account)).out.trimEnd();
}

test('keyfob token prints a working token and nothing else', async () => {
  const { code, out, err } = await machine.run('token', 'alice');
  const accepted = await isAccepted(server, out.trimEnd());
  expect({ code, lines: out.split('\n').length, err, accepted }).toEqual({
    code: 0,
    lines: 2,
    err: '',
    accepted: 'accepted',
  });
});

test('keyfob refresh ends the token in use until then', async () => {
  const before = await token('alice');
  const { code, out, err } = await machine.run('refresh', 'alice');
  const uses = [await isAccepted(server, before), await isAccepted(server, await token('alice'))];
  expect([code, out, err, uses]).toEqual([
    0,
    'alice: Valid for 4 min 59 s\n',
    '',
    ['refused', 'accepted'],
  ]);
});

test('keyfob status shows accounts and their state', async () => {
  const text = expect.any(String) as unknown;
  expect(await machine.json('status')).toEqual({
    version,
    api: 1,
    pid: expect.any(Number) as unknown,
    started_at: text,
    protection: 'passphrase',
    warnings: [],
    accounts: 2,
    logins: 0,
    socket: machine.socket,
  });
});

test('keyfob check contacts the homeserver', async () => {
  const { user_id, device_grant, account } = await machine.json('check', 'alice');
  expect([user_id, device_grant, account]).toEqual([
    '@alice:example.org',
    true,
    expect.objectContaining({ label: 'alice', homeserver_url: server.baseUrl }),
  ]);
});

test('keyfob doctor reports nothing on a healthy system', async () => {
  const { code, out, err } = await machine.run('doctor');
  const marks = out.split('\n').map((line) => line.split(' ', 1)[0]);
  expect([code, err, marks.filter((mark) => mark === 'warning' || mark === 'PROBLEM')]).toEqual([
    0,
    '',
    [],
  ]);
});

test('keyfob login refuses the label of another account', async () => {
  const ended = await machine.run('login', server.baseUrl, '--label', 'work');
  expect([endOf(ended), await machine.accounts()]).toEqual([
    '2 label-taken',
    ['alice active', 'work active'],
  ]);
});

test('keyfob token exits with 5 unless the account is unambiguous', async () => {
  const ends = [[], ['@alice:example.org'], ['alcie']].map((words) =>
    machine.run('token', ...words),
  );
  const told = await Promise.all(ends);
  expect(told.map((ended) => [endOf(ended), ended.out])).toEqual([
    ['5 account-ambiguous', ''],
    ['5 account-ambiguous', ''],
    ['5 account-unknown', ''],
  ]);
});

test('keyfob token exits with 2 for an invalid duration', async () => {
  const ended = await machine.run('token', 'alice', '--min-valid', 'soon');
  expect([endOf(ended), ended.out]).toEqual(['2', '']);
});

test('keyfob refresh exits with 7 while the server is down, and the current token keeps working', async () => {
  server.faults.always('refresh', { respond: { status: 503, body: '' } });
  const ended = await machine.run('refresh', 'alice');
  const handed = await isAccepted(server, await token('alice'));
  server.faults.clear();
  await eventually(async () => (await machine.run('refresh', 'alice')).code === 0);
  expect([endOf(ended), handed]).toEqual(['7 server-unavailable', 'accepted']);
});

test('keyfob check exits with 6 for a locked account until it is unlocked', async () => {
  server.lockUser('alice', true);
  const locked = await machine.run('check', 'alice');
  const refused = await machine.run('token', 'alice');
  server.lockUser('alice', false);
  const unlocked = await machine.run('check', 'alice');
  expect([locked, refused, unlocked].map(endOf)).toEqual([
    '6 account-locked',
    '6 account-locked',
    '0',
  ]);
});

test('keyfob logout verifies that the server ended the session', async () => {
  const before = await token('work');
  const { code, out, err } = await machine.run('logout', 'work');
  const after = [await machine.accounts(), await isAccepted(server, before)];
  const again = await machine.run('logout', 'work');
  expect({ code, out, err, after, again: endOf(again) }).toEqual({
    code: 0,
    out: 'work (@alice:example.org): Signed out. Verified: the server rejects the old token.\n',
    err: '',
    after: [['alice active'], 'refused'],
    again: '5 account-unknown',
  });
});

test('keyfob exits with 4 for a session that the server ended, and a new sign-in replaces it', async () => {
  server.endSessions('alice');
  const ends = [await machine.run('refresh', 'alice'), await machine.run('token', 'alice')];
  const signedOut = await machine.accounts();
  const again = await machine.run('login', server.baseUrl, '--label', 'alice');
  expect({
    ends: ends.map(endOf),
    signedOut,
    again: endOf(again),
    accounts: await machine.accounts(),
  }).toEqual({
    ends: ['4 session-ended', '4 signed-out'],
    signedOut: ['alice signed-out', 'work active'],
    again: '0',
    accounts: ['alice active', 'work active'],
  });
});
