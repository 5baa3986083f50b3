import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Who may import whom. The longest matching key is a file's layer; `node:` and package names stand for themselves. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  common: ['common'],
  'main/util': ['main/util', 'common'],
  'main/protocol': ['main/protocol', 'main/util', 'common', 'openid-client', 'oauth4webapi'],
  'main/accounts': ['main/accounts', 'main/protocol', 'main/util', 'common', 'tinyqueue'],
  'main/vault': [
    'main/vault',
    'main/accounts',
    'main/protocol',
    'main/util',
    'common',
    'node:',
    'valibot',
  ],
  'main/engine': [
    'main/engine',
    'main/accounts',
    'main/protocol',
    'main/vault',
    'main/util',
    'common',
  ],
  'main/agent': [
    'main/agent',
    'main/engine/engine-api.ts',
    'main/accounts/ports.ts',
    'main/protocol',
    'main/util',
    'common',
    'node:',
    'valibot',
  ],
  'main/host/version.ts': ['package.json'],
  'main/host/system-clock.ts': ['main/accounts/ports.ts', 'node:'],
  'main/host': [
    'main/host',
    'main/agent',
    'main/engine',
    'main/accounts',
    'main/protocol',
    'main/vault',
    'main/util',
    'common',
    'node:',
  ],
  'main/headless': [
    'main/headless',
    'main/host',
    'main/accounts',
    'main/protocol',
    'main/vault',
    'main/util',
    'common',
    'node:',
  ],
  'main/cli': [
    'main/cli',
    'main/agent',
    'main/engine/engine-api.ts',
    'main/headless',
    'main/host',
    'main/protocol',
    'main/util',
    'common',
    'node:',
    'string-width',
    'uqr',
    'valibot',
  ],
  'main/desktop': [
    'main/desktop',
    'main/engine/engine-api.ts',
    'main/agent',
    'main/accounts/ports.ts',
    'main/protocol',
    'main/vault',
    'main/util',
    'common',
    'preload/contract.ts',
    'node:',
    'valibot',
  ],
  'main/electron': [
    'main/electron',
    'main/desktop',
    'main/host',
    'main/engine',
    'main/agent',
    'main/accounts/ports.ts',
    'main/protocol',
    'main/vault',
    'main/util',
    'common',
    'preload/contract.ts',
    'node:',
    'electron',
    'electron-store',
  ],
  'preload/contract.ts': ['common'],
  'preload/bridge.ts': ['preload/contract.ts', 'common'],
  'preload/preload.ts': ['preload/bridge.ts', 'electron'],
  // Nothing of main: what the window says in the same words as everybody else is common.
  renderer: [
    'renderer',
    'common',
    'preload/contract.ts',
    'preload/bridge.ts',
    'preact',
    '@preact/signals',
    'uqr',
  ],
};

type Import = Readonly<{ from: string; to: string }>;

test('every import goes in the direction that the design allows', () => {
  const wrong = filesBelow('common', 'main', 'preload', 'renderer')
    .flatMap(importsOf)
    .filter(isForbidden);
  expect(wrong).toEqual([]);
});

test('the guard itself notices an import in the wrong direction', () => {
  expect([
    isForbidden({ from: 'main/protocol/secret.ts', to: 'main/accounts/account.ts' }),
    isForbidden({ from: 'main/protocol/secret.ts', to: 'node:fs' }),
    isForbidden({ from: 'preload/contract.ts', to: 'main/protocol/secret.ts' }),
    isForbidden({ from: 'main/cli/keyfob.ts', to: 'preload/contract.ts' }),
    isForbidden({ from: 'main/util/async.ts', to: 'main/accounts/ports.ts' }),
    isForbidden({ from: 'main/accounts/login/login.ts', to: 'electron' }),
    isForbidden({
      from: 'main/accounts/login/login.ts',
      to: 'main/protocol/oauth/token-endpoint.ts',
    }),
  ]).toEqual([true, true, true, true, true, true, false]);
});

test('no file imports in a circle', () => {
  const files = filesBelow('common', 'main', 'preload', 'renderer');
  const graph = new Map(files.map((file) => [file, importsOf(file).map(({ to }) => to)]));
  expect(files.flatMap((file) => circleFrom(file, graph) ?? [])).toEqual([]);
});

test('secrets are revealed only where a request is built, a record sealed, a token handed out', () => {
  const revealing = filesBelow('common', 'main', 'preload', 'renderer')
    .filter((file) => readFileSync(join(root, file), 'utf8').includes('.reveal()'))
    .filter((file) => !/^main\/(protocol|vault|agent)\//.test(file));
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
