import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimerQueue } from '../../../main/accounts/background/timer-queue.ts';
import { FakeClock, settle } from '../../fixtures/fake-clock.ts';
import { HOUR, MINUTE, SECOND } from '../../fixtures/world.ts';

function schedule(): { clock: FakeClock; acts: [string, number][]; plan: TimerQueue } {
  const clock = new FakeClock();
  const acts: [string, number][] = [];
  const plan = new TimerQueue(clock, (id) => acts.push([id, clock.monotonicNow()]));
  return { clock, acts, plan };
}

test('TimerQueue acts on each id when it is due, in order, whatever order they were set in', async () => {
  const { clock, acts, plan } = schedule();
  plan.set('b', 2 * SECOND);
  plan.set('c', 3 * SECOND);
  plan.set('a', SECOND);
  await clock.advance(MINUTE);
  expect([acts, clock.sleepers]).toEqual([
    [
      ['a', SECOND],
      ['b', 2 * SECOND],
      ['c', 3 * SECOND],
    ],
    0,
  ]);
});

test('TimerQueue acts at once on what is already due', async () => {
  const { clock, acts, plan } = schedule();
  plan.set('a', -HOUR);
  plan.set('b', 0);
  await settle();
  expect([acts, clock.sleepers]).toEqual([
    [
      ['a', 0],
      ['b', 0],
    ],
    0,
  ]);
});

test('TimerQueue uses the latest time set, and drops ids that are cleared', async () => {
  const { clock, acts, plan } = schedule();
  plan.set('later', SECOND);
  plan.set('later', 5 * SECOND);
  plan.set('sooner', 9 * SECOND);
  plan.set('sooner', 3 * SECOND);
  plan.set('never', 2 * SECOND);
  plan.set('never', null);
  plan.set('gone', 2 * SECOND);
  plan.remove('gone');
  await clock.advance(MINUTE);
  expect(acts).toEqual([
    ['sooner', 3 * SECOND],
    ['later', 5 * SECOND],
  ]);
});

test('TimerQueue acts on the same id at most once per second, however often it is set', async () => {
  const clock = new FakeClock();
  const acts: number[] = [];
  const plan: TimerQueue = new TimerQueue(clock, (id) => {
    acts.push(clock.monotonicNow());
    plan.set(id, 0);
  });
  plan.set('greedy', 0);
  await clock.advance(3.5 * SECOND);
  expect([acts, clock.sleepers]).toEqual([[0, SECOND, 2 * SECOND, 3 * SECOND], 1]);
});

test('TimerQueue acts once, and at once, on what the machine slept through', async () => {
  const { clock, acts, plan } = schedule();
  plan.set('a', MINUTE);
  plan.set('b', 2 * MINUTE);
  plan.set('c', 9 * HOUR);
  clock.suspend(8 * HOUR);
  await clock.advance(0);
  expect([acts, clock.nextWake]).toEqual([
    [
      ['a', 8 * HOUR],
      ['b', 8 * HOUR],
    ],
    9 * HOUR,
  ]);
});

/** Runs `meddle` after a timer has fired, but before the code awaiting it resumes. */
class MeddledClock extends FakeClock {
  meddle: () => void = () => undefined;

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await super.sleep(ms, signal);
    this.meddle();
  }
}

test('TimerQueue keeps one timer, even if a time changes as the timer fires', async () => {
  const clock = new MeddledClock();
  const acts: [string, number][] = [];
  const plan = new TimerQueue(clock, (id) => acts.push([id, clock.monotonicNow()]));
  clock.meddle = () => {
    clock.meddle = () => undefined;
    plan.set('a', 4 * SECOND);
  };
  plan.set('a', SECOND);
  plan.set('b', 9 * SECOND);
  const timers: number[] = [];
  for (let second = 0; second < 10; second += 1) {
    timers.push(clock.sleepers);
    await clock.advance(SECOND);
  }
  expect([timers, acts, clock.sleepers]).toEqual([
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 0],
    [
      ['a', 4 * SECOND],
      ['b', 9 * SECOND],
    ],
    0,
  ]);
});

test('TimerQueue does nothing once it is stopped', async () => {
  const { clock, acts, plan } = schedule();
  plan.set('a', SECOND);
  plan.stop();
  plan.set('b', SECOND);
  await clock.advance(MINUTE);
  expect([acts, clock.sleepers]).toEqual([[], 0]);
});

type Step = Readonly<{ afterMs: number; id: string; due: number | null | 'remove' }>;

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    afterMs: fc.nat(8).map((n) => n * 250),
    id: fc.constantFrom('a', 'b', 'c'),
    due: fc.oneof(
      fc.nat(60).map((n) => n * 250),
      fc.constantFrom(null, 'remove' as const),
    ),
  }),
  { maxLength: 10 },
);

/** The expected behavior, modeled without timers and heaps. */
function expectedActs(plan: readonly Step[]): string[] {
  const due = new Map<string, number>();
  const acted = new Map<string, number>();
  const acts: string[] = [];
  let now = 0;
  const passTo = (end: number) => {
    for (;;) {
      const [first] = [...due].sort((one, other) => one[1] - other[1]);
      if (first === undefined || first[1] > end) break;
      now = Math.max(now, first[1]);
      due.delete(first[0]);
      acted.set(first[0], now);
      acts.push(`${now} ${first[0]}`);
    }
    now = end;
  };
  for (const step of plan) {
    passTo(now + step.afterMs);
    if (step.due === null || step.due === 'remove') due.delete(step.id);
    if (step.due === 'remove') acted.delete(step.id);
    if (typeof step.due === 'number')
      due.set(step.id, Math.max(step.due, (acted.get(step.id) ?? -SECOND) + SECOND));
  }
  passTo(HOUR);
  return acts.sort();
}

test('TimerQueue acts exactly when it should, with one timer at most, whatever is set', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (wishes) => {
      const clock = new FakeClock(0, 1);
      const acts: string[] = [];
      const plan = new TimerQueue(clock, (id) => acts.push(`${clock.monotonicNow()} ${id}`));
      let mostTimers = 0;
      for (const { afterMs, id, due } of wishes) {
        await clock.advance(afterMs);
        if (due === 'remove') plan.remove(id);
        else plan.set(id, due);
        mostTimers = Math.max(mostTimers, clock.sleepers);
      }
      await clock.advance(HOUR);
      expect([acts.sort(), clock.sleepers, mostTimers <= 1]).toEqual([
        expectedActs(wishes),
        0,
        true,
      ]);
    }),
    { numRuns: 10_000 },
  );
});
