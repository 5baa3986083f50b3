import { expect, test } from 'vitest';
import type { LineOf } from '../../../main/cli/login/login-line.ts';
import { LoginScreen } from '../../../main/cli/login/login-screen.ts';
import { NOW } from '../../fixtures/fake-engine.ts';
import { AT_A_TERMINAL, FakeIo } from '../fake-io.ts';

const CODE: LineOf<'code'> = {
  step: 'code',
  user_code: '7XK0QB',
  verification_uri: 'https://auth.example.org/link',
  verification_uri_complete: 'https://auth.example.org/link?code=7XK0QB',
  expires_at: new Date(NOW + 1_200_000).toISOString(),
  interval_s: 5,
};

const WAITING: LineOf<'waiting'> = {
  step: 'waiting',
  state: 'waiting',
  next_poll_at: new Date(NOW + 5_000).toISOString(),
};

const SIGNED_IN: LineOf<'signed_in'> = {
  step: 'signed_in',
  label: 'alice',
  user_id: '@alice:example.org',
  device_id: 'KEYFOBDEV1',
  homeserver: 'https://matrix.example.org',
  notices: [{ code: 'other-device', message: 'The device is another one.', hint: 'Look.' }],
};

/** What the terminal shows while a login waits. */
function screenOf(columns: number, rows: number, code = CODE, env: Record<string, string> = {}) {
  const io = new FakeIo({ ...AT_A_TERMINAL, size: () => ({ columns, rows }) });
  Object.assign(io.env, { NO_COLOR: '' }, env);
  const request = { server: 'example.org', mayOpen: true };
  const screen = new LoginScreen(io, request, () => undefined);
  screen.show({
    step: 'discovered',
    homeserver: 'https://matrix.example.org',
    issuer: 'https://auth.example.org/',
  });
  screen.show({ step: 'registered', client_id: '01J8ZQ6N3V' });
  screen.show(code);
  screen.show(WAITING);
  return { io, screen };
}

/** The time of day depends on where the test runs. */
function timeless(text: string): string {
  return text.replaceAll(/until \d\d:\d\d/g, 'until 14:20');
}

test.each([
  [100, 50],
  [80, 24],
  [60, 50],
  [30, 20],
])('LoginScreen fits a terminal of %i by %i', (columns, rows) => {
  const { io } = screenOf(columns, rows);
  expect(timeless(io.screen)).toMatchSnapshot();
});

test('LoginScreen draws a long code beside a QR code where it fits', () => {
  const { io } = screenOf(130, 50, { ...CODE, user_code: 'BCDFG-HJKLM' });
  expect(timeless(io.screen)).toMatchSnapshot();
});

test('LoginScreen asks to type the code where the link does not hold it', () => {
  const { io } = screenOf(80, 24, { ...CODE, verification_uri_complete: null });
  expect(timeless(io.screen)).toMatchSnapshot();
});

test('LoginScreen uses only ASCII in a locale without UTF-8', () => {
  const { io } = screenOf(80, 50, CODE, { LANG: 'C' });
  expect(/^[\u0000-\u007f]*$/.test(io.stderr)).toBe(true);
});

test('LoginScreen uses colours only where they are wanted', () => {
  const plain = screenOf(80, 50, CODE, { NO_COLOR: '1' }).io.stderr;
  const painted = screenOf(80, 50).io.stderr;
  const dumb = screenOf(80, 50, CODE, { TERM: 'dumb' }).io.stderr;
  const paints = (text: string) => /\u001b\[[\d;]+m/.test(text);
  expect([plain, painted, dumb].map(paints)).toEqual([false, true, false]);
});

test.each([
  ['NO_COLOR', { NO_COLOR: '1' }],
  ['TERM=dumb', { TERM: 'dumb' }],
])('LoginScreen with %s writes no control sequence, and nothing counts down', (_name, env) => {
  const { io, screen } = screenOf(80, 24, CODE, env);
  const before = io.stderr;
  io.tick();
  screen.show(WAITING);
  const ticked = io.stderr.slice(before.length);
  screen.show({ ...WAITING, state: 'unreachable' });
  const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(io.stderr);
  const lines = io.stderr.split('\n').map((line) => line.replace(/^ *(?:…|\.) /, ''));
  expect({ control, ticked, last: lines.slice(-3) }).toEqual({
    control: false,
    ticked: '',
    last: ['Waiting for your approval', "Can't reach the server; the code is still valid", ''],
  });
});

test('LoginScreen keeps the code alone on a line, easy to select', () => {
  const { io } = screenOf(100, 50);
  expect(io.screen.split('\n').filter((line) => line.trim() === '7XK0QB')).toEqual(['    7XK0QB']);
});

test('LoginScreen redraws only its last line, the countdown', () => {
  const { io } = screenOf(80, 24);
  const before = io.screen.split('\n');
  io.tick();
  const after = io.screen.split('\n');
  expect([before.at(-1), after.at(-1), after.slice(0, -1)]).toEqual([
    '  … 20 min 0 s left. Waiting for your approval; next check in 5 s',
    '  … 19 min 59 s left. Waiting for your approval; next check in 4 s',
    before.slice(0, -1),
  ]);
});

test('LoginScreen shows the QR code on a key press where it did not fit', () => {
  const { io } = screenOf(80, 24);
  const before = io.screen.split('\n').length;
  io.press('q');
  const after = io.screen.split('\n');
  expect([after.length - before, after.at(-1)]).toEqual([
    19,
    '  … 20 min 0 s left. Waiting for your approval; next check in 5 s',
  ]);
});

test('LoginScreen ends with the user, the notices and the next command', () => {
  const { io, screen } = screenOf(80, 24);
  screen.show({ step: 'verifying', notice: null });
  screen.show(SIGNED_IN);
  screen.close();
  expect([io.screen.split('\n').slice(-7), io.isHeld]).toEqual([
    [
      '',
      '  ✓ Approved',
      '  ✓ Signed in as @alice:example.org (label alice, device KEYFOBDEV1)',
      '  The device is another one. Look.',
      '',
      '  Get a token with: keyfob token alice',
      '',
    ],
    false,
  ]);
});

test('LoginScreen removes control sequences sent by a server', () => {
  const user_code = '\u001b[2J12\u202e34';
  const { io } = screenOf(80, 24, { ...CODE, user_code });
  expect([io.stderr.includes('\u001b[2J'), io.stderr.includes('\u202e')]).toEqual([false, false]);
});
