import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  HostLimiter,
  KeyedMutex,
  KeyedSingleFlight,
  Semaphore,
  SingleFlight,
} from '../../main/util/async.ts';
import { settle } from '../fixtures/fake-clock.ts';

/** A promise that the test settles. */
function gate() {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open: () => open() };
}

/** A piece of work: how many microtasks it takes, and whether and how it fails. */
type Work = Readonly<{ key: string; ticks: number; end: 'returns' | 'rejects' | 'throws' }>;

const works = fc.array(
  fc.record<Work>({
    key: fc.constantFrom('a', 'b', 'c'),
    ticks: fc.nat(5),
    end: fc.constantFrom('returns', 'rejects', 'throws'),
  }),
  { maxLength: 30 },
);

/** Passes all `works` to `run` at once; returns each outcome, and the order in which they started. */
async function runAll(
  works: readonly Work[],
  run: (work: Work, body: () => Promise<number>) => Promise<number>,
) {
  const begun: number[] = [];
  const running = new Map<string, number>();
  let most = 0;
  let mostPerKey = 0;
  const bodyOf =
    ({ key, ticks, end }: Work, index: number) =>
    (): Promise<number> => {
      begun.push(index);
      if (end === 'throws') throw new Error(`${index}`);
      running.set(key, (running.get(key) ?? 0) + 1);
      const counts = [...running.values()];
      most = Math.max(
        most,
        counts.reduce((sum, count) => sum + count, 0),
      );
      mostPerKey = Math.max(mostPerKey, ...counts);
      return later(ticks).then(() => {
        running.set(key, (running.get(key) ?? 0) - 1);
        if (end === 'rejects') throw new Error(`${index}`);
        return index;
      });
    };
  const settled = await Promise.allSettled(
    works.map((work, index) => run(work, bodyOf(work, index))),
  );
  const results = settled.map((one) =>
    one.status === 'fulfilled' ? one.value : (one.reason as Error).message,
  );
  return { results, begun, most, mostPerKey };
}

async function later(ticks: number): Promise<void> {
  for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
}

/** Each gets its own result or its own error. */
function expected(works: readonly Work[]) {
  return works.map(({ end }, index) => (end === 'returns' ? index : `${index}`));
}

test('KeyedMutex.run() keeps the order within a key, and makes no key wait for another', async () => {
  const mutex = new KeyedMutex();
  const slow = gate();
  const done: string[] = [];
  const first = mutex.run('a', async () => {
    await slow.promise;
    done.push('a1');
  });
  const second = mutex.run('a', async () => Promise.resolve(done.push('a2')));
  await mutex.run('b', async () => Promise.resolve(done.push('b1')));
  slow.open();
  await Promise.all([first, second]);
  expect(done).toEqual(['b1', 'a1', 'a2']);
});

test('KeyedMutex.run() continues after work throws', async () => {
  const mutex = new KeyedMutex();
  const failing = mutex.run('a', () => Promise.reject(new Error('bug')));
  const next = mutex.run('a', () => Promise.resolve('done'));
  expect(await Promise.allSettled([failing, next])).toEqual([
    { status: 'rejected', reason: new Error('bug') },
    { status: 'fulfilled', value: 'done' },
  ]);
});

test('KeyedMutex.settled() waits for all work requested before it', async () => {
  const mutex = new KeyedMutex();
  const slow = gate();
  const done: string[] = [];
  void mutex.run('a', () => slow.promise);
  void mutex.run('a', async () => Promise.resolve(done.push('last')));
  const settled = mutex.settled().then(() => done.push('settled'));
  slow.open();
  await settled;
  expect(done).toEqual(['last', 'settled']);
});

test('KeyedMutex runs one piece of work per key, in order, and every caller gets its own result', async () => {
  await fc.assert(
    fc.asyncProperty(works, async (works) => {
      const mutex = new KeyedMutex();
      const { results, begun, mostPerKey } = await runAll(works, ({ key }, body) =>
        mutex.run(key, body),
      );
      const isInOrder = ['a', 'b', 'c'].every((key) => {
        const ofKey = begun.filter((index) => works[index]?.key === key);
        return ofKey.every((index, at) => at === 0 || index > ofKey[at - 1]!);
      });
      expect({ results, isInOrder, isAlone: mostPerKey <= 1 }).toEqual({
        results: expected(works),
        isInOrder: true,
        isAlone: true,
      });
    }),
  );
});

test('Semaphore.run() runs as many tasks at once as it has permits, in the order requested', async () => {
  const semaphore = new Semaphore(2);
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
  await Promise.allSettled([1, 2, 3, 4, 5, 6].map((number) => semaphore.run(work(number))));
  expect({ most, started, running }).toEqual({ most: 2, started: [1, 2, 3, 4, 5, 6], running: 0 });
});

test('Semaphore never exceeds its permits, keeps the order, and every caller gets its own result', async () => {
  await fc.assert(
    fc.asyncProperty(works, fc.integer({ min: 1, max: 4 }), async (works, permits) => {
      const semaphore = new Semaphore(permits);
      const { results, begun, most } = await runAll(works, (_work, body) => semaphore.run(body));
      expect({ results, begun, isWithin: most <= permits }).toEqual({
        results: expected(works),
        begun: works.map((_work, index) => index),
        isWithin: true,
      });
    }),
  );
});

/** A limiter whose work ends when the test says so. */
function limiter(limit: number) {
  const begun: string[] = [];
  const gone = new Set<string>();
  const ends = new Map<string, () => void>();
  const hosts = new HostLimiter(limit, (id) => {
    if (gone.has(id)) return null;
    begun.push(id);
    return new Promise<void>((resolve) => ends.set(id, resolve));
  });
  const end = async (id: string) => {
    ends.get(id)?.();
    await settle(1);
  };
  return { begun, gone, hosts, end };
}

test('HostLimiter starts up to its limit for each host, and the rest in order', async () => {
  const { begun, hosts, end } = limiter(2);
  for (const id of ['a1', 'a2', 'a3', 'a4']) hosts.enqueue('a', id);
  hosts.enqueue('b', 'b1');
  hosts.enqueue('a', 'a3');
  const atFirst = [...begun];
  await end('a2');
  await end('a1');
  expect({ atFirst, begun }).toEqual({
    atFirst: ['a1', 'a2', 'b1'],
    begun: ['a1', 'a2', 'b1', 'a3', 'a4'],
  });
});

test('HostLimiter skips ids that have nothing left to do', async () => {
  const { begun, gone, hosts, end } = limiter(1);
  for (const id of ['a1', 'a2', 'a3']) hosts.enqueue('a', id);
  gone.add('a2');
  await end('a1');
  expect(begun).toEqual(['a1', 'a3']);
});

test('HostLimiter.clear() empties the queues', async () => {
  const { begun, hosts, end } = limiter(1);
  for (const id of ['a1', 'a2']) hosts.enqueue('a', id);
  hosts.clear();
  await end('a1');
  hosts.enqueue('a', 'a3');
  expect(begun).toEqual(['a1', 'a3']);
});

test('HostLimiter never exceeds its limit per host, keeps the order, and starts every id', async () => {
  const job = fc.record({ host: fc.constantFrom('a', 'b'), ticks: fc.nat(5) });
  const jobs = fc.array(job, { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(jobs, fc.integer({ min: 1, max: 3 }), async (jobs, limit) => {
      const begun: number[] = [];
      const running = { a: 0, b: 0 };
      let most = 0;
      const hosts = new HostLimiter(limit, async (id) => {
        const { host, ticks } = jobs[Number(id)]!;
        begun.push(Number(id));
        running[host] += 1;
        most = Math.max(most, running[host]);
        await later(ticks);
        running[host] -= 1;
      });
      jobs.forEach(({ host }, id) => hosts.enqueue(host, `${id}`));
      await settle(1);
      const ofHost = (wanted: 'a' | 'b') => (id: number) => jobs[id]!.host === wanted;
      const ids = jobs.map((_job, id) => id);
      expect({
        a: begun.filter(ofHost('a')),
        b: begun.filter(ofHost('b')),
        isWithin: most <= limit,
      }).toEqual({ a: ids.filter(ofHost('a')), b: ids.filter(ofHost('b')), isWithin: true });
    }),
  );
});

test('SingleFlight runs once for all callers during a flight, and again for the next caller', async () => {
  const flight = new SingleFlight<number>();
  let runs = 0;
  const work = async () => {
    await settle(1);
    return (runs += 1);
  };
  const together = await Promise.all([flight.run(work), flight.run(work), flight.run(work)]);
  const after = await flight.run(work);
  expect({ together, after }).toEqual({ together: [1, 1, 1], after: 2 });
});

test('SingleFlight is in flight when its work starts, and no longer when it reports that it has landed', async () => {
  const seen: string[] = [];
  const state = (): string => (flight.current === null ? 'idle' : 'under way');
  const flight = new SingleFlight<void>(() => void seen.push(`landed: ${state()}`));
  const run = flight.run(() => {
    seen.push(`work: ${state()}`);
    return Promise.resolve();
  });
  seen.push(`requested: ${state()}`);
  await run.then(() => seen.push(`result: ${state()}`));
  expect(seen).toEqual(['requested: under way', 'work: under way', 'landed: idle', 'result: idle']);
});

test('SingleFlight passes a failure to every caller, and runs again after it', async () => {
  const flight = new SingleFlight<string>();
  const work = (): Promise<string> => {
    throw new Error('bug');
  };
  const both = await Promise.allSettled([flight.run(work), flight.run(work)]);
  const after = await flight.run(() => Promise.resolve('done'));
  expect({ both: both.map(({ status }) => status), after }).toEqual({
    both: ['rejected', 'rejected'],
    after: 'done',
  });
});

test('KeyedSingleFlight shares a flight only among callers with the same key', async () => {
  const flights = new KeyedSingleFlight<string>();
  const runs: string[] = [];
  const ask = (key: string) =>
    flights.run(key, async () => {
      runs.push(key);
      await settle(1);
      return key;
    });
  const results = await Promise.all([ask('a'), ask('b'), ask('a')]);
  await ask('a');
  expect({ results, runs }).toEqual({ results: ['a', 'b', 'a'], runs: ['a', 'b', 'a'] });
});
