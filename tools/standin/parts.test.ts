import { expect, test } from 'vitest';
import { readCommandLine } from './command-line.ts';
import { findChromium } from './find-chromium.ts';
import { centered, difference } from './host/window/bounds.ts';
import { backendFor } from './host/system/keyring.ts';
import { loadError } from './host/window/load-error.ts';
import { withoutStraySeparators } from './host/system/menu-separators.ts';
import { urlFilter } from './host/session/url-filter.ts';
import { checkWebPreferences } from './host/window/web-preferences.ts';
import { hostKind } from '../../test/e2e/host-kind.ts';

test('readCommandLine() parses the arguments that Playwright passes to Electron', () => {
  const args = ['-r', 'loader.js', '--no-sandbox', '--inspect=0', '--remote-debugging-port=0'];
  expect(readCommandLine([...args, '-r', 'agent.cjs', 'app', '--lang=de=at', 'more'])).toEqual({
    app: 'app',
    preloads: ['loader.js', 'agent.cjs'],
    switches: new Map([
      ['no-sandbox', ''],
      ['remote-debugging-port', '0'],
      ['lang', 'de=at'],
    ]),
  });
});

test('findChromium() takes the first one installed, by name, then by position on the PATH', () => {
  const installed = new Set(['/b/google-chrome', '/a/google-chrome', '/b/chromium-browser']);
  const isProgram = (path: string): boolean => installed.has(path);
  expect([
    findChromium({ PATH: '/a:/b' }, isProgram),
    findChromium({ PATH: '/a' }, isProgram),
    findChromium({ PATH: '/c' }, isProgram),
    findChromium({ PATH: '/a', CHROMIUM_PATH: '/b/google-chrome' }, isProgram),
  ]).toEqual(['/b/chromium-browser', '/a/google-chrome', undefined, '/b/google-chrome']);
});

test('findChromium() refuses a CHROMIUM_PATH that is not an executable', () => {
  expect(() => findChromium({ CHROMIUM_PATH: '/nowhere' }, () => false)).toThrow(
    'CHROMIUM_PATH is not an executable: /nowhere',
  );
});

test('hostKind() follows HOST and refuses unknown values', () => {
  expect([hostKind({ HOST: 'electron' }), hostKind({ HOST: 'standin' })]).toEqual([
    'electron',
    'standin',
  ]);
  expect(() => hostKind({ HOST: 'firefox' })).toThrow('HOST is electron or standin, not firefox');
});

test('centered() centers a window in an area that does not start at zero', () => {
  const area = { x: 0, y: 27, width: 1920, height: 1053 };
  const expected = { x: 720, y: 234, width: 480, height: 640 };
  expect(centered(area, { width: 480, height: 640 })).toEqual(expected);
});

test('difference() distinguishes moving from resizing', () => {
  const bounds = { x: 1, y: 2, width: 3, height: 4 };
  expect([
    difference(bounds, bounds),
    difference(bounds, { ...bounds, y: 0 }),
    difference(bounds, { ...bounds, width: 0 }),
  ]).toEqual([
    { moved: false, resized: false },
    { moved: true, resized: false },
    { moved: false, resized: true },
  ]);
});

test('backendFor() chooses as Electron does', () => {
  expect([
    backendFor('basic', 'GNOME'),
    backendFor('gnome-libsecret', undefined),
    backendFor('kwallet6', undefined),
    backendFor(undefined, 'ubuntu:GNOME'),
    backendFor(undefined, 'sway'),
    backendFor(undefined, undefined),
  ]).toEqual([
    'basic_text',
    'gnome_libsecret',
    'kwallet6',
    'gnome_libsecret',
    'basic_text',
    'basic_text',
  ]);
});

test('loadError() has the code and message of Electron', () => {
  const { code, description, error } = loadError('net::ERR_FILE_NOT_FOUND', 'file:///x');
  const expected = "ERR_FILE_NOT_FOUND (-6) loading 'file:///x'";
  expect([code, description, error.message]).toEqual([-6, 'ERR_FILE_NOT_FOUND', expected]);
});

test('withoutStraySeparators() drops those at the ends and all but one in a row', () => {
  const items = '- a - - b - c - -'.split(' ').map((name) => ({
    name,
    type: name === '-' ? 'separator' : 'normal',
  }));
  const kept = withoutStraySeparators(items).map(({ name }) => name);
  expect([kept.join(' '), withoutStraySeparators(items.slice(0, 1))]).toEqual(['a - b - c', []]);
});

test('urlFilter() treats only stars as special', () => {
  const matches = urlFilter(['https://*.example.org/*', 'app://*']);
  expect([
    matches('https://a.example.org/x'),
    matches('https://aXexample.org/x'),
    matches('app://host/'),
    urlFilter(['<all_urls>'])('file:///x'),
  ]).toEqual([true, false, true, true]);
});

test('checkWebPreferences() accepts what is secure', () => {
  expect(() => {
    checkWebPreferences({ sandbox: true, contextIsolation: true, spellcheck: false });
  }).not.toThrow();
});
