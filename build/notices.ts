import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** A third-party package that we ship: its licence requires its text to be included. */
export type Notice = Readonly<{ name: string; version: string; licence: string; text: string }>;

/** The folder with the list of each build, and the page made of all of them. */
const LISTS = 'notices';
const PAGE = 'THIRD-PARTY-NOTICES.txt';

/**
 * Lists the packages that a build actually contains, and rewrites the page of all builds.
 *
 * @param out the folder that holds all builds
 * @param name of this build
 */
export function notices(out: string, name: string): Plugin {
  return {
    name: 'keyfob-notices',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((file) =>
        file.type === 'chunk' ? file.moduleIds : [],
      );
      const found = packageFolders(modules).map(readNotice);
      mkdirSync(join(out, LISTS), { recursive: true });
      writeWhole(out, join(LISTS, `${name}.json`), JSON.stringify(found));
      writeWhole(out, PAGE, noticesPage(keptNotices(join(out, LISTS))));
    },
  };
}

/**
 * Replaces the file in one step, since several processes build at the same time and read each
 * other's lists.
 */
function writeWhole(out: string, file: string, text: string): void {
  const draft = join(out, `.draft-${process.pid}`);
  writeFileSync(draft, text);
  renameSync(draft, join(out, file));
}

/** The package folder of each of these modules. Modules of our own have none. */
export function packageFolders(modules: readonly string[]): readonly string[] {
  const folders = modules.flatMap((id) => {
    // Modules that the bundler adds have no file.
    const helper = /^\0(?:rolldown|vite)(?=\/)/.exec(id)?.[0].slice(1);
    if (helper !== undefined) return [join(import.meta.dirname, '../node_modules', helper)];
    return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? [];
  });
  return [...new Set(folders)].sort();
}

/**
 * The notice for the package in `folder`. Throws if it has no licence text: it must not be shipped
 * then.
 */
export function readNotice(folder: string): Notice {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Readonly<{ name: string; version: string; license: string }>; // npm's format
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)\b/i.test(file));
  if (files.length === 0) throw new Error(`Cannot ship ${name}: it brings no licence text`);
  const text = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return { name, version, licence: license, text: text.join('\n\n') };
}

/** The page that ships. Each package is listed once. */
export function noticesPage(all: readonly Notice[]): string {
  const once = new Map(all.map((notice) => [`${notice.name} ${notice.version}`, notice]));
  const entries = [...once.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([title, { licence, text }]) => `${'-'.repeat(80)}\n${title} (${licence})\n\n${text}\n`);
  return ['Keyfob contains the work of others, under these licences.\n', ...entries].join('\n');
}

function keptNotices(folder: string): readonly Notice[] {
  return readdirSync(folder).flatMap(
    (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Notice[], // written above
  );
}
