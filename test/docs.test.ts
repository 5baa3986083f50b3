import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const tops = readdirSync(root).filter((name) => name.endsWith('.md'));
const below = ['docs', 'tools', 'build'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

/** Paths of this project as a text names them: `main/accounts/account.ts`, `docs/decisions/`. */
const PATH = /`((?:common|main|preload|renderer|test|tools|docs|build)\/[\w./-]*\w\/?)`/g;
const LINK = /\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)]*)?\)/g;

test.each([...tops, ...below])('%s names and links only files that exist', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const paths = [...text.matchAll(PATH)].map((match) => match[1] ?? '');
  const links = [...text.matchAll(LINK)].map((match) => join(dirname(file), match[1] ?? ''));
  const missing = [...paths, ...links].filter((path) => !existsSync(join(root, path)));
  expect({ file, missing }).toEqual({ file, missing: [] });
});
