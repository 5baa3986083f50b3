import { expect, test } from 'vitest';
import { settle } from '../fixtures/fake-clock.ts';
import { diskFull } from '../fixtures/memory-vault.ts';
import { json, raw } from '../protocol/http/scripted-network.ts';
import {
  account,
  counts,
  formOf,
  gated,
  itIsAlice,
  MINUTE,
  newTokens,
  oauthError,
  offline,
  SECOND,
  session,
  stateOf,
  storedWords,
  tokens,
  unknownToken,
} from '../fixtures/world.ts';
import { makeAccounts, onlyAccount } from '../fixtures/accounts.ts';

const bob = account(undefined, {
  id: '00000000000000bb',
  label: 'bob',
  session: session({ userId: '@bob:example.org' }),
});

test('Accounts.find() finds an account by label, and by user id if only one account has it', () => {
  const second = account(undefined, { id: '00000000000000cc', label: 'alice-2' });
  const { accounts } = makeAccounts(
    {},
    { account: account() },
    { account: bob },
    { account: second },
  );
  const found = ['alice', 'alice-2', '@bob:example.org', '@alice:example.org', 'carol'].map(
    (name) => {
      const one = accounts.find(name);
      return one.ok ? one.value.account.id : one.failure;
    },
  );
  expect(found).toEqual([
    '00000000000000aa',
    '00000000000000cc',
    '00000000000000bb',
    {
      code: 'account-ambiguous',
      account: '@alice:example.org',
      labels: ['alice', 'alice-2'],
    },
    { code: 'account-unknown', account: 'carol', labels: ['alice', 'alice-2', 'bob'] },
  ]);
});

test('Accounts.load() sends nothing that is not due', async () => {
  const world = makeAccounts({}, { account: account() }, { account: bob });
  await world.clock.advance(0);
  expect([world.asked, world.clock.sleepers, world.clock.nextWake]).toEqual([[], 1, 4 * MINUTE]);
});

test('Accounts.load() refreshes first if the last process was killed during a refresh', async () => {
  const world = makeAccounts({ refresh: [newTokens(1)] }, { account: account(), refreshSentAt: 1 });
  await world.clock.advance(0);
  expect([counts(world.asked), stateOf(onlyAccount(world)), world.journal.at(-1)]).toEqual([
    { refresh: 1 },
    { kind: 'active', tokens: 'A1 R1' },
    'saved active A1 R1',
  ]);
});

test('Accounts.load() finds out who signed in if the last process did not', async () => {
  const unverified = account(
    { kind: 'unverified', tokens: tokens(0), waiting: null },
    { session: session({ userId: null, displayName: null }) },
  );
  const world = makeAccounts(
    { whoami: [offline, itIsAlice], profile: json({ displayname: 'Al' }) },
    { account: unverified },
  );
  await world.clock.advance(SECOND);
  const { account: held } = onlyAccount(world);
  expect([held.state.kind, held.session.userId, held.session.displayName, world.journal]).toEqual([
    'active',
    '@alice:example.org',
    'Al',
    ['ask whoami', 'ask whoami', 'ask profile', 'saved active A0 R0'],
  ]);
});

test('Accounts.load() finishes a sign-out with the newest tokens', async () => {
  const state = { kind: 'signing-out', tokens: tokens(0), since: 1, waiting: null } as const;
  const world = makeAccounts(
    { refresh: [newTokens(1)], revocation: [raw('', 200)], whoami: [unknownToken] },
    { account: account({ ...state, revokedAt: null }) },
  );
  await world.clock.advance(0);
  expect([
    world.asked.map((one) => [one.step, formOf(one).token ?? null]),
    world.accounts.all(),
    world.vault.records.size,
  ]).toEqual([
    [
      ['refresh', null],
      ['revocation', 'R1'],
      ['whoami', null],
    ],
    [],
    0,
  ]);
});

test('Accounts.load() drops a signed-out account whose place was taken just before the last process ended', async () => {
  const old = account({ kind: 'signed-out', why: 'by-user' }, { id: '00000000000000dd' });
  const world = makeAccounts({}, { account: old }, { account: account() });
  await settle();
  const found = world.accounts.find('alice');
  expect([found.ok && found.value.account.id, [...world.vault.records.keys()]]).toEqual([
    '00000000000000aa',
    ['00000000000000aa'],
  ]);
});

test('Accounts refresh each token when it is due, with a single timer', async () => {
  const world = makeAccounts({ refresh: newTokens(1) }, { account: account() }, { account: bob });
  await world.clock.advance(20 * MINUTE);
  expect([counts(world.asked), world.clock.sleepers, world.clock.nextWake]).toEqual([
    { refresh: 10 },
    1,
    24 * MINUTE,
  ]);
});

test('Accounts do not wait for each other when a server hangs', async () => {
  const hanging = gated(newTokens(1));
  const world = makeAccounts(
    { refresh: [hanging.answer, newTokens(2)] },
    { account: account() },
    { account: bob },
  );
  await world.clock.advance(4 * MINUTE);
  expect(world.accounts.all().map((managed) => managed.account.state.kind)).toEqual([
    'refreshing',
    'active',
  ]);
});

test('Accounts refresh once, and at once, what fell due while the machine was suspended', async () => {
  const world = makeAccounts({ refresh: newTokens(1) }, { account: account() });
  world.clock.suspend(60 * MINUTE);
  await world.clock.advance(0);
  expect([counts(world.asked), world.clock.nextWake]).toEqual([{ refresh: 1 }, 64 * MINUTE]);
});

test('Accounts check a locked account every five minutes, with one refresh each time', async () => {
  const world = makeAccounts(
    { refresh: newTokens(1), whoami: unknownToken },
    { account: account({ kind: 'unverified', tokens: tokens(0), waiting: null }) },
  );
  await world.clock.advance(0);
  const found = [stateOf(onlyAccount(world)).kind, counts(world.asked)];
  await world.clock.advance(20 * MINUTE);
  expect([found, stateOf(onlyAccount(world)).kind, counts(world.asked)]).toEqual([
    ['locked', { whoami: 2, refresh: 1 }],
    'locked',
    { whoami: 6, refresh: 5 },
  ]);
});

test('Accounts unlock an account once the server has, and not before that is certain', async () => {
  const lock = { attempt: 1, retryAt: 0, failure: { code: 'account-locked' } } as const;
  const world = makeAccounts({
    refresh: [offline, newTokens(1), newTokens(2)],
    whoami: [raw('', 503), itIsAlice],
  });
  const managed = world.accounts.adopt(account());
  managed.apply({ kind: 'locked', failure: lock.failure, retryAt: 0 });
  world.accounts.release(managed);
  const states: unknown[] = [];
  for (let n = 0; n < 4; n += 1) {
    await world.clock.advance(0);
    states.push(stateOf(managed).kind);
    await world.clock.advance(2 * SECOND);
  }
  expect([states, counts(world.asked)]).toEqual([
    ['locked', 'locked', 'locked', 'active'],
    { refresh: 3, whoami: 2 },
  ]);
});

test('Accounts end an account that the server ended while it was locked', async () => {
  const world = makeAccounts({ refresh: [oauthError('invalid_grant')] });
  const managed = world.accounts.adopt(account());
  managed.apply({ kind: 'locked', failure: { code: 'account-locked' }, retryAt: 0 });
  world.accounts.release(managed);
  await world.clock.advance(MINUTE);
  expect([stateOf(managed), [...world.vault.records.values()].map(storedWords)]).toEqual([
    { kind: 'signed-out', why: 'ended-by-server' },
    ['signed-out ended-by-server'],
  ]);
});

test('Accounts retry saving a pair after a full disk without a request', async () => {
  const world = makeAccounts({ refresh: [newTokens(1)] }, { account: account() });
  await world.clock.advance(4 * MINUTE - 1);
  const saves = world.clock.advance(2);
  while (world.asked.length === 0) await settle(1);
  world.vault.failure = diskFull;
  await saves;
  const meanwhile = stateOf(onlyAccount(world)).kind;
  await world.clock.advance(MINUTE);
  world.vault.failure = null;
  await world.clock.advance(MINUTE);
  expect([meanwhile, stateOf(onlyAccount(world)), counts(world.asked)]).toEqual([
    'unsaved',
    { kind: 'active', tokens: 'A1 R1' },
    { refresh: 1 },
  ]);
});
