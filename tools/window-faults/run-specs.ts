import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from './verdict.ts';
import { verdictOf } from './verdict.ts';

const SPECS = 'test/electron';

/** Which specs to run: one test by its file and title, or all. */
export type Choice = Readonly<{ spec: string; title: string }> | 'all';

/** Runs specs on the app in a folder, up to the first failure. */
export async function runSpecs(root: string, app: string, choice: Choice): Promise<Verdict> {
  const own = await mkdtemp(join(tmpdir(), 'keyfob-specs-'));
  const file = join(own, 'report.json');
  const chosen =
    choice === 'all' ? [SPECS] : [`${SPECS}/${choice.spec}`, '--grep', literal(choice.title)];
  const options = ['--max-failures', '1', '--reporter', 'json', '--trace', 'off'];
  const cli = join(root, 'node_modules/@playwright/test/cli.js');
  const child = spawn(process.execPath, [cli, 'test', ...chosen, ...options, '--output', own], {
    cwd: root,
    env: { ...process.env, E2E_APP: app, PLAYWRIGHT_JSON_OUTPUT_FILE: file, FORCE_COLOR: '0' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(child, 'exit');
  try {
    return verdictOf(JSON.parse(await readFile(file, 'utf8')));
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

function literal(title: string): string {
  return title.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
