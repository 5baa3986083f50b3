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
import { house, only } from '../fixtures/accounts.ts';
import type { House } from '../fixtures/accounts.ts';
import type { Answer } from '../protocol/http/scripted-network.ts';

/** A locked account whose refresh was answered while the disk was full; the disk is well again. */
async function throughFullDisk(whoami: Answer): Promise<House> {
  const slow = gated(newTokens(1));
  const room = house({ refresh: [slow.answer, newTokens(2)], whoami }, { account: account() });
  only(room).apply({ kind: 'locked', failure: { code: 'account-locked' }, retry: MINUTE });
  const looking = room.clock.advance(MINUTE);
  while (room.asked.length === 0) await settle(1);
  room.vault.failure = diskFull;
  slow.open();
  await looking;
  room.vault.failure = null;
  return room;
}

test('Accounts keep a lock over a full disk, and hand nothing out before the server ends it', async () => {
  const room = await throughFullDisk(unknownToken);
  const live = only(room);
  const full = live.account.state.kind;
  const before = await live.getToken(0, 'curl');
  await room.clock.advance(MINUTE);
  const after = await live.getToken(0, 'curl');
  const refused = { ok: false, failure: { code: 'account-locked' } };
  expect([full, before, live.account.state.kind, after]).toEqual([
    'unsaved',
    refused,
    'locked',
    refused,
  ]);
});

test('Accounts end a lock that a full disk lay over as soon as the server takes the new token', async () => {
  const room = await throughFullDisk(itIsAlice);
  await room.clock.advance(10 * SECOND);
  expect([stateOf(only(room)), counts(room.asked)]).toEqual([
    { kind: 'active', tokens: 'A2 R2' },
    { refresh: 2, whoami: 1 },
  ]);
});
