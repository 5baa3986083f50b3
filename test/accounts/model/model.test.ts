import fc from 'fast-check';
import { test } from 'vitest';
import { acts } from './acts.ts';
import { ModelRun } from './model-run.ts';

/**
 * Random lives of two accounts: callers, answers that come, fail or are lost, writes that fail, crashes,
 * sleep, clocks that jump. The rules are in `ModelRun`; each of them was seen to fail when it was broken.
 */
test(
  'accounts keep their sessions and their promises, whatever happens in whatever order',
  { timeout: 900_000 },
  async () => {
    const life = fc.asyncProperty(acts, async (all) => {
      const one = new ModelRun();
      for (const act of all) await one.act(act);
      await one.heal();
    });
    await fc.assert(life, { numRuns: 20_000 });
  },
);
