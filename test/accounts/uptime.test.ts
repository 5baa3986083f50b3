import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WallAndUptime } from '../../main/accounts/uptime.ts';
import { timeBetween } from '../../main/accounts/uptime.ts';
import { HOUR, SECOND } from '../fixtures/world.ts';

const DAY = 24 * HOUR;

function moment(now: number, ms: number, boot: string | null = null): WallAndUptime {
  return { now, uptime: { boot, ms } };
}

/** The time between two moments that are `byUptime` and `byWall` milliseconds apart, without a known boot. */
function between(byUptime: number, byWall: number): number | null {
  return timeBetween(moment(1e12, 1e6), moment(1e12 + byWall, 1e6 + byUptime));
}

test('timeBetween() trusts clocks that agree to within seconds and drift, and uses the later one', () => {
  expect([
    between(0, 0),
    between(-900, 10),
    between(HOUR, HOUR + 2 * SECOND),
    between(HOUR, HOUR - 2 * SECOND),
    between(7 * DAY, 7 * DAY + 9 * SECOND),
  ]).toEqual([0, 10, HOUR + 2 * SECOND, HOUR, 7 * DAY + 9 * SECOND]);
});

test('timeBetween() gives no answer if the clock was set or the machine restarted', () => {
  expect([
    between(HOUR, HOUR + 10 * SECOND),
    between(HOUR, HOUR - 10 * SECOND),
    between(-HOUR, -HOUR),
    timeBetween(moment(0, 0, 'one'), moment(0, 0, 'two')),
    timeBetween(moment(0, 0, 'one'), moment(0, 0)),
  ]).toEqual([null, null, null, null, null]);
});

test('timeBetween() never returns less than the uptime, whatever the wall clock shows', () => {
  const times = fc.integer({ min: -1e12, max: 1e12 });
  fc.assert(
    fc.property(fc.nat(1e12), times, (byUptime, byWall) => {
      const time = between(byUptime, byWall);
      return time === null || time >= byUptime;
    }),
    { numRuns: 10_000 },
  );
});
