import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { noticesPage, packageFolders, readNotice } from '../../build/notices.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'out/THIRD-PARTY-NOTICES.txt'), 'utf8');
const work = mkdtempSync(join(tmpdir(), 'keyfob-notices-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** The packages that have an entry on the page. */
const listed = Array.from(page.matchAll(/^-{80}\n(\S+) \S+ \(\S+\)$/gm), (match) => match[1] ?? '');

test('every package in an unminified bundle has its licence on the page', () => {
  const bundles = ['out/main', 'out/preload', 'out/node', 'out/node/chunks'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => /\.c?js$/.test(name))
      .map((name) => readFileSync(join(root, folder, name), 'utf8')),
  );
  // The bundler marks where most modules came from, but not all, so this list may be incomplete.
  const named = new Set(
    bundles.flatMap((text) =>
      Array.from(
        text.matchAll(/^\s*\/\/.*node_modules\/((?:@[^/]+\/)?[^/\s]+)\//gm),
        (match) => match[1],
      ),
    ),
  );
  expect([...named].filter((name) => !listed.includes(name ?? ''))).toEqual([]);
  expect([...named]).toEqual(expect.arrayContaining(['openid-client', 'oauth4webapi', 'conf']));
});

test('every package that the window imports has its licence on the page', () => {
  const sources = readdirSync(join(root, 'renderer'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(root, 'renderer', name), 'utf8'));
  const imported = sources.flatMap((text) =>
    Array.from(
      text.matchAll(/^import (?!type).*from '((?:@[^/']+\/)?[^./'][^/']*)/gm),
      (m) => m[1],
    ),
  );
  const names = new Set(imported);
  expect([...names].filter((name) => !listed.includes(name ?? ''))).toEqual([]);
  expect([...names].sort()).toEqual(['@preact/signals', 'preact', 'uqr']);
});

test("packageFolders finds the package of a module wherever it is, and that of the bundler's helpers", () => {
  const modules = ['/a/main/x.ts', '/a/node_modules/b/c/d.js', '/a/node_modules/b/e.js'];
  const nested = ['/a/node_modules/b/node_modules/@c/d/e.js', 'C:\\a\\node_modules\\f\\g.js'];
  expect(packageFolders([...modules, ...nested, '\0rolldown/runtime.js'])).toEqual(
    [
      '/a/node_modules/b',
      '/a/node_modules/b/node_modules/@c/d',
      'C:\\a\\node_modules\\f',
      join(root, 'node_modules/rolldown'),
    ].sort(),
  );
});

test('readNotice reads the licence and the notice, and refuses a package without either', () => {
  const folder = join(work, 'one');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'package.json'),
    '{ "name": "one", "version": "1.0.0", "license": "MIT" }',
  );
  expect(() => readNotice(folder)).toThrow('Cannot ship one: it brings no licence text');
  writeFileSync(join(folder, 'LICENCE.md'), 'You may.\n');
  writeFileSync(join(folder, 'NOTICE'), 'By one.\n');
  const notice = readNotice(folder);
  expect(notice).toEqual({
    name: 'one',
    version: '1.0.0',
    licence: 'MIT',
    text: 'You may.\n\nBy one.',
  });
  expect(noticesPage([notice, notice]).match(/one 1\.0\.0/g)).toEqual(['one 1.0.0']);
});
