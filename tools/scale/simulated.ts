import { HOUR } from '../../common/time.ts';
import type { FleetPlan } from './fleet.ts';
import { Fleet } from './fleet.ts';
import { heapBytes } from './heap.ts';
import type { Row } from './row.ts';
import { atMost, exactly, inTime } from './row.ts';

/** A day of many accounts, in virtual time. */
export async function aDay(plan: FleetPlan, hours = 24): Promise<readonly Row[]> {
  const name = `${plan.accounts} accounts on ${plan.servers} servers, ${plan.lifetimeMs / 60_000}-min tokens, ${hours} h`;
  const before = heapBytes();
  const fleet = new Fleet(plan);
  const began = performance.now();
  await fleet.start();
  const startMs = performance.now() - began;
  const perAccount = (heapBytes() - before) / plan.accounts;
  for (let hour = 0; hour < hours; hour += 1) await fleet.clock.advance(HOUR);
  const tookS = (performance.now() - began) / 1_000;
  const margin = Math.min(60_000, plan.lifetimeMs / 5);
  const ideal = (plan.accounts * hours * HOUR) / (plan.lifetimeMs - margin);
  const rows = [
    atMost(`${name}: requests against the ideal number`, fleet.requests / ideal, 1.05),
    exactly('  lost sessions', fleet.refused, 0),
    exactly('  accounts with a valid token at the end', await fleet.fresh(), plan.accounts),
    atMost('  refreshes at once on one server', fleet.peakPerServer, 4),
    atMost('  refreshes at once in total', fleet.peak, 4 * plan.servers),
    inTime('  from vault records to a running engine', startMs, 2_000),
    atMost('  memory per account', perAccount / 1_024, 16, 'KiB'),
    atMost('  real time in total', tookS, 900, 's'),
  ];
  // Refreshes in progress finish first, which takes time.
  const stopped = fleet.engine.stop();
  await fleet.clock.advance(1_000);
  await stopped;
  return rows;
}
