import { HOUR, MINUTE, SECOND } from '../../common/time.ts';
import type { Clock } from '../../main/accounts/ports.ts';
import type { FakeClock } from '../../test/fixtures/fake-clock.ts';
import { settle } from '../../test/fixtures/fake-clock.ts';
import { Fleet } from './fleet.ts';
import type { Row } from './row.ts';
import { atMost, exactly } from './row.ts';

const PLAN = { accounts: 100, servers: 5, lifetimeMs: 5 * MINUTE };

/** Refreshes of 100 accounts in an hour with an undisturbed clock. */
const QUIET_HOUR = (PLAN.accounts * 60) / 4;

/** The system clock is set while the engine runs: nothing must change. */
export async function setClock(name: string, byMs: number): Promise<readonly Row[]> {
  const fleet = new Fleet(PLAN);
  await fleet.start();
  await fleet.clock.advance(2 * MINUTE);
  const leftBefore = await leftOfFirst(fleet);
  fleet.clock.setWallClock(fleet.clock.now() + byMs);
  await settle(4);
  const leftAfter = await leftOfFirst(fleet);
  await fleet.clock.advance(58 * MINUTE);
  return [
    atMost(
      `clock ${name}: refreshes in an hour, against an undisturbed clock`,
      fleet.requests / QUIET_HOUR,
      1.05,
    ),
    atMost('  countdown error', Math.abs(leftAfter - leftBefore), 1, 'ms'),
    exactly('  lost sessions', fleet.refused, 0),
    exactly('  accounts with a valid token at the end', await fleet.fresh(), PLAN.accounts),
  ];
}

/** The clock is set back while Keyfob isn't running, and the tokens are about to expire. */
export async function setOverRestart(): Promise<readonly Row[]> {
  const fleet = new Fleet(PLAN);
  await fleet.clock.advance(PLAN.lifetimeMs - 10 * SECOND);
  fleet.clock.setWallClock(fleet.clock.now() - 4 * MINUTE);
  await fleet.start();
  await fleet.clock.advance(10 * SECOND);
  return [
    exactly(
      'clock set by -4 min during a restart: refreshes before the tokens expire',
      fleet.requests,
      PLAN.accounts,
    ),
    exactly('  lost sessions', fleet.refused, 0),
    exactly('  accounts with a valid token at the end', await fleet.fresh(), PLAN.accounts),
  ];
}

/** All clocks of the machine run too fast or too slow, like a cheap quartz but worse. */
export async function drift(name: string, speed: number): Promise<readonly Row[]> {
  const fleet = new Fleet(PLAN, (clock) => drifting(clock, speed));
  await fleet.start();
  await fleet.clock.advance(HOUR);
  return [
    atMost(`clock drifts by ${name}: refreshes in an hour`, fleet.requests / QUIET_HOUR, 1.11),
    exactly('  lost sessions', fleet.refused, 0),
    exactly('  accounts with a valid token at the end', await fleet.fresh(), PLAN.accounts),
  ];
}

/** The machine sleeps for a night; `announced`: with suspend and resume events. */
export async function suspend(announced: boolean): Promise<readonly Row[]> {
  const fleet = new Fleet(PLAN);
  await fleet.start();
  await fleet.clock.advance(HOUR);
  const before = fleet.requests;
  if (announced) fleet.engine.suspend();
  fleet.clock.suspend(8 * HOUR);
  if (announced) fleet.engine.wake();
  await fleet.clock.advance(10 * SECOND);
  return [
    exactly(
      `8 h of sleep, ${announced ? 'announced' : 'unannounced'}: refreshes after it`,
      fleet.requests - before,
      PLAN.accounts,
    ),
    atMost('  at once on one server', fleet.peakPerServer, 4),
    exactly('  lost sessions', fleet.refused, 0),
    exactly('  accounts with a valid token 10 s later', await fleet.fresh(), PLAN.accounts),
  ];
}

async function leftOfFirst(fleet: Fleet): Promise<number> {
  const { accounts, madeAt } = await fleet.engine.snapshot();
  const state = accounts[0]?.state;
  return state?.kind === 'active' ? (state.expiresAt ?? 0) - madeAt : Number.NaN;
}

function drifting(clock: FakeClock, speed: number): Clock {
  return {
    now: () => clock.now() * speed,
    monotonicNow: () => clock.monotonicNow() * speed,
    uptime: () => ({ ...clock.uptime(), ms: clock.uptime().ms * speed }),
    sleep: (ms, signal) => clock.sleep(ms / speed, signal),
  };
}
