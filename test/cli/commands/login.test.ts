import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../../../main/cli/main.ts';
import type { Terminal } from '../../../main/cli/io.ts';
import { agentOnSocket } from '../../agent/agent-on-socket.ts';
import { doneState, NOW, waitingState } from '../../fixtures/fake-engine.ts';
import { AT_A_TERMINAL, FakeIo } from '../fake-io.ts';

const COMMON = { homeserver: 'https://matrix.example.org', issuer: 'https://auth.example.org/' };
const LINK = 'https://auth.example.org/link?code=7XK0QB';
const EXPIRED = { code: 'login-expired', message: 'The code has expired.', hint: 'Again.' };
const CONFIRMING = {
  step: 'confirming',
  homeserver: COMMON.homeserver,
  expected: '@alice:example.org',
  actual: '@bob:example.org',
} as const;

/** Starts `keyfob login`, and gives what the test needs to play server and person. */
async function started(words: readonly string[], terminal: Partial<Terminal> = {}) {
  const agent = await agentOnSocket();
  const io = new FakeIo(terminal);
  io.env.KEYFOB_SOCKET = agent.socket;
  const exitCode = main(['login', ...words], io);
  await Promise.race([exitCode, eventually(() => agent.engine.logins.length === 1)]);
  const shows = (text: string) => eventually(() => io.stderr.includes(text));
  return { ...agent, io, exitCode, shows };
}

async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

function waiting(changes: Parameters<typeof waitingState>[0] = {}) {
  return waitingState({ verificationUriComplete: LINK, ...changes });
}

test('keyfob login --json prints one object per step, and exactly those', async () => {
  const { engine, io, exitCode } = await started(['example.org', '--json', '--label', 'work']);
  engine.moveLogin('login-1', { step: 'registering', ...COMMON });
  engine.moveLogin('login-1', waiting());
  const poll = { state: 'waiting', polls: 1, nextAt: NOW + 10_000 } as const;
  engine.moveLogin('login-1', waiting({ poll }));
  engine.moveLogin('login-1', { step: 'verifying', ...COMMON, notice: null });
  engine.moveLogin('login-1', doneState('work'));
  expect([await exitCode, io.stderr, engine.calls, linesOf(io.stdout)]).toEqual([
    0,
    '',
    [['startLogin', { server: 'example.org', label: 'work', client: null }]],
    [
      { step: 'discovered', ...COMMON },
      { step: 'registered', client_id: '01CLIENT' },
      {
        step: 'code',
        user_code: '7XK0QB',
        verification_uri: 'https://auth.example.org/link',
        verification_uri_complete: LINK,
        expires_at: '2026-03-04T14:20:48.000Z',
        interval_s: 5,
      },
      { step: 'waiting', state: 'waiting' },
      {
        step: 'signed_in',
        label: 'work',
        user_id: '@work:example.org',
        device_id: 'KEYFOBDEV1',
        homeserver: 'https://matrix.example.org',
      },
    ],
  ]);
});

test('keyfob login --json reports bad input as a failed step, and exits with its code', async () => {
  const agent = await agentOnSocket();
  agent.engine.failure = { code: 'not-a-server', why: 'room' };
  const io = new FakeIo();
  io.env.KEYFOB_SOCKET = agent.socket;
  const exitCode = await main(['login', '#room:example.org', '--json'], io);
  expect([exitCode, linesOf(io.stdout)]).toEqual([
    2,
    [
      {
        step: 'failed',
        error: {
          code: 'not-a-server',
          message: 'That is a room, not a server.',
          hint: expect.any(String) as unknown,
          retry_after_s: null,
        },
      },
    ],
  ]);
});

test('keyfob login off a terminal writes plain lines, and the label to stdout', async () => {
  const { engine, io, exitCode, shows } = await started(['example.org']);
  engine.moveLogin('login-1', waiting({ verificationUriComplete: null }));
  const poll = { state: 'unreachable', polls: 1, nextAt: NOW + 10_000 } as const;
  engine.moveLogin('login-1', waiting({ poll, verificationUriComplete: null }));
  await shows("Can't reach");
  engine.moveLogin('login-1', { step: 'verifying', ...COMMON, notice: null });
  engine.moveLogin('login-1', doneState('alice'));
  expect([await exitCode, io.stdout, io.stderr.split('\n'), io.opened]).toEqual([
    0,
    'alice\n',
    [
      'Homeserver: https://matrix.example.org',
      'Signing in at: https://auth.example.org/',
      'Code: 7XK0QB',
      'Link: https://auth.example.org/link',
      'Open the link on auth.example.org, enter the code and approve. Check that the page shows this code. Approve only a sign-in you started yourself.',
      expect.stringMatching(/^The code expires at \d\d:20\.$/) as unknown,
      'Waiting for your approval.',
      "Can't reach the server; the code is still valid.",
      'Approved.',
      'Signed in as @alice:example.org (label alice, device KEYFOBDEV1).',
      '',
    ],
    [],
  ]);
});

test('keyfob login opens the link when Enter is pressed, and not before', async () => {
  const { engine, io, exitCode, shows } = await started(['example.org'], AT_A_TERMINAL);
  engine.moveLogin('login-1', waiting());
  await shows('Enter opens the link');
  const before = [...io.opened];
  io.press('\r');
  engine.moveLogin('login-1', doneState('alice'));
  expect([await exitCode, before, io.opened, io.stdout, io.isHeld]).toEqual([
    0,
    [],
    [LINK],
    '',
    false,
  ]);
});

test.each([
  ['with --no-open', ['example.org', '--no-open'], {}, {}],
  ['when stdout is not a terminal', ['example.org'], { stdoutIsTerminal: false }, {}],
  ['that is not https', ['example.org'], {}, { verificationUriComplete: 'http://x.example/' }],
  ['of another kind', ['example.org'], {}, { verificationUriComplete: 'file:///etc/passwd' }],
] as const)('keyfob login opens no link %s', async (_name, words, terminal, changes) => {
  const all = { ...AT_A_TERMINAL, ...terminal };
  const { engine, io, exitCode, shows } = await started(words, all);
  engine.moveLogin('login-1', waiting(changes));
  await shows('Ctrl-C cancels');
  io.press('\r');
  engine.moveLogin('login-1', doneState('alice'));
  await exitCode;
  expect([io.opened, io.stderr.includes('Enter opens')]).toEqual([[], false]);
});

test('keyfob login requests a new code on Enter after one expired', async () => {
  const { engine, io, exitCode, shows } = await started(['example.org'], AT_A_TERMINAL);
  engine.moveLogin('login-1', waiting());
  engine.moveLogin('login-1', { step: 'failed', failure: EXPIRED });
  await shows('Press Enter for a new code');
  io.press('\r');
  await eventually(() => engine.logins.length === 2);
  engine.moveLogin('login-2', waiting({ userCode: 'SECOND' }));
  engine.moveLogin('login-2', doneState('alice'));
  expect([await exitCode, io.stderr.includes('SECOND'), engine.calls.slice(1)]).toEqual([
    0,
    true,
    [['retryLogin', 'login-1']],
  ]);
});

test('keyfob login exits with 124 when the code expired and another key is pressed', async () => {
  const { engine, io, exitCode, shows } = await started(['example.org'], AT_A_TERMINAL);
  engine.moveLogin('login-1', waiting());
  engine.moveLogin('login-1', { step: 'failed', failure: EXPIRED });
  await shows('Press Enter for a new code');
  io.press('x');
  expect([await exitCode, io.isHeld, io.stderr.includes('[login-expired]')]).toEqual([
    124,
    false,
    true,
  ]);
});

test.each([
  ['y', true],
  ['n', false],
  ['\r', false],
])(
  'keyfob login asks whether to keep the session of another user; %j means %s',
  async (key, keep) => {
    const { engine, io, exitCode, shows } = await started(['@alice:example.org'], AT_A_TERMINAL);
    engine.moveLogin('login-1', CONFIRMING);
    await shows('Keep this session? [y/N]');
    io.press(key);
    await eventually(() => engine.calls.length === 2);
    engine.moveLogin('login-1', doneState('bob'));
    await exitCode;
    expect([engine.calls[1], io.stderr.includes('but @bob:example.org signed in')]).toEqual([
      ['answerLogin', 'login-1', keep],
      true,
    ]);
  },
);

test('keyfob login off a terminal does not keep the session of another user', async () => {
  const { engine, exitCode } = await started(['@alice:example.org']);
  engine.moveLogin('login-1', CONFIRMING);
  await eventually(() => engine.calls.length === 2);
  const failure = { code: 'other-user', message: 'Another user.', hint: 'Again.' };
  engine.moveLogin('login-1', { step: 'failed', failure });
  expect([await exitCode, engine.calls[1]]).toEqual([6, ['answerLogin', 'login-1', false]]);
});

test.each([
  ['Ctrl-C', AT_A_TERMINAL, (io: FakeIo) => io.press('\u0003')],
  ['a signal', {}, (io: FakeIo) => io.stop()],
])(
  'keyfob login ends with 130 after %s, and nothing is signed in',
  async (_name, terminal, end) => {
    const { engine, io, exitCode, shows } = await started(['example.org'], terminal);
    engine.moveLogin('login-1', waiting());
    await shows('7XK0QB');
    end(io);
    expect([await exitCode, engine.calls[1], io.isHeld, io.stderr.split('\n').at(-2)]).toEqual([
      130,
      ['cancelLogin', 'login-1'],
      false,
      expect.stringContaining('Cancelled.') as unknown,
    ]);
  },
);

test('keyfob login reports when the agent goes away', async () => {
  const { engine, server, io, exitCode, shows } = await started(['example.org']);
  engine.moveLogin('login-1', waiting());
  await shows('7XK0QB');
  server.closeAllConnections();
  expect([await exitCode, io.stderr.includes('[agent-not-running]')]).toEqual([3, true]);
});

test('keyfob login sends the client metadata in a file', async () => {
  const seen = await agentOnSocket();
  const file = join(seen.folder, 'client.json');
  await writeFile(file, '{"client_name":"My bot"}');
  const { engine, exitCode, io } = await started(['example.org', '--client', file]);
  io.stop();
  expect([await exitCode, engine.calls[0]]).toEqual([
    130,
    ['startLogin', { server: 'example.org', label: null, client: { client_name: 'My bot' } }],
  ]);
});

test.each([
  ['[]', 'it is not a JSON object'],
  ['{', 'it is not valid JSON'],
  [null, 'it cannot be read'],
])('keyfob login rejects client metadata like %j', async (content, why) => {
  const seen = await agentOnSocket();
  const file = join(seen.folder, 'client.json');
  if (content !== null) await writeFile(file, content);
  const { engine, exitCode, io } = await started(['example.org', '--client', file]);
  expect([await exitCode, io.stderr.includes(why), engine.calls]).toEqual([2, true, []]);
});

function linesOf(stdout: string): unknown[] {
  const lines = stdout.trimEnd().split('\n');
  return lines.map((line): unknown => JSON.parse(line));
}
