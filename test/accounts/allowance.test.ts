import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Allowance } from '../../main/accounts/allowance.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';

const SECOND = 1_000;
const SIZE = { most: 12, eachMs: 10 * SECOND };

test('Allowance gives a dozen at once, and then one every ten seconds', async () => {
  const clock = new FakeClock();
  const allowance = new Allowance(clock, SIZE);
  const given: number[] = [];
  for (let second = 0; second <= 60; second += 1) {
    for (let ask = 0; ask < 20; ask += 1) if (allowance.take()) given.push(second);
    await clock.advance(SECOND);
  }
  expect(given).toEqual([...Array<number>(12).fill(0), 10, 20, 30, 40, 50, 60]);
});

test('Allowance never gives more than a dozen and one for every ten seconds, whenever it is asked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(30 * SECOND), { maxLength: 60 }), async (pauses) => {
      const clock = new FakeClock();
      const allowance = new Allowance(clock, SIZE);
      let given = 0;
      for (const pause of pauses) {
        await clock.advance(pause);
        if (allowance.take()) given += 1;
      }
      expect(given).toBeLessThanOrEqual(12 + Math.floor(clock.elapsed() / (10 * SECOND)));
    }),
  );
});
