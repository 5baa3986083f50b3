import { expect, test } from 'vitest';
import { refreshOnDemand } from '../../../main/accounts/refresh/on-demand.ts';
import { json } from '../../protocol/http/scripted-network.ts';
import {
  makeWorld,
  counts,
  itIsAlice,
  manage,
  MINUTE,
  newTokens,
  offline,
  SECOND,
  stateOf,
  unknownToken,
} from '../../fixtures/world.ts';

test('refreshOnDemand() asks the server a dozen times in a row, then returns the current token', async () => {
  const refresh = Array.from({ length: 13 }, (_, n) => newTokens(n + 1));
  const world = makeWorld({ refresh, whoami: itIsAlice });
  const managed = manage(world);
  const given: (string | false)[] = [];
  const ask = async (): Promise<void> => {
    const renewed = await refreshOnDemand(managed, world.deps);
    given.push(renewed.ok && renewed.value.access.reveal());
  };
  for (let time = 0; time < 14; time += 1) await ask();
  await world.clock.advance(10 * SECOND);
  await ask();
  expect([given.slice(10), counts(world.asked)]).toEqual([
    ['A11', 'A12', 'A12', 'A12', 'A13'],
    { refresh: 13, whoami: 12 },
  ]);
});

test('refreshOnDemand() never reports success for an unreachable server, however often it is called', async () => {
  const world = makeWorld({ refresh: [offline, newTokens(1)] });
  const managed = manage(world);
  const told = new Set<string>();
  for (let time = 0; time < 50; time += 1) {
    const renewed = await refreshOnDemand(managed, world.deps);
    told.add(renewed.ok ? 'new tokens' : renewed.failure.code);
  }
  await world.clock.advance(SECOND);
  const renewed = await refreshOnDemand(managed, world.deps);
  expect([[...told], renewed.ok && renewed.value.access.reveal(), counts(world.asked)]).toEqual([
    ['unreachable'],
    'A1',
    { refresh: 2 },
  ]);
});

test('refreshOnDemand() counts callers who share one refresh as one', async () => {
  const world = makeWorld({ refresh: [newTokens(1), newTokens(2)], whoami: [itIsAlice] });
  const managed = manage(world);
  await Promise.all(Array.from({ length: 100 }, () => refreshOnDemand(managed, world.deps)));
  const renewed = await refreshOnDemand(managed, world.deps);
  expect([renewed.ok && renewed.value.access.reveal(), counts(world.asked)]).toEqual([
    'A2',
    { refresh: 2, whoami: 1 },
  ]);
});

test('refreshOnDemand() always asks the server if there is no token to return', async () => {
  const short = (n: number) => newTokens(n, { expires_in: 1 });
  const refresh = Array.from({ length: 13 }, (_, n) => short(n + 1));
  const world = makeWorld({ refresh, whoami: itIsAlice });
  const managed = manage(world);
  for (let ask = 0; ask < 12; ask += 1) await refreshOnDemand(managed, world.deps);
  await world.clock.advance(SECOND);
  const renewed = await refreshOnDemand(managed, world.deps);
  expect([renewed.ok && renewed.value.access.reveal(), counts(world.asked)]).toEqual([
    'A13',
    { refresh: 13, whoami: 12 },
  ]);
});

test('refreshOnDemand() checks the account before a second refresh within a minute, and finds it locked', async () => {
  const world = makeWorld({ refresh: [newTokens(1), newTokens(2)], whoami: unknownToken });
  const managed = manage(world);
  const told: unknown[] = [];
  for (let ask = 0; ask < 50; ask += 1) {
    const renewed = await refreshOnDemand(managed, world.deps);
    told.push(renewed.ok || renewed.failure.code);
    await world.clock.advance(SECOND);
  }
  expect([told, managed.account.state.kind, counts(world.asked)]).toEqual([
    [true, ...Array<string>(49).fill('account-locked')],
    'locked',
    { refresh: 2, whoami: 2 },
  ]);
});

test('refreshOnDemand() returns a new token on a second request if the account is healthy', async () => {
  const world = makeWorld({ refresh: [newTokens(1), newTokens(2)], whoami: [itIsAlice] });
  const managed = manage(world);
  await refreshOnDemand(managed, world.deps);
  await world.clock.advance(SECOND);
  const [one, other] = await Promise.all([1, 2].map(() => refreshOnDemand(managed, world.deps)));
  expect([one, other, stateOf(managed), counts(world.asked)]).toEqual([
    expect.objectContaining({ ok: true }),
    one,
    { kind: 'active', tokens: 'A2 R2' },
    { refresh: 2, whoami: 1 },
  ]);
});

test('refreshOnDemand() checks a locked account once a minute, and refreshes once it is unlocked', async () => {
  const locked = json({ errcode: 'M_USER_LOCKED', soft_logout: true }, 401);
  const world = makeWorld({
    refresh: [newTokens(1), newTokens(2)],
    whoami: [locked, locked, itIsAlice],
  });
  const managed = manage(world);
  const told: unknown[] = [];
  for (let ask = 0; ask < 6; ask += 1) {
    const renewed = await refreshOnDemand(managed, world.deps);
    told.push(renewed.ok ? renewed.value.access.reveal() : renewed.failure.code);
    await world.clock.advance(MINUTE / 2);
  }
  expect([told, counts(world.asked)]).toEqual([
    ['A1', ...Array<string>(4).fill('account-locked'), 'A2'],
    { refresh: 2, whoami: 3 },
  ]);
});
