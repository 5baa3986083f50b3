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
import type { AccountsWorld } from '../fixtures/accounts.ts';
import { makeAccounts, onlyAccount } from '../fixtures/accounts.ts';

const held = { account: account() };
const onDisk = ({ vault }: AccountsWorld) => [...vault.records.values()].map(storedWords);

/** An account whose server has just given new tokens, and a disk that did not take them. */
async function withUnsavedTokens(): Promise<AccountsWorld> {
  const slow = gated(newTokens(1));
  const world = makeAccounts({ refresh: [slow.answer] }, held);
  const refreshed = onlyAccount(world).refresh();
  await settle();
  world.vault.failure = diskFull;
  slow.open();
  await refreshed;
  return world;
}

test('Accounts.stop() waits for a refresh in progress, and leaves nothing due', async () => {
  const slow = gated(newTokens(1));
  const world = makeAccounts({ refresh: [slow.answer] }, held);
  await world.clock.advance(4 * MINUTE);
  let stopped = false;
  const stopping = world.accounts.stop().then(() => (stopped = true));
  await settle();
  const before = stopped;
  slow.open();
  await stopping;
  expect([before, world.journal.at(-1), world.clock.sleepers]).toEqual([
    false,
    'saved active A1 R1',
    0,
  ]);
});

test('Accounts.stop() saves new tokens that an earlier write failed to save, if the disk works again', async () => {
  const world = await withUnsavedTokens();
  await world.clock.advance(20 * MINUTE);
  world.vault.failure = null;
  await world.accounts.stop();
  expect([onDisk(world), counts(world.asked), world.clock.sleepers]).toEqual([
    ['active A1 R1'],
    { refresh: 1 },
    0,
  ]);
});

test('Accounts.stop() starts no refresh while it waits for another', async () => {
  const [slow, who] = [gated(newTokens(1)), gated(unknownToken)];
  const bob = account(undefined, { id: '00000000000000bb', label: 'bob' });
  const world = makeAccounts({ refresh: [slow.answer, newTokens(2)], whoami: [who.answer] }, held, {
    account: bob,
  });
  const [alice, other] = world.accounts.all();
  void alice?.refresh();
  const looked = other && recheckAccount(other, world.deps);
  await settle();
  const stopping = world.accounts.stop();
  who.open();
  await settle();
  slow.open();
  await stopping;
  world.vault.failure = { code: 'vault-locked' };
  expect([await looked, counts(world.asked), onDisk(world)]).toEqual([
    { ok: false, failure: { code: 'agent-stopping' } },
    { refresh: 1, whoami: 1 },
    ['active A1 R1', 'active A0 R0'],
  ]);
});

test('a sign-out that could not be saved is written as soon as the disk works, even if the server is unreachable', async () => {
  const world = makeAccounts({ revocation: offline }, held);
  world.vault.failure = diskFull;
  await world.accounts.signOut(onlyAccount(world));
  const meanwhile = stateOf(onlyAccount(world));
  world.vault.failure = null;
  await world.clock.advance(MINUTE);
  expect([meanwhile, onDisk(world)]).toMatchObject([
    { kind: 'signing-out', waiting: { failure: diskFull } },
    ['signing-out A0 R0'],
  ]);
});

test('Accounts.stop() saves a sign-out that an earlier write failed to save', async () => {
  const world = makeAccounts({ revocation: offline }, held);
  world.vault.failure = diskFull;
  await world.accounts.signOut(onlyAccount(world));
  world.vault.failure = null;
  await world.accounts.stop();
  expect([onDisk(world), world.clock.sleepers]).toEqual([['signing-out A0 R0'], 0]);
});

test('new tokens that could not be saved are written at most ten seconds after the disk works again', async () => {
  const world = await withUnsavedTokens();
  await world.clock.advance(MINUTE);
  world.vault.failure = null;
  await world.clock.advance(12 * SECOND);
  expect(onDisk(world)).toEqual(['active A1 R1']);
});
