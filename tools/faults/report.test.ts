import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from './report.ts';
import { writeTables } from './report.ts';
import { seeded } from './seeded.ts';

test('seeded() gives the same numbers in [0, 1) for the same seed, and different ones for another', () => {
  const draw = (seed: number) => Array.from({ length: 1_000 }, seeded(seed));
  const inRange = draw(1).every((number) => number >= 0 && number < 1);
  expect([draw(1), draw(1)[0] === draw(2)[0], inRange]).toEqual([draw(1), false, true]);
});

test('writeTables() replaces only the text between the markers', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kf-report-'));
  const path = join(folder, 'document.md');
  await writeFile(
    path,
    'Before.\n\n<!-- faults: begin -->\n\nold\n\n<!-- faults: end -->\n\nAfter.\n',
  );
  const tally = { row: 'kill', what: 'kill', family: 'mas', note: 'n' } as const;
  const report: Report = {
    seed: 7,
    tallies: [{ ...tally, runs: 3, alive: 1, lostByServer: 1, lostByUs: ['x'] }],
    broken: [{ rule: 'r', runs: 2, noticed: 1 }],
  };
  await writeTables(path, report);
  await writeTables(path, report);
  const text = await readFile(path, 'utf8');
  await rm(folder, { recursive: true });
  expect(text).toBe(`Before.

<!-- faults: begin -->

Seed 7.

| what  | server | runs | kept | lost by the server's rules | lost by Keyfob | note |
| ----- | ------ | ---- | ---- | -------------------------- | -------------- | ---- |
| kill  | mas    | 3    | 1    | 1                          | **1**          | n    |
| total |        | 3    | 1    | 1                          | **1**          |      |

Rules broken on purpose:

| rule | runs | runs that noticed |
| ---- | ---- | ----------------- |
| r    | 2    | 1                 |

<!-- faults: end -->

After.
`);
});
