import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const files = ['main', 'preload', 'renderer'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|js)$/.test(name))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
);

function filesWith(pattern: RegExp): string[] {
  return files.filter((file) => pattern.test(readFileSync(join(root, file), 'utf8'))).sort();
}

test.each([
  ['a request is answered', /ipcMain\.(handle|handleOnce|on)\(/, ['main/electron/window/ipc.ts']],
  ['a browser is opened', /shell\.openExternal/, ['main/electron/run.ts']],
  ['the keychain is used', /safeStorage\./, ['main/electron/unlock/keychain.ts']],
  ['the clipboard is used', /clipboard\.(write|read|clear)/, ['main/electron/system/clipboard.ts']],
  [
    'a permission is decided',
    /setPermission(Request|Check)Handler/,
    ['main/electron/window/session-rules.ts'],
  ],
  [
    'a redirection is refused',
    /on\('will-redirect', \(event\) => event\.preventDefault\(\)\)/,
    ['main/electron/window/session-rules.ts'],
  ],
  [
    'a webview is refused',
    /on\('will-attach-webview', \(event\) => event\.preventDefault\(\)\)/,
    ['main/electron/window/session-rules.ts'],
  ],
  ['a scheme is given rights', /registerSchemesAsPrivileged/, ['main/electron/window/scheme.ts']],
  [
    'windows are made',
    /new BrowserWindow/,
    ['main/electron/unlock/unlock-window.ts', 'main/electron/window/window.ts'],
  ],
])('there is one place where %s', (_what, pattern, places) => {
  const found = filesWith(pattern).filter((file) => !file.startsWith('main/desktop/'));
  expect(found).toEqual(places);
});

test.each([
  ['the blocking calls of safeStorage', /(?:en|de)cryptString\(|isEncryptionAvailable\(/],
  ['synchronous messages', /sendSync|sendToHost|\.returnValue/],
  [
    'the remote module, webviews, or pages that open others',
    /@electron\/remote|webviewTag|allowpopups/,
  ],
  [
    'a weaker page',
    /nodeIntegration: true|contextIsolation: false|sandbox: false|webSecurity: false/,
  ],
  ['pages from files', /loadFile\(|file:\/\//],
  ['text that becomes markup or script', /innerHTML|dangerouslySetInnerHTML|\beval\(|new Function/],
])('nothing of ours uses %s', (_what, pattern) => {
  expect(filesWith(pattern)).toEqual([]);
});

test('every window is created with the same safe preferences', () => {
  const made = ['main/electron/unlock/unlock-window.ts', 'main/electron/window/window.ts'].map(
    (file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return Array.from(text.matchAll(/webPreferences: (.*),$/gm), (match) => match[1]);
    },
  );
  const safe = /SAFE_PREFERENCES = \{(.*?)\} as const/s.exec(
    readFileSync(join(root, 'main/electron/window/window.ts'), 'utf8'),
  )?.[1];
  const preferences = safe?.split(',').map((line) => line.trim());
  expect([made, preferences]).toEqual([
    [['SAFE_PREFERENCES'], ['{ ...SAFE_PREFERENCES, preload: files.preload }']],
    [
      'nodeIntegration: false',
      'contextIsolation: true',
      'sandbox: true',
      'webSecurity: true',
      'spellcheck: false',
      '',
    ],
  ]);
});
