import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BuiltApp } from './built-app.ts';
import { SECRET_FAULTS, SHELL_FAULTS } from './desktop-faults.ts';
import { BRIDGE_FAULTS, PAGE_FAULTS } from './page-faults.ts';

const specs = join(import.meta.dirname, '../../test/electron');
const all = [...PAGE_FAULTS, ...BRIDGE_FAULTS, ...SECRET_FAULTS, ...SHELL_FAULTS];

test('every fault has a unique name and changes something', () => {
  const names = new Set(all.map(({ name }) => name));
  const idle = all.filter(
    ({ edits }) => edits.length === 0 || edits.some(({ find, put }) => find === put),
  );
  expect([names.size, idle]).toEqual([all.length, []]);
});

test('the spec that should notice a fault exists', () => {
  const missing = all.filter(({ likely: { spec, title } }) => {
    return !readFileSync(join(specs, spec), 'utf8').includes(title);
  });
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test('every fault fits the app as it is built', async () => {
  const app = await BuiltApp.copy(join(import.meta.dirname, '../..'));
  const misfits = await Promise.all(
    all.map((fault) =>
      app.check(fault).then(
        () => [],
        (error: unknown) => [String(error)],
      ),
    ),
  );
  await app.remove();
  expect(misfits.flat()).toEqual([]);
});
