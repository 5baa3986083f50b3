import { expect, test } from 'vitest';
import {
  account,
  counts,
  gated,
  HOUR,
  MINUTE,
  newTokens,
  offline,
  SECOND,
} from '../../fixtures/world.ts';
import type { Held, House } from '../../fixtures/accounts.ts';
import { house, only } from '../../fixtures/accounts.ts';
import { settle } from '../../fixtures/fake-clock.ts';

/** So many accounts at one server, whose tokens were all issued together. */
function together(count: number): readonly Held[] {
  return Array.from({ length: count }, (_, n) => ({
    account: account(undefined, { id: n.toString(16).padStart(16, '0'), label: `account-${n}` }),
  }));
}

function refreshes({ asked }: House): number {
  return counts(asked).refresh ?? 0;
}

test('BackgroundRefresh asks one server for four accounts at a time, and a person waits for none of them', async () => {
  const held = gated(newTokens(1));
  const room = house({ refresh: held.answer }, ...together(10));
  await room.clock.advance(4 * MINUTE);
  const scheduled = refreshes(room);
  const waiting = room.accounts.all().find((live) => live.account.state.kind === 'active');
  void waiting?.forceRefresh();
  await settle();
  const withPerson = refreshes(room);
  held.open();
  await settle(60);
  expect([scheduled, withPerson, refreshes(room)]).toEqual([4, 5, 10]);
});

test('BackgroundRefresh begins nothing while the machine falls asleep, and all of it when it woke', async () => {
  const room = house({ refresh: newTokens(1) }, { account: account() });
  room.accounts.suspend();
  await room.clock.advance(MINUTE);
  const taken = only(room).getToken(5 * MINUTE, 'curl');
  await settle();
  const asleep = refreshes(room);
  room.clock.suspend(HOUR);
  room.accounts.wake();
  await room.clock.advance(3 * SECOND);
  expect([asleep, refreshes(room), (await taken).ok]).toEqual([0, 1, true]);
});

test('BackgroundRefresh wakes nobody up while nothing is due', async () => {
  const room = house({}, { account: account(undefined, { policy: 'on-demand' }) });
  await room.clock.advance(10 * MINUTE);
  expect([room.clock.sleepers, refreshes(room)]).toEqual([0, 0]);
});

test('BackgroundRefresh does not wait out the pause when the network is back', async () => {
  const broken = Array.from({ length: 8 }, () => offline);
  const room = house({ refresh: [...broken, newTokens(1)] }, { account: account() });
  await room.clock.advance(6 * MINUTE);
  const before = [refreshes(room), only(room).account.state.kind];
  room.accounts.networkBack();
  await room.clock.advance(2 * SECOND);
  expect([before, refreshes(room), only(room).account.state.kind]).toEqual([
    [8, 'retrying'],
    9,
    'active',
  ]);
});

test('BackgroundRefresh leaves a pause alone that a server asked for', async () => {
  const wait = () => new Response('{}', { status: 429, headers: { 'retry-after': '600' } });
  const room = house({ refresh: [wait] }, { account: account() });
  await room.clock.advance(5 * MINUTE);
  room.accounts.networkBack();
  room.accounts.wake();
  await room.clock.advance(MINUTE);
  expect(refreshes(room)).toBe(1);
});

test('BackgroundRefresh cuts nobody short because the network is back', async () => {
  const room = house({ refresh: [offline] }, { account: account() });
  const live = only(room);
  await live.getToken(0, 'Postman');
  await live.forceRefresh();
  room.accounts.networkBack();
  await room.clock.advance(4 * MINUTE);
  expect([refreshes(room), live.account.state.kind]).toEqual([1, 'retrying']);
});
