import { expect, test } from 'vitest';
import { agentOnSocket, call, linesOf, open } from './agent-on-socket.ts';
import { accountOf, doneState, NOW, waitingState } from '../fixtures/fake-engine.ts';

async function collected(lines: AsyncGenerator<unknown, void>): Promise<unknown[]> {
  const all = [];
  for await (const line of lines) all.push(line);
  return all;
}

async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const LOGIN = { body: JSON.stringify({ server: 'example.org', label: 'work' }) };

test('POST /v1/login streams every step of a login, in order', async () => {
  const { socket, engine } = await agentOnSocket();
  const lines = collected(linesOf(await open(socket, 'POST', '/v1/login', LOGIN)));
  const common = { homeserver: 'https://matrix.example.org', issuer: 'https://auth.example.org/' };
  engine.moveLogin('login-1', { step: 'registering', ...common });
  engine.moveLogin('login-1', { step: 'requesting-code', ...common, clientId: '01CLIENT' });
  engine.moveLogin('login-1', waitingState());
  const poll = { state: 'slowed-down', polls: 1, nextAt: NOW + 15_000 } as const;
  engine.moveLogin('login-1', waitingState({ poll }));
  engine.changed();
  engine.moveLogin('login-1', { step: 'verifying', ...common, notice: null });
  engine.moveLogin('login-1', doneState('work'));
  expect([await lines, engine.calls]).toEqual([
    [
      { step: 'started', login: 'login-1' },
      { step: 'discovered', ...common },
      { step: 'registered', client_id: '01CLIENT' },
      {
        step: 'code',
        user_code: '7XK0QB',
        verification_uri: 'https://auth.example.org/link',
        verification_uri_complete: null,
        expires_at: '2026-03-04T14:20:48.000Z',
        expires_in_s: 1200,
        interval_s: 5,
      },
      { step: 'waiting', state: 'waiting', next_poll_at: '2026-03-04T14:00:53.000Z' },
      { step: 'waiting', state: 'slowed-down', next_poll_at: '2026-03-04T14:01:03.000Z' },
      { step: 'verifying', notice: null },
      {
        step: 'signed_in',
        label: 'work',
        user_id: '@work:example.org',
        device_id: 'KEYFOBDEV1',
        homeserver: 'https://matrix.example.org',
        notices: [],
      },
    ],
    [['startLogin', { server: 'example.org', label: 'work', client: null }]],
  ]);
});

test('POST /v1/login cancels the login if the client disconnects before it ends', async () => {
  const { socket, engine } = await agentOnSocket();
  const response = await open(socket, 'POST', '/v1/login', LOGIN);
  response.destroy();
  await eventually(() => engine.calls.length === 2);
  expect([engine.calls[1], engine.listeners]).toEqual([['cancelLogin', 'login-1'], 0]);
});

test('POST /v1/login cancels nothing once the login has ended', async () => {
  const { socket, engine } = await agentOnSocket();
  const lines = collected(linesOf(await open(socket, 'POST', '/v1/login', LOGIN)));
  const failure = { code: 'login-denied', message: 'Denied.', hint: 'Ask.' };
  engine.moveLogin('login-1', { step: 'failed', failure });
  const told = await lines;
  await eventually(() => engine.listeners === 0);
  expect([told, engine.calls.length]).toEqual([
    [
      { step: 'started', login: 'login-1' },
      { step: 'failed', error: { ...failure, retry_after_s: null } },
    ],
    1,
  ]);
});

test('DELETE /v1/logins/{id} cancels the login and ends its stream', async () => {
  const { socket, engine } = await agentOnSocket();
  const lines = collected(linesOf(await open(socket, 'POST', '/v1/login', LOGIN)));
  const { status, body } = await call(socket, 'DELETE', '/v1/logins/login-1');
  expect([status, body, await lines, engine.calls.length]).toMatchObject([
    204,
    '',
    [{ step: 'started' }, { step: 'failed', error: { code: 'login-cancelled' } }],
    2,
  ]);
});

test("POST /v1/logins/{id}/answer forwards the user's answer", async () => {
  const { socket, engine } = await agentOnSocket();
  const lines = linesOf(await open(socket, 'POST', '/v1/login', LOGIN));
  await lines.next();
  engine.moveLogin('login-1', {
    step: 'confirming',
    homeserver: 'https://matrix.example.org',
    expected: '@alice:example.org',
    actual: '@bob:example.org',
  });
  const question = (await lines.next()).value;
  const body = '{"keep":true}';
  const { status } = await call(socket, 'POST', '/v1/logins/login-1/answer', { body });
  expect([question, status, engine.calls[1]]).toEqual([
    {
      step: 'confirm',
      login: 'login-1',
      expected: '@alice:example.org',
      actual: '@bob:example.org',
    },
    204,
    ['answerLogin', 'login-1', true],
  ]);
});

test('POST /v1/logins/{id}/retry streams the new login like the first one', async () => {
  const { socket, engine } = await agentOnSocket();
  await open(socket, 'POST', '/v1/login', LOGIN);
  const lines = linesOf(await open(socket, 'POST', '/v1/logins/login-1/retry'));
  expect([(await lines.next()).value, engine.calls[1]]).toEqual([
    { step: 'started', login: 'login-2' },
    ['retryLogin', 'login-1'],
  ]);
});

test('POST /v1/login refuses invalid input at once, with its status', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.failure = { code: 'label-taken', label: 'work' };
  const { status, body } = await call(socket, 'POST', '/v1/login', LOGIN);
  expect([status, body]).toMatchObject([409, { error: { code: 'label-taken' } }]);
});

test('GET /v1/events streams a snapshot at once, and another after every change', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.accounts = [accountOf('alice')];
  const lines = linesOf(await open(socket, 'GET', '/v1/events'));
  const first = (await lines.next()).value;
  engine.accounts = [];
  await engine.startLogin({ server: 'example.org', label: null, client: null });
  const second = (await lines.next()).value;
  expect([first, second]).toMatchObject([
    {
      revision: 0,
      made_at: '2026-03-04T14:00:48.000Z',
      protection: 'passphrase',
      warnings: [],
      accounts: [{ label: 'alice', expires_in_s: 252 }],
      logins: [],
    },
    {
      revision: 1,
      accounts: [],
      logins: [{ login: 'login-1', typed: 'example.org', label: null, step: 'discovering' }],
    },
  ]);
});

test('GET /v1/events skips snapshots for a slow reader, but never the latest', async () => {
  const { socket, engine } = await agentOnSocket();
  // A snapshot has about 100 kB: a few of them fill every buffer on the way.
  engine.accounts = Array.from({ length: 200 }, (_, n) => accountOf(`account-${n}`));
  const response = await open(socket, 'GET', '/v1/events');
  for (let change = 0; change < 300; change += 1) {
    engine.changed();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const revisions: number[] = [];
  for await (const line of linesOf(response)) {
    const { revision } = line as { revision: number };
    revisions.push(revision);
    if (revision === 300) break;
  }
  expect([revisions.at(-1), revisions.length < 100]).toEqual([300, true]);
});

test('GET /v1/events removes its listener when the client disconnects', async () => {
  const { socket, engine } = await agentOnSocket();
  const response = await open(socket, 'GET', '/v1/events');
  const before = engine.listeners;
  response.destroy();
  await eventually(() => engine.listeners === 0);
  expect(before).toBe(1);
});
