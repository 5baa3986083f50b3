import { expect, test } from 'vitest';
import { Shutdown } from '../../main/desktop/shutdown.ts';
import { FLIGHT_LIMIT_MS, REFRESH_TIMEOUT_MS } from '../../main/protocol/time-limits.ts';
import { lineLog } from '../../main/host/logger.ts';
import { FakeClock, settle } from '../fixtures/fake-clock.ts';

function ending(end: () => Promise<void>) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const asked: boolean[] = [];
  const log = lineLog(
    'warn',
    () => 0,
    (line) => lines.push(line),
  );
  // Like Electron: a request to quit first asks the app for permission.
  const quit = (): void => void asked.push(held.mayQuit());
  const held = new Shutdown({ end, quit, clock, log });
  return { clock, lines, asked, quit };
}

test('Shutdown lets the app quit once everything is saved, and starts only once', async () => {
  let saved = (): void => undefined;
  let begun = 0;
  const { asked, clock, lines, quit } = ending(() => {
    begun += 1;
    return new Promise((resolve) => (saved = resolve));
  });
  quit();
  quit();
  await settle();
  saved();
  await settle();
  expect({ asked, begun, lines, sleepers: clock.sleepers }).toEqual({
    asked: [false, false, true],
    begun: 1,
    lines: [],
    sleepers: 0,
  });
});

test.each<[string, () => Promise<void>, RegExp]>([
  ['something hangs', () => new Promise(() => undefined), /the shutdown took too long/],
  ['something is broken', () => Promise.reject(new Error('no')), /could not shut down cleanly/],
])('Ending lets the app quit also when %s, and says so', async (_what, end, line) => {
  const { asked, clock, lines, quit } = ending(end);
  quit();
  await clock.advance(REFRESH_TIMEOUT_MS);
  expect(asked).toEqual([false, true]);
  expect(lines).toEqual([expect.stringMatching(line)]);
});

test('Shutdown waits longer than a whole refresh and its save may take', async () => {
  const { asked, clock, quit } = ending(() => new Promise(() => undefined));
  quit();
  await clock.advance(FLIGHT_LIMIT_MS + 9_999);
  expect(asked).toEqual([false]);
});
