import * as os from 'node:os';
import { expect, test, vi } from 'vitest';
import { SystemClock } from '../../main/host/system-clock.ts';

let aheadS = 0;
vi.mock('node:os', async (original) => {
  const real = await original<typeof os>();
  return { ...real, uptime: () => real.uptime() + aheadS };
});

const turn = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('SystemClock.uptime() continues from one clock to the next, and names the boot', () => {
  aheadS = 0;
  const [first, second] = [new SystemClock().uptime(), new SystemClock().uptime()];
  const linux = os.platform() === 'linux';
  expect([first.boot === null, first.boot === second.boot, second.ms >= first.ms]).toEqual([
    !linux,
    true,
    true,
  ]);
});

test('SystemClock counts the time in suspend', async () => {
  aheadS = 0;
  const clock = new SystemClock();
  const before = clock.monotonicNow();
  await turn(30);
  aheadS = 8 * 3_600;
  const slept = clock.monotonicNow() - before;
  await turn(30);
  expect([Math.round(slept / 3_600_000), clock.monotonicNow() - before >= slept]).toEqual([
    8,
    true,
  ]);
});

test('SystemClock.sleep() longer than a timer allows does not end at once, and leaves nothing behind', async () => {
  aheadS = 0;
  const clock = new SystemClock();
  const wake = new AbortController();
  let ended: string | null = null;
  const sleep = clock.sleep(2 ** 31 + 1_000, wake.signal).then(
    () => (ended = 'over'),
    () => (ended = 'aborted'),
  );
  await turn(50);
  const after50Ms = ended;
  wake.abort();
  await sleep;
  expect([after50Ms, ended]).toEqual([null, 'aborted']);
});

test('SystemClock.sleep(0) ends at once', async () => {
  await expect(new SystemClock().sleep(-5)).resolves.toBeUndefined();
});
