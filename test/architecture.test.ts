import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Who may import whom. The longest matching key is a file's layer; `node:` and package names stand for themselves. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'preload/snapshots.ts': [],
  'preload/contract.ts': ['preload/snapshots.ts'],
  'preload/vite.config.ts': ['vite', 'node:', 'build/notices.ts'],
  'preload/bridge.ts': ['preload/contract.ts'],
  'preload/preload.ts': ['preload/bridge.ts', 'electron'],
  'renderer/vite.config.ts': ['vite', '@preact/preset-vite', 'node:', 'build/notices.ts'],
  // Of main only what is pure and knows no secret: the same words in the window as everywhere.
  renderer: [
    'renderer',
    'preload/contract.ts',
    'preload/snapshots.ts',
    'preload/bridge.ts',
    'main/handout/state-words.ts',
    'main/protocol/failure-words.ts',
    'main/protocol/outcome.ts',
    'main/protocol/server-name.ts',
    'preact',
    '@preact/signals',
    'uqr',
  ],
  'main/protocol': ['main/protocol', 'openid-client', 'oauth4webapi'],
  'main/accounts': ['main/accounts', 'main/protocol', 'preload/snapshots.ts'],
  'main/vault': ['main/vault', 'main/accounts', 'main/protocol', 'node:', 'valibot'],
  'main/handout': [
    'main/handout',
    'main/accounts/ports.ts',
    'main/protocol',
    'preload/snapshots.ts',
    'node:',
    'valibot',
  ],
  'main/version.ts': ['package.json'],
  'main/engine.ts': [
    'main/accounts',
    'main/handout',
    'main/protocol',
    'main/vault',
    'preload/snapshots.ts',
  ],
  'main/system.ts': ['main/accounts/ports.ts', 'node:'],
  'main/shell': [
    'main/shell',
    'main/engine.ts',
    'main/system.ts',
    'main/accounts',
    'main/handout',
    'main/protocol',
    'main/vault',
    'main/version.ts',
    'node:',
  ],
  'main/headless': [
    'main/headless',
    'main/shell',
    'main/accounts',
    'main/protocol',
    'main/vault',
    'main/version.ts',
    'node:',
  ],
  'main/inspector': ['main/inspector', 'main/protocol', 'preload/contract.ts'],
  'main/desktop': [
    'main/desktop',
    'main/inspector',
    'main/accounts/allowance.ts',
    'main/accounts/ports.ts',
    'main/handout',
    'main/protocol',
    'main/vault',
    'preload/contract.ts',
    'preload/snapshots.ts',
    'node:',
    'valibot',
  ],
  'main/electron/vite.config.ts': ['vite', 'node:', 'build/notices.ts'],
  'main/electron': [
    'main/electron',
    'main/desktop',
    'main/inspector',
    'main/shell',
    'main/accounts/ports.ts',
    'main/engine.ts',
    'main/handout',
    'main/protocol',
    'main/system.ts',
    'main/vault',
    'main/version.ts',
    'preload/contract.ts',
    'preload/snapshots.ts',
    'node:',
    'electron',
    'electron-store',
  ],
  'main/cli': [
    'main/cli',
    'main/version.ts',
    'main/handout',
    'main/headless',
    'main/shell',
    'main/protocol',
    'preload/snapshots.ts',
    'node:',
    'uqr',
    'valibot',
  ],
};

type Import = Readonly<{ from: string; to: string }>;

test('every import goes in the direction that the design allows', () => {
  const wrong = filesBelow('main', 'preload', 'renderer').flatMap(importsOf).filter(isForbidden);
  expect(wrong).toEqual([]);
});

test('the guard itself notices an import in the wrong direction', () => {
  expect([
    isForbidden({ from: 'main/protocol/secret.ts', to: 'main/accounts/account.ts' }),
    isForbidden({ from: 'main/protocol/secret.ts', to: 'node:fs' }),
    isForbidden({ from: 'preload/contract.ts', to: 'main/protocol/secret.ts' }),
    isForbidden({ from: 'main/cli/keyfob.ts', to: 'preload/contract.ts' }),
    isForbidden({ from: 'main/accounts/login.ts', to: 'electron' }),
    isForbidden({ from: 'main/accounts/login.ts', to: 'main/protocol/tokens.ts' }),
  ]).toEqual([true, true, true, true, true, false]);
});

test('no file imports in a circle', () => {
  const files = filesBelow('main', 'preload', 'renderer');
  const graph = new Map(files.map((file) => [file, importsOf(file).map(({ to }) => to)]));
  expect(files.flatMap((file) => circleFrom(file, graph) ?? [])).toEqual([]);
});

test('no source file is longer than 250 lines', () => {
  const long = filesBelow('main', 'preload', 'renderer', 'test')
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
    .filter(({ file, lines }) => lines > (file.startsWith('test/') ? 400 : 250));
  expect(long).toEqual([]);
});

test('secrets are revealed only where a request is built, a record sealed, a token handed out', () => {
  const revealing = filesBelow('main', 'preload', 'renderer')
    .filter((file) => readFileSync(join(root, file), 'utf8').includes('.reveal()'))
    .filter((file) => !/^main\/(protocol|vault|handout)\//.test(file));
  expect(revealing).toEqual([]);
});

function isForbidden({ from, to }: Import): boolean {
  const layers = Object.keys(mayImport).filter((key) => from === key || from.startsWith(`${key}/`));
  const layer = layers.sort((a, b) => b.length - a.length)[0];
  if (layer === undefined) return true;
  return !mayImport[layer]!.some(
    (allowed) =>
      to === allowed ||
      to.startsWith(`${allowed}/`) ||
      (allowed.endsWith(':') && to.startsWith(allowed)),
  );
}

function filesBelow(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    try {
      return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => join(folder, name).replaceAll('\\', '/'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  return ts.preProcessFile(text).importedFiles.map(({ fileName }) => {
    const to = fileName.startsWith('.')
      ? relative(root, join(root, dirname(file), fileName))
      : fileName;
    return { from: file, to: to.replaceAll('\\', '/') };
  });
}

function circleFrom(start: string, graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const seen = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] | null => {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return [[...path, next].join(' -> ')];
      if (seen.has(next)) continue;
      seen.add(next);
      const circle = walk(next, [...path, next]);
      if (circle !== null) return circle;
    }
    return null;
  };
  return walk(start, [start]);
}
