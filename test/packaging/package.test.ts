import { build, Platform } from 'electron-builder';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'keyfob-package-'));
const unpacked = join(work, 'out/linux-unpacked');

/** Where Electron's binary keeps its fuses; after it come a version, a length, and one character per fuse. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = [
  'runAsNode',
  'cookieEncryption',
  'nodeOptions',
  'nodeCliInspect',
  'asarIntegrity',
  'onlyLoadAppFromAsar',
  'browserV8Snapshot',
  'grantFileProtocolExtraPrivileges',
];

/** Packs the app as `npm run dist` does, around a made-up runtime that has nothing but the fuses. */
beforeAll(async () => {
  const runtime = join(work, 'runtime');
  mkdirSync(join(runtime, 'resources'), { recursive: true });
  mkdirSync(join(runtime, 'locales'));
  const wire = Buffer.from([1, FUSES.length]);
  const fuses = Buffer.from('1'.repeat(FUSES.length));
  const binary = Buffer.concat([Buffer.from(`made up ${FUSE_SENTINEL}`), wire, fuses]);
  writeFileSync(join(runtime, 'electron'), binary, { mode: 0o755 });
  writeFileSync(join(runtime, 'LICENSE'), '');
  await build({
    targets: Platform.LINUX.createTarget('dir'),
    projectDir: root,
    publish: 'never',
    config: {
      extends: join(root, 'electron-builder.yml'),
      directories: { output: join(work, 'out'), buildResources: 'build/icons' },
      electronDist: runtime,
    },
  });
}, 60_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

test('app.asar holds the three bundles, the tray icons and package.json, and nothing else', () => {
  const states = ['attention', 'empty', 'fresh', 'offline', 'waiting'];
  const icons = states.flatMap((state) =>
    ['.ico', '.png', '@2x.png', 'Template.png', 'Template@2x.png'].map((end) => state + end),
  );
  expect(filesIn(join(unpacked, 'resources/app.asar'))).toEqual(
    [
      ...[...icons, 'window.png'].map((name) => `out/main/icons/${name}`),
      'out/main/main.js',
      'out/preload/preload.cjs',
      'out/renderer/assets/*.css',
      'out/renderer/assets/*.js',
      'out/renderer/index.html',
      'package.json',
    ].sort(),
  );
});

test('the packaged package.json names no dependency and no script', () => {
  const { main, name, type, ...rest } = JSON.parse(
    fileIn(join(unpacked, 'resources/app.asar'), 'package.json'),
  ) as Record<string, unknown>; // a package.json is an object
  expect([name, type, main]).toEqual(['keyfob', 'module', 'out/main/main.js']);
  expect(Object.keys(rest)).not.toContain('scripts');
  expect(Object.keys(rest)).not.toContain('devDependencies');
});

test('the fuses are blown: no Node mode, no options from outside, only app.asar, whole', () => {
  const binary = readFileSync(join(unpacked, 'keyfob'));
  const at = binary.indexOf(FUSE_SENTINEL) + FUSE_SENTINEL.length + 2;
  const wire = binary.subarray(at, at + FUSES.length).toString();
  const states = FUSES.map((name, index) => [name, wire[index] === '1']);
  expect(Object.fromEntries(states)).toEqual({
    runAsNode: false,
    cookieEncryption: true,
    nodeOptions: false,
    nodeCliInspect: false,
    asarIntegrity: true,
    onlyLoadAppFromAsar: true,
    browserV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  });
});

test('the main bundle needs nothing but Node itself and Electron', () => {
  const bundle = readFileSync(join(root, 'out/main/main.js'), 'utf8');
  const names = Array.from(
    bundle.matchAll(/^(?:import|export) .*?from ["']([^"']+)["']/gm),
    (m) => m[1],
  );
  const foreign = names.filter((name) => name !== 'electron' && name?.startsWith('node:') !== true);
  expect(foreign).toEqual([]);
});

test('the hardened runtime gives up nothing but what V8 needs', () => {
  const files = ['build/entitlements.mac.plist', 'build/entitlements.mac.inherit.plist'];
  const keys = files.map((file) =>
    Array.from(readFileSync(join(root, file), 'utf8').matchAll(/<key>(.*?)<\/key>/g), (m) => m[1]),
  );
  expect(keys).toEqual([['com.apple.security.cs.allow-jit'], ['com.apple.security.cs.allow-jit']]);
});

type Entry = Readonly<{ files?: Readonly<Record<string, Entry>>; offset?: string; size?: number }>;

/** An asar begins with the length of its header, as a pickle, and the header, as JSON. */
function readAsar(path: string): Readonly<{ header: Entry; body: Buffer }> {
  const bytes = readFileSync(path);
  const length = bytes.readUInt32LE(12);
  const header = JSON.parse(bytes.subarray(16, 16 + length).toString()) as Entry; // the format's own
  return { header, body: bytes.subarray(8 + bytes.readUInt32LE(4)) };
}

function filesIn(asar: string): string[] {
  const walk = ({ files = {} }: Entry, folder: string): string[] =>
    Object.entries(files).flatMap(([name, entry]) =>
      entry.files === undefined ? [folder + name] : walk(entry, `${folder}${name}/`),
    );
  return walk(readAsar(asar).header, '')
    .map((name) => name.replace(/(assets\/).*-.{8}(\.\w+)$/, '$1*$2'))
    .sort();
}

function fileIn(asar: string, name: string): string {
  const { header, body } = readAsar(asar);
  const { offset = '0', size = 0 } = header.files?.[name] ?? {};
  return body.subarray(Number(offset), Number(offset) + size).toString();
}
