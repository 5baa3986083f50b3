import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WallAndUptime } from '../../main/accounts/uptime.ts';
import { timeBetween } from '../../main/accounts/uptime.ts';
import { HOUR, SECOND } from '../fixtures/world.ts';

const DAY = 24 * HOUR;

function moment(now: number, ms: number, boot: string | null = null): WallAndUptime {
  return { now, uptime: { boot, ms } };
}

/** The time between two moments, `byUptime` and `byWall` milliseconds apart on a system that names no start. */
function between(byUptime: number, byWall: number): number | null {
  return timeBetween(moment(1e12, 1e6), moment(1e12 + byWall, 1e6 + byUptime));
}

test('timeBetween() believes clocks that agree but for seconds and drift, and then the later one', () => {
  expect([
    between(0, 0),
    between(-900, 10),
    between(HOUR, HOUR + 2 * SECOND),
    between(HOUR, HOUR - 2 * SECOND),
    between(7 * DAY, 7 * DAY + 9 * SECOND),
  ]).toEqual([0, 10, HOUR + 2 * SECOND, HOUR, 7 * DAY + 9 * SECOND]);
});

test('timeBetween() knows nothing where the clock was set or the machine was started anew', () => {
  expect([
    between(HOUR, HOUR + 10 * SECOND),
    between(HOUR, HOUR - 10 * SECOND),
    between(-HOUR, -HOUR),
    timeBetween(moment(0, 0, 'one'), moment(0, 0, 'two')),
    timeBetween(moment(0, 0, 'one'), moment(0, 0)),
  ]).toEqual([null, null, null, null, null]);
});

test('timeBetween() never gives less than the time that the machine was up, wherever its clock stands', () => {
  const times = fc.integer({ min: -1e12, max: 1e12 });
  fc.assert(
    fc.property(fc.nat(1e12), times, (byUptime, byWall) => {
      const time = between(byUptime, byWall);
      return time === null || time >= byUptime;
    }),
    { numRuns: 10_000 },
  );
});
