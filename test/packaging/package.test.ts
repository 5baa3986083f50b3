import { build, Platform } from 'electron-builder';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'keyfob-package-'));
const unpacked = join(work, 'out/linux-unpacked');
const resources = join(unpacked, 'resources');
/** The input of the tool that makes a .deb and an .rpm. */
const toldToFpm: string[][] = [];

/** Marks the fuses in Electron's binary; a version, a length, and one character per fuse follow. */
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

/** Packs the app as `npm run dist` does, around a fake runtime that has only the fuses. */
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
    targets: Platform.LINUX.createTarget(['dir', 'deb', 'rpm']),
    projectDir: root,
    publish: 'never',
    // Checked only as configuration: the tool itself would have to be downloaded.
    effectiveOptionComputed: (options) => {
      const [args] = options as [string[]]; // as the packager passes them for these two
      toldToFpm.push(args);
      return Promise.resolve(true);
    },
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

test('the packaged package.json has no dependencies and no scripts', () => {
  const { main, name, type, ...rest } = JSON.parse(
    fileIn(join(unpacked, 'resources/app.asar'), 'package.json'),
  ) as Record<string, unknown>; // a package.json is an object
  expect([name, type, main]).toEqual(['keyfob', 'module', 'out/main/main.js']);
  expect(Object.keys(rest)).not.toContain('scripts');
  expect(Object.keys(rest)).not.toContain('devDependencies');
});

test('the fuses are set: no Node mode, no options from outside, only an intact app.asar', () => {
  const binary = readFileSync(join(unpacked, 'keyfob-desktop'));
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

test('the command line and the licences of all packages are beside app.asar', () => {
  expect([readdirSync(resources).sort(), readdirSync(join(resources, 'cli')).sort()]).toEqual([
    ['LICENSE.txt', 'THIRD-PARTY-NOTICES.txt', 'app.asar', 'apparmor-profile', 'cli'],
    ['check-node.cjs', 'chunks', 'keyfob', 'keyfob.cmd', 'keyfob.js', 'package.json'],
  ]);
});

test('a .deb and an .rpm install the command line on the PATH and the app beside it under its own name', () => {
  const places = toldToFpm.map((args) =>
    args.flatMap((arg) => /=(\/usr\/(?:bin|share\/app).*)/.exec(arg)?.[1] ?? []),
  );
  const names = ['/usr/bin/keyfob', '/usr/share/applications/keyfob-desktop.desktop'];
  expect(places).toEqual([names, names]);
});

test('the packaged command line runs on the Node on the PATH, also through a symlink', () => {
  const link = join(work, 'keyfob');
  symlinkSync(join(resources, 'cli/keyfob'), link);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string; // npm's format
  };
  const ran = [join(resources, 'cli/keyfob'), link].map((command) =>
    runCommand(command, ['--version'], [dirname(process.execPath), '/usr/bin', '/bin']),
  );
  const said = { stdout: `${version}\n`, stderr: '', status: 0 };
  expect(ran).toEqual([said, said]);
});

test('the copy that a package puts on the PATH runs the command line in /opt', () => {
  const folder = join(work, 'bin');
  mkdirSync(folder);
  copyFileSync(join(root, 'build/cli/keyfob'), join(folder, 'keyfob'));
  writeFileSync(join(folder, 'node'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
  const { stdout } = runCommand(join(folder, 'keyfob'), ['token', 'alice'], [folder]);
  const cli = '/opt/Keyfob/resources/cli';
  expect(stdout).toBe(`-r ${cli}/check-node.cjs ${cli}/keyfob.js token alice\n`);
});

test('the packaged command line reports a missing or outdated Node', () => {
  const old = join(work, 'old.cjs');
  writeFileSync(old, "Object.defineProperty(process, 'versions', { value: { node: '20.18.3' } });");
  const check = join(resources, 'cli/check-node.cjs');
  expect([
    runCommand(join(resources, 'cli/keyfob'), ['token'], [work]),
    runCommand(process.execPath, ['-r', old, '-r', check, '-p', '1'], [work]),
    runCommand(process.execPath, ['-r', check, '-p', '1'], [work]),
  ]).toEqual([
    { stdout: '', stderr: expect.stringContaining('no Node here to run on') as string, status: 1 },
    { stdout: '', stderr: expect.stringContaining('too old (20.18.3)') as string, status: 1 },
    { stdout: '1\n', stderr: '', status: 0 },
  ]);
});

test('the main bundle needs only Node itself and Electron', () => {
  const bundle = readFileSync(join(root, 'out/main/main.js'), 'utf8');
  const names = Array.from(
    bundle.matchAll(/^(?:import|export) .*?from ["']([^"']+)["']/gm),
    (m) => m[1],
  );
  const foreign = names.filter((name) => name !== 'electron' && name?.startsWith('node:') !== true);
  expect(foreign).toEqual([]);
});

test('the hardened runtime allows only what V8 needs', () => {
  const files = ['build/entitlements.mac.plist', 'build/entitlements.mac.inherit.plist'];
  const keys = files.map((file) =>
    Array.from(readFileSync(join(root, file), 'utf8').matchAll(/<key>(.*?)<\/key>/g), (m) => m[1]),
  );
  expect(keys).toEqual([['com.apple.security.cs.allow-jit'], ['com.apple.security.cs.allow-jit']]);
});

function runCommand(command: string, args: readonly string[], path: readonly string[]) {
  const env = { PATH: path.join(':'), KEYFOB_HOME: join(work, 'home') };
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', env });
  return { stdout, stderr, status };
}

type Entry = Readonly<{ files?: Readonly<Record<string, Entry>>; offset?: string; size?: number }>;

/** An asar starts with the length of its header, as a pickle, and the header, as JSON. */
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
