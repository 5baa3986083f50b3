import { HOUR, MINUTE } from '../../common/time.ts';
import { drift, setClock, setOverRestart, suspend } from './clocks.ts';
import { manyReal } from './real-accounts.ts';
import type { Row } from './row.ts';
import { inTime, quantile, rowsText } from './row.ts';
import { refreshCost } from '../bench/refresh.ts';
import { aDay } from './simulated.ts';
import { callers, loading, silentClients } from './socket.ts';
import { stopped } from './stopped.ts';

const YEAR = 365 * 24 * HOUR;

/**
 * A refresh compared with its bare request: the least of three, since other load can only add to
 * it.
 */
async function refreshOverhead(): Promise<readonly Row[]> {
  let least = Infinity;
  for (let series = 0; series < 3; series += 1) {
    const { bare, whole } = await refreshCost(200);
    least = Math.min(least, quantile(whole, 0.99) - quantile(bare, 0.99));
  }
  return [inTime('refresh with its durable writes: p99 above the bare request', least, 10)];
}

type Part = readonly [name: string, run: () => Promise<readonly Row[]>];

/** The parts, in order. Arguments select parts by the beginning of their name. */
const PARTS: readonly Part[] = [
  ['clock-ahead', () => setClock('+1 h', HOUR)],
  ['clock-behind', () => setClock('-1 h', -HOUR)],
  ['clock-years', () => setClock('+10 years', 10 * YEAR)],
  ['clock-restart', setOverRestart],
  ['clock-fast', () => drift('+5 %', 1.05)],
  ['clock-slow', () => drift('-5 %', 0.95)],
  ['suspend-announced', () => suspend(true)],
  ['suspend-unannounced', () => suspend(false)],
  ['stopped', stopped],
  ['callers', callers],
  ['silent', silentClients],
  ['loading', loading],
  ['refresh', refreshOverhead],
  ['real', () => manyReal(1_000, 120_000)],
  ['day-hour', () => aDay({ accounts: 10_000, servers: 100, lifetimeMs: HOUR })],
  ['day-five', () => aDay({ accounts: 1_000, servers: 20, lifetimeMs: 5 * MINUTE })],
];

const wanted = process.argv.slice(2);
const chosen = PARTS.filter(
  ([name]) => wanted.length === 0 || wanted.some((w) => name.startsWith(w)),
);
let failed = 0;
for (const [, run] of chosen) {
  const rows = await run();
  failed += rows.filter(({ ok }) => !ok).length;
  process.stdout.write(rowsText(rows));
}
process.stdout.write(failed === 0 ? '\nAll within limits.\n' : `\n${failed} over the limit.\n`);
process.exitCode = failed === 0 ? 0 : 1;
