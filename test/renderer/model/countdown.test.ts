import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockText, countdown, clockJumped, mainNow } from '../../../renderer/model/countdown.ts';

test("mainNow() continues from main's time at the page's pace", () => {
  expect(mainNow({ madeAt: 1_000_000, pageAt: 50 }, 2_050)).toBe(1_002_000);
});

test('mainNow() is never before its snapshot', () => {
  expect(mainNow({ madeAt: 1_000_000, pageAt: 50 }, 20)).toBe(1_000_000);
});

test('countdown() rounds down, so that it never shows too much time', () => {
  expect([
    countdown(10_000, 10_000, 0),
    countdown(10_000, 10_000, 1),
    countdown(10_000, 10_000, 5_000),
    countdown(10_000, 10_000, 9_999),
    countdown(10_000, 10_000, 25_000),
  ]).toEqual([
    { secondsLeft: 10, fraction: 1 },
    { secondsLeft: 9, fraction: 0.9 },
    { secondsLeft: 5, fraction: 0.5 },
    { secondsLeft: 0, fraction: 0 },
    { secondsLeft: 0, fraction: 0 },
  ]);
});

test('countdown() shows the same second in text and ring at all times', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3_600_000 }),
      fc.integer({ min: 1, max: 3_600_000 }),
      (left, length) => {
        const { secondsLeft, fraction } = countdown(left, length, 0);
        const whole = Math.max(1_000, length);
        const ofRing = Math.min(secondsLeft * 1_000, whole) / whole;
        // The view computes the ring from the seconds it shows.
        const shown = countdown(secondsLeft * 1_000, length, 0);
        return fraction === ofRing && shown.fraction === fraction;
      },
    ),
    { numRuns: 10_000 },
  );
});

test('clockText() shows minutes and seconds, and hours if there are any', () => {
  expect([0, 7, 65, 1_112, 3_599, 3_600, 36_061].map(clockText)).toEqual([
    '0:00',
    '0:07',
    '1:05',
    '18:32',
    '59:59',
    '1:00:00',
    '10:01:01',
  ]);
});

test('clockJumped() notices sleep and a set clock, and tolerates a busy page', () => {
  const before = { monotonic: 1_000, wall: 500_000 };
  expect([
    clockJumped(before, { monotonic: 1_200, wall: 500_200 }),
    clockJumped(before, { monotonic: 61_000, wall: 560_000 }),
    clockJumped(before, { monotonic: 1_200, wall: 860_000 }),
    clockJumped(before, { monotonic: 1_200, wall: 400_000 }),
  ]).toEqual([false, false, true, true]);
});
