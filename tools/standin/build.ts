import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createBuilder } from 'vite';
import { standinConfig } from '../vite.config.ts';

const root = resolve(import.meta.dirname, '../..');
const built = join(root, 'out/standin');

/**
 * Builds the stand-in unless the existing build is newer than all its sources. Each file is replaced
 * atomically, so a stand-in that is running never reads half a file.
 *
 * @returns the folder with the built files
 */
export async function buildStandin(): Promise<string> {
  if (isFresh()) return built;
  const draft = `${built}.${process.pid}`;
  const builder = await createBuilder({ ...standinConfig(draft), configFile: false });
  await builder.buildApp();
  mkdirSync(built, { recursive: true });
  for (const name of readdirSync(draft)) renameSync(join(draft, name), join(built, name));
  rmSync(draft, { recursive: true });
  return built;
}

/** Every build writes the host's files first, so the oldest of them dates the build. */
function isFresh(): boolean {
  const last = statSync(join(built, 'boot.cjs'), { throwIfNoEntry: false });
  if (last === undefined) return false;
  return sources().every((source) => statSync(source).mtimeMs <= last.mtimeMs);
}

function sources(): readonly string[] {
  const isSource = /(?<!\.spec|\.test)\.(ts|html)$/;
  return ['tools/standin', 'test/e2e', 'tools/bench'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => isSource.test(name))
      .map((name) => join(root, folder, name)),
  );
}
