import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { HomeserverOptions, TestHomeserver } from '../../tools/homeserver/homeserver.ts';
import { startHomeserver } from '../../tools/homeserver/homeserver.ts';
import { buildKeyfob } from './bundle.ts';
import { endOf, eventually, Machine } from './processes.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 }); // processes are slow on a busy machine

let machine: Machine;

beforeAll(async () => {
  machine = await Machine.make(await buildKeyfob('cli-login'));
  await machine.startAgent();
});

afterAll(() => machine.remove());

/** A homeserver for one sign-in. */
async function withHomeserver<T>(
  options: HomeserverOptions,
  use: (server: TestHomeserver) => Promise<T>,
): Promise<T> {
  const server = await startHomeserver({ intervalS: 1, ...options });
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}

/** The steps that a command printed, without random values. */
function stepsOf(out: string, { baseUrl }: TestHomeserver): unknown {
  const lines = out.trim().replaceAll(baseUrl, 'SERVER').split('\n');
  return lines.map((line) => JSON.parse(line) as unknown);
}

test('keyfob login --json prints each step on one line and exits with 0', async () => {
  const ended = await withHomeserver({ autoFillUserCode: true }, async (server) => {
    server.autoApprove('alice', { afterPolls: 1 });
    const { code, out, err } = await machine.run('login', server.baseUrl, '--json');
    return { code, err, steps: stepsOf(out, server) };
  });
  const text = expect.any(String) as unknown;
  expect(ended).toEqual({
    code: 0,
    err: '',
    steps: [
      { step: 'discovered', homeserver: 'SERVER', issuer: 'SERVER/' },
      { step: 'registered', client_id: text },
      {
        step: 'code',
        user_code: expect.stringMatching(/^[A-Z0-9]{6}$/) as unknown,
        verification_uri: 'SERVER/link',
        verification_uri_complete: expect.stringMatching(/^SERVER\/link\?code=.{6}$/) as unknown,
        expires_at: expect.stringMatching(/^20.*Z$/) as unknown,
        interval_s: 1,
      },
      { step: 'waiting', state: 'waiting' },
      {
        step: 'signed_in',
        label: 'alice',
        user_id: '@alice:example.org',
        device_id: expect.stringMatching(/^[A-Z0-9]{10,16}$/) as unknown,
        homeserver: 'SERVER',
      },
    ],
  });
});

test('keyfob login --json reports a declined sign-in and exits with 6', async () => {
  const ended = await withHomeserver({}, async (server) => {
    server.autoApprove('alice', { deny: true });
    const result = await machine.run('login', server.baseUrl, '--label', 'other', '--json');
    const last = result.out.trim().split('\n').at(-1) ?? '';
    return [endOf(result), JSON.parse(last) as unknown];
  });
  const error = {
    code: 'login-denied',
    message: 'The sign-in was declined on the web page.',
    hint: "If you didn't decline it, do nothing; otherwise, start again.",
    retry_after_s: null,
  };
  expect(ended).toEqual(['6 login-denied', { step: 'failed', error }]);
});

test('keyfob login without a terminal prints where to approve, and only the label on stdout', async () => {
  const ended = await withHomeserver({}, async (server) => {
    const login = machine.start(['login', server.baseUrl, '--label', 'plain']);
    await login.says(/Code: /);
    const [, userCode = ''] = /Code: (\w+)/.exec(login.err) ?? [];
    const approved = server.approve(userCode, 'bob');
    const { code, out, err } = await login.ended;
    return { approved, code, out, err: err.replaceAll(userCode, 'CODE').split('\n')[2] };
  });
  expect(ended).toEqual({ approved: true, code: 0, out: 'plain\n', err: 'Code: CODE' });
});

test('keyfob login exits with 124 when the code expires', async () => {
  const ended = await withHomeserver({ codeTtlMs: 2_000 }, ({ baseUrl }) =>
    machine.run('login', baseUrl, '--label', 'late'),
  );
  expect(endOf(ended)).toBe('124 login-expired');
});

describe.each<[string, string, HomeserverOptions]>([
  ['without OAuth', '1 oauth-unsupported', { discovery: 'none' }],
  ['whose OAuth knows no codes', '1 device-grant-unsupported', { deviceGrant: false }],
])('at a server %s', (_what, end, options) => {
  test(`keyfob login exits with ${end}`, async () => {
    const ended = await withHomeserver(options, ({ baseUrl }) => machine.run('login', baseUrl));
    expect(endOf(ended)).toBe(end);
  });
});

test.each([
  ['a server that does not exist', ['login', 'nosuch.invalid'], '7 unreachable'],
  ['an e-mail address', ['login', 'alice@example.org'], '2 looks-like-email'],
  ['a room', ['login', '#room:example.org'], '2 not-a-server'],
  ['an address that is not secure', ['login', 'http://example.org'], '2 insecure-address'],
  ['no server', ['login'], '2'],
  ['a verb that is mistyped', ['logn', 'example.org'], '2'],
])('keyfob exits with the right code for %s: %j', async (_what, words, end) => {
  expect(endOf(await machine.run(...words))).toBe(end);
});

test("keyfob login exits with 7 when the server is unreachable or its connection isn't secure", async () => {
  const secure = (server: TestHomeserver) => server.baseUrl.replace('http:', 'https:');
  const [address, insecure] = await withHomeserver({}, async (server) => [
    server.baseUrl,
    await machine.run('login', secure(server)),
  ]);
  const ends = [insecure, await machine.run('login', address)];
  expect(ends.map((ended) => [endOf(ended), ended.err.split(': ')[2]?.split('.')[0]])).toEqual([
    ['7 unreachable', 'no secure connection could be made, or its certificate is not valid'],
    ['7 unreachable', 'the connection was refused'],
  ]);
});

test('keyfob suggests the closest command', async () => {
  const { err } = await machine.run('logn', 'example.org');
  expect(err.split('\n')[0]).toBe('keyfob: unknown command "logn". Did you mean login?');
});

test('Ctrl-C ends keyfob login with 130, and tokens that arrive at that moment are revoked', async () => {
  const seen = await withHomeserver({}, async (server) => {
    server.autoApprove('alice');
    server.faults.next('token', { delayMs: 1_000 });
    const login = machine.start(['login', server.baseUrl, '--label', 'gone']);
    await login.says(/Waiting for you/);
    await eventually(() => server.sessions().length === 1);
    login.signal('SIGINT');
    const { code, out } = await login.ended;
    await eventually(() => server.sessions()[0]?.alive === false);
    return {
      code,
      out,
      revoked: server.count('revocation'),
      kept: (await machine.accounts()).includes('gone active'),
    };
  });
  expect(seen).toEqual({ code: 130, out: '', revoked: 1, kept: false });
});

test('the agent cancels a sign-in whose client was killed', async () => {
  const logins = async () => (await machine.json('status')).logins;
  const counted = await withHomeserver({}, async (server) => {
    const login = machine.start(['login', server.baseUrl, '--label', 'killed']);
    await login.says(/Waiting for you/);
    const before = await logins();
    login.signal('SIGKILL');
    await eventually(async () => (await logins()) === 0);
    return before;
  });
  expect(counted).toBe(1);
});
