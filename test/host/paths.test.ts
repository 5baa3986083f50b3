import fc from 'fast-check';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { hostPaths } from '../../main/host/paths.ts';

const HOME = '/home/alice';

test('hostPaths() follows XDG on Linux', () => {
  const env = {
    XDG_DATA_HOME: '/d',
    XDG_CONFIG_HOME: '/c',
    XDG_STATE_HOME: '/s',
    XDG_RUNTIME_DIR: '/run/user/1000',
  };
  expect(hostPaths(env, 'linux', HOME, 1000)).toEqual({
    home: '/d/keyfob',
    vault: '/d/keyfob/vault',
    settings: '/c/keyfob/settings.json',
    socket: '/run/user/1000/keyfob/agent.sock',
    log: '/s/keyfob/keyfob.log',
  });
});

test('hostPaths() falls back to the default folders, and ignores relative and empty variables', () => {
  const usual = {
    home: '/home/alice/.local/share/keyfob',
    vault: '/home/alice/.local/share/keyfob/vault',
    settings: '/home/alice/.config/keyfob/settings.json',
    socket: '/home/alice/.local/share/keyfob/run/agent.sock',
    log: '/home/alice/.local/state/keyfob/keyfob.log',
  };
  const ignored = { XDG_DATA_HOME: 'd', XDG_CONFIG_HOME: '', XDG_RUNTIME_DIR: 'run' };
  expect([hostPaths({}, 'linux', HOME, 1000), hostPaths(ignored, 'freebsd', HOME, 1000)]).toEqual([
    usual,
    usual,
  ]);
});

test("hostPaths() does not use another user's runtime folder, which su and sudo may leave in the environment", () => {
  const env = { XDG_RUNTIME_DIR: '/run/user/1000' };
  expect([
    hostPaths(env, 'linux', '/home/admin', 0).socket,
    hostPaths({ XDG_RUNTIME_DIR: '/tmp/mine' }, 'linux', '/home/admin', 0).socket,
  ]).toEqual(['/home/admin/.local/share/keyfob/run/agent.sock', '/tmp/mine/keyfob/agent.sock']);
});

test('hostPaths() uses the Library folder on macOS', () => {
  const home = '/Users/alice/Library/Application Support/Keyfob';
  expect(hostPaths({ XDG_DATA_HOME: '/d' }, 'darwin', '/Users/alice', 501)).toEqual({
    home,
    vault: `${home}/vault`,
    settings: `${home}/settings.json`,
    socket: `${home}/run/agent.sock`,
    log: '/Users/alice/Library/Logs/Keyfob/keyfob.log',
  });
});

test('hostPaths() uses the local profile on Windows, with a pipe instead of a socket', () => {
  const home = 'C:\\Users\\alice\\AppData\\Local\\Keyfob';
  const expected = {
    home,
    vault: `${home}\\vault`,
    settings: `${home}\\settings.json`,
    socket: expect.stringMatching(/^\\\\\.\\pipe\\keyfob-[0-9a-f]{16}$/) as unknown, // vitest's matchers are any
    log: `${home}\\keyfob.log`,
  };
  const env = { LOCALAPPDATA: 'C:\\Users\\alice\\AppData\\Local' };
  expect([
    hostPaths(env, 'win32', 'C:\\Users\\alice', null),
    hostPaths({}, 'win32', 'C:\\Users\\alice', null),
  ]).toEqual([expected, expected]);
});

test('hostPaths() gives each user of a Windows machine their own pipe, always the same', () => {
  const socket = (user: string) => hostPaths({}, 'win32', `C:\\Users\\${user}`, null).socket;
  expect([socket('alice') === socket('ALICE'), socket('alice') === socket('bob')]).toEqual([
    true,
    false,
  ]);
});

test('hostPaths() moves everything into KEYFOB_HOME', () => {
  const env = { KEYFOB_HOME: '/demo', XDG_DATA_HOME: '/d', XDG_RUNTIME_DIR: '/run/user/1000' };
  const expected = {
    home: '/demo',
    vault: '/demo/vault',
    settings: '/demo/settings.json',
    socket: '/demo/run/agent.sock',
    log: '/demo/keyfob.log',
  };
  expect([hostPaths(env, 'linux', HOME, 1000), hostPaths(env, 'darwin', HOME, 501)]).toEqual([
    expected,
    expected,
  ]);
});

test('hostPaths() resolves a relative KEYFOB_HOME against the working directory', () => {
  expect(hostPaths({ KEYFOB_HOME: 'demo' }, 'linux', HOME, 1000).home).toBe(resolve('demo'));
});

test('hostPaths() moves only the socket with KEYFOB_SOCKET', () => {
  const env = { KEYFOB_HOME: '/demo' };
  expect([
    hostPaths({ ...env, KEYFOB_SOCKET: '/tmp/k/s' }, 'linux', HOME, 1000),
    hostPaths({ KEYFOB_SOCKET: '\\\\.\\pipe\\mine' }, 'win32', 'C:\\Users\\alice', null).socket,
  ]).toEqual([{ ...hostPaths(env, 'linux', HOME, 1000), socket: '/tmp/k/s' }, '\\\\.\\pipe\\mine']);
});

test('hostPaths() keeps everything inside KEYFOB_HOME, whatever else the environment says', () => {
  const env = fc.dictionary(
    fc.constantFrom('XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR'),
    fc.string(),
  );
  fc.assert(
    fc.property(env, fc.constantFrom('linux', 'darwin'), (around, platform) => {
      const found = hostPaths({ ...around, KEYFOB_HOME: '/demo' }, platform, HOME, 1000);
      expect(Object.values(found).filter((path) => !path.startsWith('/demo'))).toEqual([]);
    }),
    { numRuns: 10_000 },
  );
});
