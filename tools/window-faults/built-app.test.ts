import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { BuiltApp } from './built-app.ts';
import type { Edit, Fault } from './fault.ts';

const files = {
  'package.json': '{}',
  'out/main/main.js': 'guard(a); guard(b);',
  'out/preload/preload.cjs': 'expose();',
  'out/renderer/index.html': '<p>',
};

function faultOf(edits: readonly Edit[]): Fault {
  const likely = { spec: 'a.spec.ts', title: 'it holds' };
  return { name: 'no-guard', what: 'nothing is guarded', edits, likely };
}

test('BuiltApp puts a fault into a copy and restores it, however the work ends', async () => {
  const root = await mkdtemp(join(tmpdir(), 'kf-built-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const app = await BuiltApp.copy(root);
  const fault = faultOf([
    { file: 'out/main/main.js', find: 'guard(a);', put: '' },
    { file: 'out/main/main.js', find: 'guard(b);', put: '' },
    { file: 'out/preload/preload.cjs', find: 'expose', put: 'leak' },
  ]);
  const read = (folder: string) =>
    Promise.all(Object.keys(files).map((path) => readFile(join(folder, path), 'utf8')));
  const broken = await app.while(fault, () => read(app.folder));
  const failing = app.while(fault, () => Promise.reject(new Error('no browser')));
  await expect(failing).rejects.toThrow('no browser');
  const whole = Object.values(files);
  expect([broken, await read(app.folder), await read(root)]).toEqual([
    ['{}', ' ', 'leak();', '<p>'],
    whole,
    whole,
  ]);
  await expect(
    app.check(faultOf([{ file: 'out/main/main.js', find: 'gone', put: '' }])),
  ).rejects.toThrow('The fault no-guard no longer fits the built app.');
  await app.remove();
  await rm(root, { recursive: true });
});
