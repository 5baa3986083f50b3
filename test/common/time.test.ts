import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, durationText, HOUR, MINUTE, SECOND, delayText } from '../../common/time.ts';

test.each([
  [-5, '0 s'],
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min 0 s'],
  [HOUR - 1, '59 min 59 s'],
  [2 * HOUR + 5 * MINUTE, '2 h 5 min'],
  [DAY - 1, '23 h 59 min'],
  [7 * DAY - MINUTE, '6 d 23 h'],
])('durationText() of %d ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test.each([
  [0, '0 s'],
  [1, '1 s'],
  [10_000, '10 s'],
  [59_001, '1 min'],
  [90_000, '1 min 30 s'],
  [2 * MINUTE, '2 min'],
  [10 * MINUTE, '10 min'],
  [HOUR - 1, '1 h'],
  [HOUR + 1, '1 h 1 min'],
  [10 * HOUR, '10 h'],
  [DAY - 1, '1 d'],
  [DAY + 1, '1 d 1 h'],
])('delayText() of %d ms is %s', (ms, text) => {
  expect(delayText(ms)).toBe(text);
});

/** What a text means, in milliseconds. */
function read(text: string): number {
  const ofName: Readonly<Record<string, number>> = { s: SECOND, min: MINUTE, h: HOUR, d: DAY };
  const parts = [...text.matchAll(/(\d+) (\w+)/g)];
  return parts.reduce((sum, [, count, name]) => sum + Number(count) * ofName[name!]!, 0);
}

test('durationText() never says more than there is, and delayText() never less', () => {
  fc.assert(
    fc.property(fc.nat(400 * DAY), (ms) => {
      const isRoundedDown = read(durationText(ms)) <= ms;
      const isRoundedUp = read(delayText(ms)) >= ms;
      const isClose = read(delayText(ms)) - read(durationText(ms)) <= HOUR;
      expect({ isRoundedDown, isRoundedUp, isClose }).toEqual({
        isRoundedDown: true,
        isRoundedUp: true,
        isClose: true,
      });
    }),
  );
});
