import fc from 'fast-check';
import { test } from 'vitest';
import { acts } from './acts.ts';
import { ModelRun } from './model-run.ts';

/**
 * Random histories of two accounts: callers, responses that arrive, fail or are lost, failed writes, crashes,
 * sleep, clock jumps. The rules are in `ModelRun`; each was seen to fail when the code broke it.
 */
test(
  'accounts keep their sessions and their guarantees under any sequence of events',
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
