import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** A folder is one subject: more files than this hide what belongs together. */
const MAX_FILES = 16;

/** Where a token may be plain text: where a request is built, a record sealed, a token handed out. */
const MAY_REVEAL = /^main\/(protocol|vault|engine)\//;

/** Where tokens are Secrets, where the engine hands one out, and where its consumer's JSON is made. */
const MAY_READ_TOKENS = /^main\/(protocol\/|accounts\/|engine\/|agent\/token-json\.ts$)/;

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

/** Source files by path, with their text. */
type Tree = ReadonlyMap<string, string>;
type Import = Readonly<{ from: string; to: string }>;

/** What breaks a rule, a line each; the tree keeps the rule where there is none. */
type Rule = (tree: Tree) => readonly string[];

const wrongImports: Rule = (tree) =>
  [...product(tree)]
    .flatMap(importsOf)
    .filter(isForbidden)
    .map(({ from, to }) => `${from} -> ${to}`);

const circles: Rule = (tree) => {
  const imports = [...product(tree)].flatMap(importsOf);
  const graph = groupBy(imports, ({ from }) => from);
  return [...graph.keys()].flatMap((file) => circleFrom(file, graph) ?? []);
};

const crowdedFolders: Rule = (tree) => {
  const folders = groupBy([...tree.keys()], (file) => posix.dirname(file));
  return [...folders]
    .filter(([, files]) => files.length > MAX_FILES)
    .map(([folder, files]) => `${folder}: ${files.length} files`);
};

const revealedSecrets: Rule = (tree) =>
  [...product(tree)]
    .filter(([file, text]) => text.includes('.reveal()') && !MAY_REVEAL.test(file))
    .map(([file]) => file);

const readTokens: Rule = (tree) =>
  [...product(tree)]
    .filter(([file, text]) => text.includes('accessToken') && !MAY_READ_TOKENS.test(file))
    .map(([file]) => file);

const sources = readTree('common', 'main', 'preload', 'renderer', 'test', 'tools');

test.each([
  ['every import follows the layers', wrongImports],
  ['no file imports itself by way of others', circles],
  [`no folder holds more than ${MAX_FILES} source files`, crowdedFolders],
  ['secrets are revealed only in protocol, vault and engine', revealedSecrets],
  ['a handed-out token is read only in protocol, accounts, engine and token-json', readTokens],
])('%s', (_rule, findings) => {
  expect(findings(sources)).toEqual([]);
});

describe('each rule notices when it is broken', () => {
  /** The tree as it is, with one file more. */
  const withFile = (file: string, text: string): Tree => new Map([...sources, [file, text]]);
  const importing = (from: string, to: string): Tree =>
    withFile(from, `import { x } from '${to}';\n`);

  test.each([
    ['main/protocol/x.ts', '../accounts/account.ts'],
    ['main/protocol/x.ts', 'node:fs'],
    ['main/util/x.ts', '../accounts/ports.ts'],
    ['main/accounts/login/x.ts', 'electron'],
    ['main/cli/x.ts', '../../preload/contract.ts'],
    ['main/engine/x.ts', '../../test/fixtures/fake-clock.ts'],
    ['main/unknown/x.ts', '../../common/result.ts'],
    ['common/x.ts', '../main/protocol/secret.ts'],
    ['preload/contract.ts', '../main/protocol/secret.ts'],
    ['renderer/x.ts', '../main/util/async.ts'],
  ])('%s may not import %s', (from, to) => {
    expect(wrongImports(importing(from, to))).toEqual([
      `${from} -> ${to.startsWith('.') ? posix.join(posix.dirname(from), to) : to}`,
    ]);
  });

  test('an import downwards is allowed', () => {
    expect(wrongImports(importing('main/accounts/login/x.ts', '../../protocol/secret.ts'))).toEqual(
      [],
    );
  });

  test('two files that import each other are a circle, told from both ends', () => {
    const one = importing('main/util/x.ts', './y.ts');
    const both = new Map([...one, ['main/util/y.ts', "import { x } from './x.ts';\n"]]);
    expect(circles(both)).toEqual([
      'main/util/y.ts -> main/util/x.ts',
      'main/util/x.ts -> main/util/y.ts',
    ]);
  });

  test('a folder with one file too many is named', () => {
    const files = Array.from({ length: MAX_FILES + 1 }, (_, n) => `main/new/${n}.ts`);
    expect(crowdedFolders(new Map(files.map((file) => [file, ''])))).toEqual([
      `main/new: ${MAX_FILES + 1} files`,
    ]);
  });

  test('a token as plain text in a log is named', () => {
    const file = 'main/host/x.ts';
    expect(revealedSecrets(withFile(file, 'log.info(token.reveal());'))).toEqual([file]);
  });

  test('a handed-out token in a log is named', () => {
    const file = 'main/agent/x.ts';
    expect(readTokens(withFile(file, 'log.info(handed.accessToken);'))).toEqual([file]);
  });
});

/** What ships. Tests and tools may import all of it. */
function product(tree: Tree): Tree {
  return new Map([...tree].filter(([file]) => !/^(test|tools)\//.test(file)));
}

function isForbidden({ from, to }: Import): boolean {
  const layers = Object.keys(mayImport).filter((key) => from === key || from.startsWith(`${key}/`));
  const layer = layers.sort((one, other) => other.length - one.length)[0];
  if (layer === undefined) return true;
  return !mayImport[layer]!.some(
    (allowed) =>
      to === allowed ||
      to.startsWith(`${allowed}/`) ||
      (allowed.endsWith(':') && to.startsWith(allowed)),
  );
}

function readTree(...folders: readonly string[]): Tree {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => posix.join(folder, name.replaceAll('\\', '/'))),
  );
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

function importsOf([from, text]: readonly [string, string]): Import[] {
  return ts.preProcessFile(text).importedFiles.map(({ fileName }) => ({
    from,
    to: fileName.startsWith('.') ? posix.join(posix.dirname(from), fileName) : fileName,
  }));
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

function circleFrom(start: string, graph: ReadonlyMap<string, readonly Import[]>): string | null {
  const seen = new Set<string>();
  const walk = (file: string, path: readonly string[]): string | null => {
    for (const { to } of graph.get(file) ?? []) {
      if (to === start) return [...path, to].join(' -> ');
      if (seen.has(to)) continue;
      seen.add(to);
      const circle = walk(to, [...path, to]);
      if (circle !== null) return circle;
    }
    return null;
  };
  return walk(start, []);
}
