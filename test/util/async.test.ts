import { expect, test } from 'vitest';
import { Lanes, Limit } from '../../main/vault/lanes.ts';

/** A promise that the test settles when it likes. */
function gate() {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open: () => open() };
}

test('Lanes.run() keeps the order within a lane, and lets no lane wait for another', async () => {
  const lanes = new Lanes();
  const slow = gate();
  const done: string[] = [];
  const first = lanes.run('a', async () => {
    await slow.promise;
    done.push('a1');
  });
  const second = lanes.run('a', async () => Promise.resolve(done.push('a2')));
  await lanes.run('b', async () => Promise.resolve(done.push('b1')));
  slow.open();
  await Promise.all([first, second]);
  expect(done).toEqual(['b1', 'a1', 'a2']);
});

test('Lanes.run() goes on after a piece of work that threw', async () => {
  const lanes = new Lanes();
  const failing = lanes.run('a', () => Promise.reject(new Error('bug')));
  const next = lanes.run('a', () => Promise.resolve('done'));
  expect(await Promise.allSettled([failing, next])).toEqual([
    { status: 'rejected', reason: new Error('bug') },
    { status: 'fulfilled', value: 'done' },
  ]);
});

test('Lanes.settled() waits for everything asked for before it', async () => {
  const lanes = new Lanes();
  const slow = gate();
  const done: string[] = [];
  void lanes.run('a', () => slow.promise);
  void lanes.run('a', async () => Promise.resolve(done.push('last')));
  const settled = lanes.settled().then(() => done.push('settled'));
  slow.open();
  await settled;
  expect(done).toEqual(['last', 'settled']);
});

test('Limit.run() runs so many at once and no more, in the order they came', async () => {
  const limit = new Limit(2);
  let running = 0;
  let most = 0;
  const started: number[] = [];
  const work = (number: number) => async () => {
    started.push(number);
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    if (number === 3) throw new Error('bug');
  };
  await Promise.allSettled([1, 2, 3, 4, 5, 6].map((number) => limit.run(work(number))));
  expect({ most, started, running }).toEqual({ most: 2, started: [1, 2, 3, 4, 5, 6], running: 0 });
});
