import { expect, test } from 'vitest';
import { bench, counts, liveOn, newTokens, offline, SECOND } from './arrange.ts';

test('LiveAccount.renewOnRequest() asks the server a dozen times in a row, and then gives what is there', async () => {
  const room = bench({ refresh: Array.from({ length: 13 }, (_, n) => newTokens(n + 1)) });
  const live = liveOn(room);
  const given: (string | false)[] = [];
  const ask = async (): Promise<void> => {
    const renewed = await live.renewOnRequest();
    given.push(renewed.ok && renewed.value.access.reveal());
  };
  for (let time = 0; time < 14; time += 1) await ask();
  await room.clock.advance(10 * SECOND);
  await ask();
  expect([given.slice(10), counts(room.asked)]).toEqual([
    ['A11', 'A12', 'A12', 'A12', 'A13'],
    { refresh: 13 },
  ]);
});

test('LiveAccount.renewOnRequest() never passes an unreachable server off as success, however often it is asked', async () => {
  const room = bench({ refresh: [offline, newTokens(1)] });
  const live = liveOn(room);
  const told = new Set<string>();
  for (let time = 0; time < 50; time += 1) {
    const renewed = await live.renewOnRequest();
    told.add(renewed.ok ? 'new tokens' : renewed.failure.code);
  }
  await room.clock.advance(SECOND);
  const renewed = await live.renewOnRequest();
  expect([[...told], renewed.ok && renewed.value.access.reveal(), counts(room.asked)]).toEqual([
    ['unreachable'],
    'A1',
    { refresh: 2 },
  ]);
});

test('LiveAccount.renewOnRequest() counts callers who share one refresh as one', async () => {
  const room = bench({ refresh: [newTokens(1), newTokens(2)] });
  const live = liveOn(room);
  await Promise.all(Array.from({ length: 100 }, () => live.renewOnRequest()));
  const renewed = await live.renewOnRequest();
  expect([renewed.ok && renewed.value.access.reveal(), counts(room.asked)]).toEqual([
    'A2',
    { refresh: 2 },
  ]);
});

test('LiveAccount.renewOnRequest() asks the server, however often it was asked, where no token is there to give', async () => {
  const short = (n: number) => newTokens(n, { expires_in: 1 });
  const room = bench({ refresh: Array.from({ length: 13 }, (_, n) => short(n + 1)) });
  const live = liveOn(room);
  for (let ask = 0; ask < 12; ask += 1) await live.renewOnRequest();
  await room.clock.advance(SECOND);
  const renewed = await live.renewOnRequest();
  expect([renewed.ok && renewed.value.access.reveal(), counts(room.asked)]).toEqual([
    'A13',
    { refresh: 13 },
  ]);
});
