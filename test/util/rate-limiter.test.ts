import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SECOND } from '../../common/time.ts';
import { RateLimiter } from '../../main/util/rate-limiter.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';

const DOZEN = { burst: 12, refillMs: 10 * SECOND };

test('RateLimiter grants a dozen permits at once, then one every ten seconds', async () => {
  const clock = new FakeClock();
  const limiter = new RateLimiter(clock, DOZEN);
  const given: number[] = [];
  for (let second = 0; second <= 60; second += 1) {
    for (let ask = 0; ask < 20; ask += 1) if (limiter.tryAcquire()) given.push(second);
    await clock.advance(SECOND);
  }
  expect(given).toEqual([...Array<number>(12).fill(0), 10, 20, 30, 40, 50, 60]);
});

test('RateLimiter never grants more than a dozen permits plus one every ten seconds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(30 * SECOND), { maxLength: 60 }), async (pauses) => {
      const clock = new FakeClock(undefined, 1);
      const limiter = new RateLimiter(clock, DOZEN);
      let given = 0;
      for (const pause of pauses) {
        await clock.advance(pause);
        if (limiter.tryAcquire()) given += 1;
      }
      expect(given).toBeLessThanOrEqual(12 + Math.floor(clock.monotonicNow() / (10 * SECOND)));
    }),
  );
});

test('RateLimiter regains all its permits after a long enough pause, and no more', async () => {
  const clock = new FakeClock();
  const limiter = new RateLimiter(clock, DOZEN);
  const take = (): number => Array.from({ length: 20 }).filter(() => limiter.tryAcquire()).length;
  const first = take();
  await clock.advance(120 * SECOND);
  const after = take();
  await clock.advance(3_600 * SECOND);
  const longAfter = take();
  expect({ first, after, longAfter }).toEqual({ first: 12, after: 12, longAfter: 12 });
});
