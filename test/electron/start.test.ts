import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const script = 'main/electron/start.js';
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'keyfob-start-'));
  write('package.json', '{ "type": "module" }');
  mkdirSync(join(root, dirname(script)), { recursive: true });
  copyFileSync(join(import.meta.dirname, '../..', script), join(root, script));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text, { mode: 0o755 });
}

/** A fake Electron package: it returns the runtime's path, or throws. */
function electronPackage(index: string): void {
  write('node_modules/electron/package.json', '{ "name": "electron", "type": "commonjs" }');
  write('node_modules/electron/index.js', index);
}

function start(...args: readonly string[]) {
  const env = { PATH: '/usr/bin:/bin' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

test('npm start says that the app is not built', () => {
  expect(start()).toEqual({
    status: 1,
    stdout: '',
    stderr: "The app isn't built yet. Run npm run build first.\n",
  });
});

test('npm start says that it downloads the runtime, and what to do if that fails', () => {
  write('out/main/main.js', '');
  electronPackage('console.error("a page of stack"); throw new Error("no");');
  const { status, stdout, stderr } = start();
  expect([status, stdout, stderr.trim().split('\n')]).toEqual([
    1,
    '',
    [
      'Downloading the Electron runtime, about 100 MB. This happens only once.',
      expect.stringMatching(/^The Electron runtime is missing .*npm run preview.*keyfob agent/),
    ],
  ]);
});

test('npm start runs the app, passes arguments on and exits with its code', () => {
  write('out/main/main.js', '');
  write('runtime', '#!/bin/sh\necho "$@"\nexit 3\n');
  electronPackage(`module.exports = ${JSON.stringify(join(root, 'runtime'))};`);
  write('node_modules/electron/path.txt', 'electron');
  expect(start('--hidden')).toEqual({ status: 3, stdout: `${root} --hidden\n`, stderr: '' });
});
