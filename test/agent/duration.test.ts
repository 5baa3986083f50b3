import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDurationMs } from '../../main/agent/duration.ts';

test.each([
  ['60', 60_000],
  ['60s', 60_000],
  [' 5m ', 300_000],
  ['1h', 3_600_000],
  ['0', 0],
  ['24h', 86_400_000],
  ['25h', null],
  ['-1', null],
  ['1.5m', null],
  ['5 m', null],
  ['5M', null],
  ['1e3', null],
  ['', null],
  ['soon', null],
])('readDurationMs() reads %j as %j', (text, ms) => {
  expect(readDurationMs(text)).toBe(ms);
});

test('readDurationMs() returns whole milliseconds up to a day, or null, for any text', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^\d{0,12}[smhd]?$/));
  fc.assert(
    fc.property(text, (given) => {
      const ms = readDurationMs(given);
      expect(ms === null || (Number.isInteger(ms) && ms >= 0 && ms <= 86_400_000)).toBe(true);
    }),
    { numRuns: 10_000 },
  );
});
