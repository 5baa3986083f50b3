import { expect, test } from 'vitest';
import { ClockSkew } from '../../main/accounts/clock-skew.ts';
import type { Step } from '../../main/protocol/http/network.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';
import { HOUR, MINUTE } from '../fixtures/world.ts';

/** A ClockSkew, and a way to receive responses whose `Date` is `aheadMs` after the local clock. */
function clocks() {
  const clock = new FakeClock();
  const one = new ClockSkew(() => ({ now: clock.now(), monotonic: clock.monotonicNow() }));
  const hear = async (host: string, aheadMs: number, step: Step = 'refresh') => {
    const date = new Date(clock.now() + aheadMs).toUTCString();
    const network = one.withClockSkew(() =>
      Promise.resolve(new Response('', { headers: { date } })),
    );
    await network(step, new URL(`https://${host}/`));
  };
  return { clock, one, hear };
}

test.each([
  [-3 * MINUTE, 'about 3 minutes ahead of'],
  [HOUR, 'about 1 hour behind'],
  [49 * HOUR, 'about 2 days behind'],
  [-10 * 365 * 24 * HOUR, 'about 10 years ahead of'],
])('ClockSkew says that our clock is wrong by %d ms', async (aheadMs, words) => {
  const { one, hear } = clocks();
  await hear('a.example', aheadMs);
  expect(one.notice()).toEqual({
    code: 'clock-wrong',
    message: `This computer's clock is ${words} that of a.example.`,
    hint: expect.stringContaining('Set the clock') as string,
  });
});

test('ClockSkew ignores two minutes, and responses that may come from a cache', async () => {
  const { one, hear } = clocks();
  await hear('a.example', 2 * MINUTE);
  await hear('b.example', HOUR, 'auth-metadata');
  expect(one.notice()).toBeNull();
});

test('ClockSkew trusts one server that agrees with the local clock over others that do not', async () => {
  const { one, hear } = clocks();
  await hear('wrong.example', HOUR);
  await hear('right.example', 1_000);
  expect(one.notice()).toBeNull();
});

test('ClockSkew notices at once when the clock is set, whether wrongly or rightly', async () => {
  const { clock, one, hear } = clocks();
  await hear('a.example', 0);
  clock.setWallClock(clock.now() + HOUR);
  const wrong = one.notice()?.code;
  clock.setWallClock(clock.now() - HOUR);
  expect([wrong, one.notice()]).toEqual(['clock-wrong', null]);
});

test('ClockSkew forgets what a server said an hour ago', async () => {
  const { clock, one, hear } = clocks();
  await hear('a.example', HOUR);
  await clock.advance(HOUR + 1);
  expect(one.notice()).toBeNull();
});
