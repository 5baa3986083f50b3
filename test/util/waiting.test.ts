import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exponentialBackoff, retryUntil, withAbort, withTimeout } from '../../main/util/async.ts';
import { FakeClock, settle } from '../fixtures/fake-clock.ts';

const never = new Promise<never>(() => undefined);

test('withTimeout returns the result of work that finishes in time, and leaves no timer behind', async () => {
  const clock = new FakeClock();
  const result = await withTimeout(Promise.resolve('done'), 100, clock, () => 'late');
  await settle();
  expect({ result, sleepers: clock.sleepers }).toEqual({ result: 'done', sleepers: 0 });
});

test('withTimeout returns the result of onTimeout when the time is up, and not before', async () => {
  const clock = new FakeClock();
  const results: string[] = [];
  void withTimeout(never, 100, clock, () => 'late').then((result) => results.push(result));
  await clock.advance(99);
  const early = [...results];
  await clock.advance(1);
  expect({ early, results, sleepers: clock.sleepers }).toEqual({
    early: [],
    results: ['late'],
    sleepers: 0,
  });
});

test('withTimeout rejects with the error of the work or of onTimeout', async () => {
  const clock = new FakeClock();
  const working = withTimeout(Promise.reject(new Error('no')), 100, clock, () => 'late');
  await expect(working).rejects.toThrow('no');
  const late = withTimeout(never, 100, clock, () => {
    throw new Error('too late');
  });
  const rejected = expect(late).rejects.toThrow('too late');
  await clock.advance(100);
  await rejected;
});

test('withTimeout ignores the error of work that fails after the timeout', async () => {
  const clock = new FakeClock();
  let fail = (_error: Error): void => undefined;
  const work = new Promise<string>((_resolve, reject) => (fail = reject));
  const result = withTimeout(work, 100, clock, () => 'late');
  await clock.advance(100);
  fail(new Error('nobody waits for this'));
  await settle();
  expect(await result).toBe('late');
});

test('withTimeout rejects if the timer fails', async () => {
  const timer = { sleep: () => Promise.reject(new Error('no timer')) };
  await expect(withTimeout(never, 100, timer, () => 'late')).rejects.toThrow('no timer');
});

test('withTimeout calls onTimeout exactly when the timeout comes first', async () => {
  const times = fc.integer({ min: 0, max: 20 });
  await fc.assert(
    fc.asyncProperty(times, times, async (workMs, limitMs) => {
      const clock = new FakeClock(undefined, 1);
      let timeouts = 0;
      const work = clock.sleep(workMs).then(() => 'done');
      const timed = withTimeout(work, limitMs, clock, () => {
        timeouts += 1;
        return 'late';
      });
      await clock.advance(20);
      const isLate = workMs > limitMs;
      expect({ result: await timed, timeouts }).toEqual({
        result: isLate ? 'late' : 'done',
        timeouts: isLate ? 1 : 0,
      });
    }),
  );
});

test('withAbort returns the result of the work, or of onAbort, and leaves no listener behind', async () => {
  const stop = new AbortController();
  const { signal } = stop;
  const done = await withAbort(Promise.resolve('done'), signal, () => 'aborted');
  const stopped = withAbort(never, signal, () => 'aborted');
  const waiting = getEventListeners(signal, 'abort').length;
  stop.abort();
  const aborted = await stopped;
  const tooLate = await withAbort(Promise.resolve('done'), signal, () => 'aborted');
  const left = getEventListeners(signal, 'abort').length;
  expect({ done, waiting, aborted, tooLate, left }).toEqual({
    done: 'done',
    waiting: 1,
    aborted: 'aborted',
    tooLate: 'aborted',
    left: 0,
  });
});

test('withAbort rejects with the error of the work, and ignores it after the abort', async () => {
  const stop = new AbortController();
  const failing = withAbort(Promise.reject(new Error('no')), stop.signal, () => 'aborted');
  await expect(failing).rejects.toThrow('no');
  stop.abort();
  const late = Promise.reject(new Error('nobody waits for this'));
  expect(await withAbort(late, stop.signal, () => 'aborted')).toBe('aborted');
});

/** An attempt that counts its calls, and the times of those calls. */
function attempts(clock: FakeClock) {
  const at: number[] = [];
  const attempt = () => {
    at.push(clock.monotonicNow());
    return Promise.resolve(at.length);
  };
  return { at, attempt };
}

test('retryUntil makes attempts, with its pauses between them, until a result is final', async () => {
  const clock = new FakeClock();
  const { at, attempt } = attempts(clock);
  const result = retryUntil(attempt, {
    until: (count) => count === 4,
    pauseMs: (n) => exponentialBackoff(n, 100, 250),
    timer: clock,
  });
  await clock.advance(10_000);
  expect({ result: await result, at, sleepers: clock.sleepers }).toEqual({
    result: 4,
    at: [0, 100, 300, 550],
    sleepers: 0,
  });
});

test('retryUntil returns the last result when no pause is left', async () => {
  const clock = new FakeClock();
  const { at, attempt } = attempts(clock);
  const pauseMs = (n: number) => (n === 3 ? null : 10);
  const result = retryUntil(attempt, { until: () => false, pauseMs, timer: clock });
  await clock.advance(10_000);
  expect({ result: await result, at }).toEqual({ result: 3, at: [0, 10, 20] });
});

test('retryUntil rejects at once when aborted during a pause, and makes no further attempt', async () => {
  const clock = new FakeClock();
  const { at, attempt } = attempts(clock);
  const stop = new AbortController();
  const { signal } = stop;
  const options = { until: () => false, pauseMs: () => 10, timer: clock, signal };
  const rejected = expect(retryUntil(attempt, options)).rejects.toThrow('stop');
  await clock.advance(15);
  stop.abort(new Error('stop'));
  await rejected;
  expect({ at, sleepers: clock.sleepers }).toEqual({ at: [0, 10], sleepers: 0 });
});

test('exponentialBackoff doubles up to its limit, however many attempts were made', () => {
  const pauses = [1, 2, 3, 4, 10_000].map((attempt) => exponentialBackoff(attempt, 500, 3_000));
  expect(pauses).toEqual([500, 1_000, 2_000, 3_000, 3_000]);
});
