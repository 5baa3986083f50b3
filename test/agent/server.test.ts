import type { Server } from 'node:net';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { agentOnSocket, call } from './agent-on-socket.ts';
import { accountOf, NOW, TOKEN } from '../fixtures/fake-engine.ts';

const FRESH_ALICE = {
  id: 'id-alice',
  label: 'alice',
  user_id: '@alice:example.org',
  display_name: null,
  device_id: 'KEYFOBDEV1',
  homeserver_url: 'https://matrix.example.org',
  issuer: 'https://auth.example.org/',
  scopes: ['urn:matrix:client:api:*', 'urn:matrix:client:device:KEYFOBDEV1'],
  added_at: '2026-03-04T13:00:48.000Z',
  policy: 'keep-fresh',
  account_page: 'https://auth.example.org/account/',
  expires_at: '2026-03-04T14:05:00.000Z',
  expires_in_s: 252,
  held_by: [],
  state: {
    kind: 'active',
    text: 'Valid for 4 min 12 s',
    notice: null,
    retry_at: null,
    retry_in_s: null,
  },
};

const ALICES_TOKEN = {
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
};

test('serveAgent() sends its versions in the headers of every response', async () => {
  const { socket } = await agentOnSocket();
  const answers = [
    await call(socket, 'GET', '/v1/status'),
    await call(socket, 'GET', '/nowhere'),
    await call(socket, 'DELETE', '/v1/logins/none'),
  ];
  expect(
    answers.map(({ headers }) => [
      headers['keyfob-api'],
      headers['keyfob-version'],
      headers['cache-control'],
    ]),
  ).toEqual(Array(3).fill(['1', '9.8.7', 'no-store']));
});

test('serveAgent() reports its status', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.accounts = [accountOf('alice')];
  engine.protection = 'none';
  engine.warnings = [{ code: 'not-protected', message: 'Readable.', hint: 'Seal it.' }];
  await engine.startLogin({ server: 'example.org', label: null, client: null });
  expect((await call(socket, 'GET', '/v1/status')).body).toEqual({
    version: '9.8.7',
    api: 1,
    pid: process.pid,
    started_at: '2026-03-04T14:00:48.000Z',
    protection: 'none',
    warnings: [{ code: 'not-protected', message: 'Readable.', hint: 'Seal it.' }],
    accounts: 1,
    logins: 1,
    socket,
  });
});

test('serveAgent() lists accounts, with times, seconds and texts', async () => {
  const { socket, engine } = await agentOnSocket();
  const notice = { code: 'unreachable', message: 'No answer.', hint: 'Wait.' };
  engine.accounts = [
    accountOf('alice'),
    accountOf('bot', {
      userId: null,
      state: {
        kind: 'retrying',
        attempt: 2,
        retryAt: NOW + 20_000,
        expiresAt: NOW - 1_000,
        notice,
      },
    }),
  ];
  expect((await call(socket, 'GET', '/v1/accounts')).body).toEqual({
    accounts: [
      FRESH_ALICE,
      {
        ...FRESH_ALICE,
        id: 'id-bot',
        label: 'bot',
        user_id: null,
        expires_at: '2026-03-04T14:00:47.000Z',
        expires_in_s: 0,
        state: {
          kind: 'retrying',
          text: "Can't reach the server, retrying in 20 s",
          notice,
          retry_at: '2026-03-04T14:01:08.000Z',
          retry_in_s: 20,
        },
      },
    ],
  });
});

test('serveAgent() reports the leases of a token', async () => {
  const { socket, engine } = await agentOnSocket();
  const heldBy = [
    { consumer: 'Postman', untilAt: NOW + 252_000 },
    { consumer: 'curl', untilAt: null },
  ];
  engine.accounts = [
    accountOf('alice', { state: { kind: 'active', expiresAt: NOW + 252_000, heldBy } }),
  ];
  expect((await call(socket, 'GET', '/v1/accounts')).body).toMatchObject({
    accounts: [
      {
        held_by: [
          { for: 'Postman', until: '2026-03-04T14:05:00.000Z', until_in_s: 252 },
          { for: 'curl', until: null, until_in_s: null },
        ],
      },
    ],
  });
});

test('serveAgent() hands out a token as JSON, and tells the engine the consumer', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.accounts = [accountOf('alice')];
  const path = '/v1/accounts/alice/token?min_valid=5m&for=Postman';
  const { status, body } = await call(socket, 'GET', path);
  expect({ status, body, asked: engine.calls }).toEqual({
    status: 200,
    body: ALICES_TOKEN,
    asked: [['tokenFor', 'alice', { minValidMs: 300_000, consumer: 'Postman' }]],
  });
});

test('serveAgent() hands out a token and a newline if the client accepts only text', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.accounts = [accountOf('alice')];
  const headers = { accept: 'text/plain', 'user-agent': 'curl/8.5.0' };
  const seen = await call(socket, 'GET', '/v1/accounts/%40alice%3Aexample.org/token', { headers });
  expect([seen.headers['content-type'], seen.body, engine.calls]).toEqual([
    'text/plain; charset=utf-8',
    `${TOKEN}\n`,
    [['tokenFor', '@alice:example.org', { minValidMs: 60_000, consumer: 'curl' }]],
  ]);
});

test('serveAgent() refreshes, checks and signs out', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.accounts = [accountOf('alice')];
  engine.clockSkewMs = -1_500;
  const bodies = [
    (await call(socket, 'POST', '/v1/accounts/alice/refresh')).body,
    (await call(socket, 'POST', '/v1/accounts/alice/check')).body,
    (await call(socket, 'DELETE', '/v1/accounts/alice')).body,
  ];
  expect(bodies).toEqual([
    { account: FRESH_ALICE },
    {
      account: FRESH_ALICE,
      user_id: '@alice:example.org',
      device_id: 'KEYFOBDEV1',
      scopes: ['urn:matrix:client:api:*', 'urn:matrix:client:device:KEYFOBDEV1'],
      versions: ['v1.11', 'v1.12'],
      device_grant: true,
      clock_skew_s: -1.5,
    },
    {
      label: 'alice',
      user_id: '@alice:example.org',
      proof: 'refused',
      text: 'Signed out. Verified: the server rejects the old token.',
      account_page: 'https://auth.example.org/account/',
    },
  ]);
});

test('serveAgent() returns the access log', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.given = [
    {
      at: NOW,
      label: 'alice',
      userId: '@alice:example.org',
      consumer: 'Postman',
      untilAt: NOW + 252_000,
    },
  ];
  expect((await call(socket, 'GET', '/v1/log')).body).toEqual({
    hand_outs: [
      {
        at: '2026-03-04T14:00:48.000Z',
        account: 'alice',
        user_id: '@alice:example.org',
        for: 'Postman',
        until: '2026-03-04T14:05:00.000Z',
      },
    ],
  });
});

test('serveAgent() reports a failure with its code, its texts and when to retry', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.failure = { code: 'rate-limited', host: 'auth.example.org', retryAfterMs: 4_200 };
  const { status, headers, body } = await call(socket, 'GET', '/v1/accounts/alice/token');
  expect([status, headers['retry-after'], body]).toEqual([
    503,
    '5',
    {
      error: {
        code: 'rate-limited',
        message: expect.stringContaining('auth.example.org') as unknown,
        hint: expect.any(String) as unknown,
        retry_after_s: 5,
      },
    },
  ]);
});

test.each([
  ['account-unknown', 404, { code: 'account-unknown', account: 'bob', labels: ['alice'] }],
  ['account-ambiguous', 409, { code: 'account-ambiguous', account: '@a:b', labels: ['a', 'b'] }],
  ['signed-out', 401, { code: 'signed-out', account: 'alice' }],
  ['account-locked', 403, { code: 'account-locked' }],
  ['vault-locked', 403, { code: 'vault-locked' }],
  ['disk-full', 507, { code: 'disk-full', path: '/vault' }],
  ['timed-out', 504, { code: 'timed-out', afterMs: 1 }],
  ['metadata-invalid', 500, { code: 'metadata-invalid', host: 'a', field: 'b' }],
] as const)('serveAgent() reports %s with status %i', async (code, status, failure) => {
  const { socket, engine } = await agentOnSocket();
  engine.failure = failure;
  const answer = await call(socket, 'GET', '/v1/accounts/alice/token');
  expect([answer.status, answer.body]).toMatchObject([status, { error: { code } }]);
});

test.each([
  ['an unknown path', 'GET', '/v1/nothing', {}, 404],
  ['a path of another version', 'GET', '/v2/status', {}, 404],
  ['a method that the path does not support', 'POST', '/v1/status', {}, 405],
  ['a method of Object', 'GET', '/v1/accounts/alice/constructor', {}, 404],
  ['a percent sign that encodes nothing', 'GET', '/v1/accounts/%zz/token', {}, 400],
  ['a min_valid in words', 'GET', '/v1/accounts/alice/token?min_valid=soon', {}, 400],
  ['a name with a line break', 'GET', '/v1/accounts/alice/token?for=a%0Ab', {}, 400],
  ['a body that is no JSON', 'POST', '/v1/login', { body: '{' }, 400],
  ['a login without a server', 'POST', '/v1/login', { body: '{"label":"x"}' }, 400],
  ['an answer in words', 'POST', '/v1/logins/x/answer', { body: '{"keep":"yes"}' }, 400],
  ['a body of 65 KiB', 'POST', '/v1/login', { body: ' '.repeat(66_000) }, 413],
  ['a body of 400 KiB', 'POST', '/v1/login', { body: ' '.repeat(400_000) }, 413],
  ['a web page', 'GET', '/v1/status', { headers: { origin: 'https://evil.example' } }, 403],
  ['a web page without a name', 'GET', '/v1/status', { headers: { origin: 'null' } }, 403],
] as const)('serveAgent() refuses %s', async (_name, method, path, rest, status) => {
  const { socket, engine } = await agentOnSocket();
  engine.accounts = [accountOf('alice')];
  const answer = await call(socket, method, path, rest);
  expect([answer.status, answer.body, engine.calls]).toEqual([
    status,
    {
      error: {
        code: 'request-invalid',
        message: expect.any(String) as unknown,
        hint: expect.any(String) as unknown,
        retry_after_s: null,
      },
    },
    [],
  ]);
});

test('serveAgent() names the methods that a path supports', async () => {
  const { socket } = await agentOnSocket();
  const { headers } = await call(socket, 'PUT', '/v1/logins/login-1');
  expect(headers.allow).toBe('DELETE');
});

test('serveAgent() ignores the Host header', async () => {
  const { socket } = await agentOnSocket();
  const { status } = await call(socket, 'GET', '/v1/status', { headers: { host: 'evil.example' } });
  expect(status).toBe(200);
});

test('serveAgent() reports a bug without quoting the error', async () => {
  const { socket, engine, bugs } = await agentOnSocket();
  engine.tokenFor = () => Promise.reject(new Error(`quoting ${TOKEN}`));
  const { status, body } = await call(socket, 'GET', '/v1/accounts/alice/token');
  expect([status, body, bugs, JSON.stringify(body).includes('quoting')]).toEqual([
    500,
    {
      error: {
        code: 'internal-error',
        message: expect.any(String) as unknown,
        hint: expect.any(String) as unknown,
        retry_after_s: null,
      },
    },
    ['agent request failed: GET /v1/accounts/*/token'],
    false,
  ]);
});

test('serveAgent() refuses input that is not HTTP, with a code, and disconnects', async () => {
  const { socket } = await agentOnSocket();
  const answer = await raw(socket, 'SSH-2.0-OpenSSH_9.6\r\n\r\n');
  const [head, body = ''] = answer.split('\r\n\r\n');
  expect([head?.split('\r\n').slice(0, 3), JSON.parse(body)]).toMatchObject([
    ['HTTP/1.1 400 Bad Request', 'keyfob-api: 1', 'keyfob-version: 9.8.7'],
    { error: { code: 'request-invalid' } },
  ]);
});

test('serveAgent() disconnects a client that sends nothing, and one that stops in the middle of its headers', async () => {
  const limits = { headMs: 60, requestMs: 60, idleMs: 60, checkMs: 20 };
  const { socket } = await agentOnSocket(limits);
  const answers = await Promise.all([raw(socket, ''), raw(socket, 'GET /v1/status HTTP/1.1\r\n')]);
  expect(answers.map((answer) => answer.slice(0, 12))).toEqual(['HTTP/1.1 408', 'HTTP/1.1 408']);
});

test('serveAgent() responds in time beside a thousand silent clients', async () => {
  const { socket, engine, server } = await agentOnSocket();
  engine.accounts = [accountOf('alice')];
  const silent: Awaited<ReturnType<typeof connected>>[] = [];
  // In portions that fit the listening queue of every system.
  while (silent.length < 1_000) {
    const portion = Array.from({ length: 100 }, () => connected(socket));
    silent.push(...(await Promise.all(portion)));
    while ((await accepted(server)) < silent.length) await new Promise(setImmediate);
  }
  const begun = performance.now();
  const { body } = await call(socket, 'GET', '/v1/accounts/alice/token');
  const tookMs = performance.now() - begun;
  for (const client of silent) client.destroy();
  expect([body, tookMs < 500]).toEqual([ALICES_TOKEN, true]);
});

test('serveAgent() puts a token into no response but the one that hands it out', async () => {
  const { socket, engine } = await agentOnSocket();
  engine.accounts = [accountOf('alice')];
  const everything = await Promise.all(
    ['/v1/status', '/v1/accounts', '/v1/log'].map((path) => call(socket, 'GET', path)),
  );
  expect(JSON.stringify(everything).includes(TOKEN)).toBe(false);
});

function raw(socket: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = connect(socket);
    let answer = '';
    client.on('data', (chunk) => (answer += chunk.toString()));
    client.on('error', reject);
    client.on('close', () => resolve(answer));
    client.write(text);
  });
}

function connected(socket: string): Promise<ReturnType<typeof connect>> {
  return new Promise((resolve, reject) => {
    const client = connect(socket, () => resolve(client));
    client.on('error', reject);
  });
}

function accepted(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
}
