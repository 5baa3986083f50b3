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
import { house, only } from '../fixtures/accounts.ts';

const bob = account(undefined, {
  id: '00000000000000bb',
  label: 'bob',
  session: session({ userId: '@bob:example.org' }),
});

test('Accounts.find() finds by label, and by the user id that only one account has', () => {
  const second = account(undefined, { id: '00000000000000cc', label: 'alice-2' });
  const { accounts } = house({}, { account: account() }, { account: bob }, { account: second });
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
  const room = house({}, { account: account() }, { account: bob });
  await room.clock.advance(0);
  expect([room.asked, room.clock.sleepers, room.clock.nextWake]).toEqual([[], 1, 4 * MINUTE]);
});

test('Accounts.load() refreshes first where the last process was killed in the middle of a refresh', async () => {
  const room = house({ refresh: [newTokens(1)] }, { account: account(), refreshSentAt: 1 });
  await room.clock.advance(0);
  expect([counts(room.asked), stateOf(only(room)), room.journal.at(-1)]).toEqual([
    { refresh: 1 },
    { kind: 'active', tokens: 'A1 R1' },
    'saved active A1 R1',
  ]);
});

test('Accounts.load() finds out who signed in where the last process did not', async () => {
  const unverified = account(
    { kind: 'unverified', tokens: tokens(0), waiting: null },
    { session: session({ userId: null, displayName: null }) },
  );
  const room = house(
    { whoami: [offline, itIsAlice], profile: json({ displayname: 'Al' }) },
    { account: unverified },
  );
  await room.clock.advance(SECOND);
  const { account: held } = only(room);
  expect([held.state.kind, held.session.userId, held.session.displayName, room.journal]).toEqual([
    'active',
    '@alice:example.org',
    'Al',
    ['ask whoami', 'ask whoami', 'ask profile', 'saved active A0 R0'],
  ]);
});

test('Accounts.load() finishes a sign-out, by the newest tokens there are', async () => {
  const state = { kind: 'signing-out', tokens: tokens(0), since: 1, waiting: null } as const;
  const room = house(
    { refresh: [newTokens(1)], revocation: [raw('', 200)], whoami: [unknownToken] },
    { account: account({ ...state, revokedAt: null }) },
  );
  await room.clock.advance(0);
  expect([
    room.asked.map((one) => [one.step, formOf(one).token ?? null]),
    room.accounts.all(),
    room.vault.records.size,
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

test('Accounts.load() drops a signed-out account whose place was taken as the last process ended', async () => {
  const old = account({ kind: 'signed-out', why: 'by-user' }, { id: '00000000000000dd' });
  const room = house({}, { account: old }, { account: account() });
  await settle();
  const found = room.accounts.find('alice');
  expect([found.ok && found.value.account.id, [...room.vault.records.keys()]]).toEqual([
    '00000000000000aa',
    ['00000000000000aa'],
  ]);
});

test('Accounts keep tokens fresh, one timer for all, each in its own time', async () => {
  const room = house({ refresh: newTokens(1) }, { account: account() }, { account: bob });
  await room.clock.advance(20 * MINUTE);
  expect([counts(room.asked), room.clock.sleepers, room.clock.nextWake]).toEqual([
    { refresh: 10 },
    1,
    24 * MINUTE,
  ]);
});

test('Accounts do not wait for each other when a server hangs', async () => {
  const hanging = gated(newTokens(1));
  const room = house(
    { refresh: [hanging.answer, newTokens(2)] },
    { account: account() },
    { account: bob },
  );
  await room.clock.advance(4 * MINUTE);
  expect(room.accounts.all().map((live) => live.account.state.kind)).toEqual([
    'refreshing',
    'active',
  ]);
});

test('Accounts refresh at once, and once, what a suspended machine slept through', async () => {
  const room = house({ refresh: newTokens(1) }, { account: account() });
  room.clock.suspend(60 * MINUTE);
  await room.clock.advance(0);
  expect([counts(room.asked), room.clock.nextWake]).toEqual([{ refresh: 1 }, 64 * MINUTE]);
});

test('Accounts look at a locked account every five minutes, with one refresh each time', async () => {
  const room = house(
    { refresh: newTokens(1), whoami: unknownToken },
    { account: account({ kind: 'unverified', tokens: tokens(0), waiting: null }) },
  );
  await room.clock.advance(0);
  const found = [stateOf(only(room)).kind, counts(room.asked)];
  await room.clock.advance(20 * MINUTE);
  expect([found, stateOf(only(room)).kind, counts(room.asked)]).toEqual([
    ['locked', { whoami: 2, refresh: 1 }],
    'locked',
    { whoami: 6, refresh: 5 },
  ]);
});

test('Accounts take a locked account into use again when the server does, and not before it is sure', async () => {
  const lock = { attempt: 1, retry: 0, failure: { code: 'account-locked' } } as const;
  const room = house({
    refresh: [offline, newTokens(1), newTokens(2)],
    whoami: [raw('', 503), itIsAlice],
  });
  const live = room.accounts.adopt(account());
  live.apply({ kind: 'locked', failure: lock.failure, retry: 0 });
  room.accounts.release(live);
  const states: unknown[] = [];
  for (let n = 0; n < 4; n += 1) {
    await room.clock.advance(0);
    states.push(stateOf(live).kind);
    await room.clock.advance(2 * SECOND);
  }
  expect([states, counts(room.asked)]).toEqual([
    ['locked', 'locked', 'locked', 'active'],
    { refresh: 3, whoami: 2 },
  ]);
});

test('Accounts end an account that the server ended while it was locked', async () => {
  const room = house({ refresh: [oauthError('invalid_grant')] });
  const live = room.accounts.adopt(account());
  live.apply({ kind: 'locked', failure: { code: 'account-locked' }, retry: 0 });
  room.accounts.release(live);
  await room.clock.advance(MINUTE);
  expect([stateOf(live), [...room.vault.records.values()].map(storedWords)]).toEqual([
    { kind: 'signed-out', why: 'ended-by-server' },
    ['signed-out ended-by-server'],
  ]);
});

test('Accounts save a pair later that the full disk did not take, without being asked', async () => {
  const room = house({ refresh: [newTokens(1)] }, { account: account() });
  await room.clock.advance(4 * MINUTE - 1);
  const saves = room.clock.advance(2);
  while (room.asked.length === 0) await settle(1);
  room.vault.failure = diskFull;
  await saves;
  const meanwhile = stateOf(only(room)).kind;
  await room.clock.advance(MINUTE);
  room.vault.failure = null;
  await room.clock.advance(MINUTE);
  expect([meanwhile, stateOf(only(room)), counts(room.asked)]).toEqual([
    'unsaved',
    { kind: 'active', tokens: 'A1 R1' },
    { refresh: 1 },
  ]);
});
