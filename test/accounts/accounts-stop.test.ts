import { expect, test } from 'vitest';
import { recheckAccount } from '../../main/accounts/verify.ts';
import { settle } from '../fixtures/fake-clock.ts';
import { diskFull } from '../fixtures/memory-vault.ts';
import {
  account,
  counts,
  gated,
  MINUTE,
  newTokens,
  offline,
  SECOND,
  stateOf,
  storedWords,
  unknownToken,
} from '../fixtures/world.ts';
import type { House } from '../fixtures/accounts.ts';
import { house, only } from '../fixtures/accounts.ts';

const held = { account: account() };
const onDisk = ({ vault }: House) => [...vault.records.values()].map(storedWords);

/** An account whose server has just given new tokens, and a disk that did not take them. */
async function withUnsavedTokens(): Promise<House> {
  const slow = gated(newTokens(1));
  const room = house({ refresh: [slow.answer] }, held);
  const refreshed = only(room).refresh();
  await settle();
  room.vault.failure = diskFull;
  slow.open();
  await refreshed;
  return room;
}

test('Accounts.stop() waits for a refresh under way, and nothing is due any more', async () => {
  const slow = gated(newTokens(1));
  const room = house({ refresh: [slow.answer] }, held);
  await room.clock.advance(4 * MINUTE);
  let stopped = false;
  const stopping = room.accounts.stop().then(() => (stopped = true));
  await settle();
  const before = stopped;
  slow.open();
  await stopping;
  expect([before, room.journal.at(-1), room.clock.sleepers]).toEqual([
    false,
    'saved active A1 R1',
    0,
  ]);
});

test('Accounts.stop() writes new tokens that the disk did not take before, if it takes them now', async () => {
  const room = await withUnsavedTokens();
  await room.clock.advance(20 * MINUTE);
  room.vault.failure = null;
  await room.accounts.stop();
  expect([onDisk(room), counts(room.asked), room.clock.sleepers]).toEqual([
    ['active A1 R1'],
    { refresh: 1 },
    0,
  ]);
});

test('Accounts.stop() lets no refresh begin while it waits for another', async () => {
  const [slow, who] = [gated(newTokens(1)), gated(unknownToken)];
  const bob = account(undefined, { id: '00000000000000bb', label: 'bob' });
  const room = house({ refresh: [slow.answer, newTokens(2)], whoami: [who.answer] }, held, {
    account: bob,
  });
  const [alice, other] = room.accounts.all();
  void alice?.refresh();
  const looked = other && recheckAccount(other, room.world);
  await settle();
  const stopping = room.accounts.stop();
  who.open();
  await settle();
  slow.open();
  await stopping;
  room.vault.failure = { code: 'vault-locked' };
  expect([await looked, counts(room.asked), onDisk(room)]).toEqual([
    { ok: false, failure: { code: 'agent-stopping' } },
    { refresh: 1, whoami: 1 },
    ['active A1 R1', 'active A0 R0'],
  ]);
});

test('a sign-out that the disk did not take is written as soon as it does, though the server is away', async () => {
  const room = house({ revocation: offline }, held);
  room.vault.failure = diskFull;
  await room.accounts.signOut(only(room));
  const meanwhile = stateOf(only(room));
  room.vault.failure = null;
  await room.clock.advance(MINUTE);
  expect([meanwhile, onDisk(room)]).toMatchObject([
    { kind: 'signing-out', waiting: { failure: diskFull } },
    ['signing-out A0 R0'],
  ]);
});

test('Accounts.stop() writes a sign-out that the disk did not take before', async () => {
  const room = house({ revocation: offline }, held);
  room.vault.failure = diskFull;
  await room.accounts.signOut(only(room));
  room.vault.failure = null;
  await room.accounts.stop();
  expect([onDisk(room), room.clock.sleepers]).toEqual([['signing-out A0 R0'], 0]);
});

test('new tokens that the disk does not take are written ten seconds after it does, at the latest', async () => {
  const room = await withUnsavedTokens();
  await room.clock.advance(MINUTE);
  room.vault.failure = null;
  await room.clock.advance(12 * SECOND);
  expect(onDisk(room)).toEqual(['active A1 R1']);
});
