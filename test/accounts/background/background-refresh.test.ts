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
import type { Held, AccountsWorld } from '../../fixtures/accounts.ts';
import { makeAccounts, onlyAccount } from '../../fixtures/accounts.ts';
import { settle } from '../../fixtures/fake-clock.ts';

/** The given number of accounts on one server, with tokens all issued at the same time. */
function together(count: number): readonly Held[] {
  return Array.from({ length: count }, (_, n) => ({
    account: account(undefined, { id: n.toString(16).padStart(16, '0'), label: `account-${n}` }),
  }));
}

function refreshes({ asked }: AccountsWorld): number {
  return counts(asked).refresh ?? 0;
}

test("BackgroundRefresh refreshes at most four accounts per server at a time, and never delays a user's request", async () => {
  const held = gated(newTokens(1));
  const world = makeAccounts({ refresh: held.answer }, ...together(10));
  await world.clock.advance(4 * MINUTE);
  const scheduled = refreshes(world);
  const waiting = world.accounts.all().find((managed) => managed.account.state.kind === 'active');
  void waiting?.forceRefresh();
  await settle();
  const withPerson = refreshes(world);
  held.open();
  await settle(60);
  expect([scheduled, withPerson, refreshes(world)]).toEqual([4, 5, 10]);
});

test('BackgroundRefresh starts nothing while the machine goes to sleep, and catches up when it wakes', async () => {
  const world = makeAccounts({ refresh: newTokens(1) }, { account: account() });
  world.accounts.suspend();
  await world.clock.advance(MINUTE);
  const taken = onlyAccount(world).getToken(5 * MINUTE, 'curl');
  await settle();
  const asleep = refreshes(world);
  world.clock.suspend(HOUR);
  world.accounts.wake();
  await world.clock.advance(3 * SECOND);
  expect([asleep, refreshes(world), (await taken).ok]).toEqual([0, 1, true]);
});

test('BackgroundRefresh sets no timer while nothing is due', async () => {
  const world = makeAccounts({}, { account: account(undefined, { policy: 'on-demand' }) });
  await world.clock.advance(10 * MINUTE);
  expect([world.clock.sleepers, refreshes(world)]).toEqual([0, 0]);
});

test('BackgroundRefresh does not wait out the pause when the network is back', async () => {
  const broken = Array.from({ length: 8 }, () => offline);
  const world = makeAccounts({ refresh: [...broken, newTokens(1)] }, { account: account() });
  await world.clock.advance(6 * MINUTE);
  const before = [refreshes(world), onlyAccount(world).account.state.kind];
  world.accounts.networkBack();
  await world.clock.advance(2 * SECOND);
  expect([before, refreshes(world), onlyAccount(world).account.state.kind]).toEqual([
    [8, 'retrying'],
    9,
    'active',
  ]);
});

test('BackgroundRefresh respects a wait that a server asked for', async () => {
  const wait = () => new Response('{}', { status: 429, headers: { 'retry-after': '600' } });
  const world = makeAccounts({ refresh: [wait] }, { account: account() });
  await world.clock.advance(5 * MINUTE);
  world.accounts.networkBack();
  world.accounts.wake();
  await world.clock.advance(MINUTE);
  expect(refreshes(world)).toBe(1);
});

test('BackgroundRefresh does not replace a token in use when the network is back', async () => {
  const world = makeAccounts({ refresh: [offline] }, { account: account() });
  const managed = onlyAccount(world);
  await managed.getToken(0, 'Postman');
  await managed.forceRefresh();
  world.accounts.networkBack();
  await world.clock.advance(4 * MINUTE);
  expect([refreshes(world), managed.account.state.kind]).toEqual([1, 'retrying']);
});
