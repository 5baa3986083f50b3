import { expect, test } from 'vitest';
import { settle } from '../fixtures/fake-clock.ts';
import { diskFull } from '../fixtures/memory-vault.ts';
import {
  account,
  counts,
  gated,
  itIsAlice,
  MINUTE,
  newTokens,
  SECOND,
  stateOf,
  unknownToken,
} from '../fixtures/world.ts';
import { makeAccounts, onlyAccount } from '../fixtures/accounts.ts';
import type { AccountsWorld } from '../fixtures/accounts.ts';
import type { Answer } from '../protocol/http/scripted-network.ts';

/** A locked account whose refresh was answered while the disk was full; the disk works again. */
async function throughFullDisk(whoami: Answer): Promise<AccountsWorld> {
  const slow = gated(newTokens(1));
  const world = makeAccounts(
    { refresh: [slow.answer, newTokens(2)], whoami },
    { account: account() },
  );
  onlyAccount(world).apply({
    kind: 'locked',
    failure: { code: 'account-locked' },
    retryAt: MINUTE,
  });
  const looking = world.clock.advance(MINUTE);
  while (world.asked.length === 0) await settle(1);
  world.vault.failure = diskFull;
  slow.open();
  await looking;
  world.vault.failure = null;
  return world;
}

test('Accounts keep a lock while the disk is full, and hand out no token until the server unlocks the account', async () => {
  const world = await throughFullDisk(unknownToken);
  const managed = onlyAccount(world);
  const full = managed.account.state.kind;
  const before = await managed.getToken(0, 'curl');
  await world.clock.advance(MINUTE);
  const after = await managed.getToken(0, 'curl');
  const refused = { ok: false, failure: { code: 'account-locked' } };
  expect([full, before, managed.account.state.kind, after]).toEqual([
    'unsaved',
    refused,
    'locked',
    refused,
  ]);
});

test('Accounts unlock after a full disk as soon as the server accepts the new token', async () => {
  const world = await throughFullDisk(itIsAlice);
  await world.clock.advance(10 * SECOND);
  expect([stateOf(onlyAccount(world)), counts(world.asked)]).toEqual([
    { kind: 'active', tokens: 'A2 R2' },
    { refresh: 2, whoami: 1 },
  ]);
});
