import { expect, test } from 'vitest';
import { settle } from '../../fixtures/fake-clock.ts';
import {
  account,
  counts,
  HOUR,
  lostAnswer,
  MINUTE,
  newTokens,
  SECOND,
  tokens,
} from '../../fixtures/world.ts';
import type { Script } from '../../fixtures/world.ts';
import { makeAccounts, onlyAccount } from '../../fixtures/accounts.ts';

/** A refresh requested while the machine goes to sleep, and sent when it wakes eight hours later. */
async function heldOver(script: Script) {
  const world = makeAccounts(script, { account: account({ kind: 'active', tokens: tokens(0) }) });
  const managed = onlyAccount(world);
  world.accounts.suspend();
  const refreshed = managed.refresh();
  await settle();
  world.clock.suspend(8 * HOUR);
  world.accounts.wake();
  await settle();
  return { world, managed, refreshed };
}

test('A refresh held back during sleep counts its lifetime from when it was sent, and is sent once', async () => {
  const { world, refreshed } = await heldOver({ refresh: [newTokens(1)] });
  const fresh = await refreshed;
  await world.clock.advance(3 * MINUTE);
  expect([fresh.ok && [fresh.value.expires, fresh.value.issuedAt], counts(world.asked)]).toEqual([
    [8 * HOUR + 5 * MINUTE, Date.UTC(2026, 0, 1, 8)],
    { refresh: 1 },
  ]);
});

test('A refresh held back during sleep is retried as soon as any other when its response is lost', async () => {
  const { world, refreshed } = await heldOver({
    refresh: [...Array.from({ length: 8 }, () => lostAnswer), newTokens(1)],
  });
  await refreshed;
  await world.clock.advance(7 * SECOND);
  expect(counts(world.asked)).toEqual({ refresh: 9 });
});
