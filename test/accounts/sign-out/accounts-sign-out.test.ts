import { expect, test } from 'vitest';
import { settle } from '../../fixtures/fake-clock.ts';
import { diskFull } from '../../fixtures/memory-vault.ts';
import { raw } from '../../protocol/http/scripted-network.ts';
import {
  account,
  counts,
  formOf,
  gated,
  itIsAlice,
  lostAnswer,
  MINUTE,
  newTokens,
  oauthError,
  offline,
  SECOND,
  stateOf,
  storedWords,
  tokens,
  unknownToken,
} from '../../fixtures/world.ts';
import { house, only, restarted } from '../../fixtures/accounts.ts';

const revoked = raw('', 200);
const held = { account: account() };

test('Accounts.signOut() is on disk before the server hears of it, and ends with nothing', async () => {
  const room = house({ revocation: [revoked], whoami: [unknownToken] }, held);
  const end = await room.accounts.signOut(only(room));
  expect([end, room.journal, room.accounts.all(), room.clock.sleepers]).toEqual([
    'refused',
    [
      'saved signing-out A0 R0',
      'ask revocation',
      'saved signing-out A0 R0, revoked',
      'ask whoami',
      'removed',
    ],
    [],
    0,
  ]);
});

test('Accounts.signOut() asked for twice ends the session once', async () => {
  const room = house({ revocation: [revoked], whoami: [unknownToken] }, held);
  const live = only(room);
  const ends = await Promise.all([room.accounts.signOut(live), room.accounts.signOut(live)]);
  await room.clock.advance(MINUTE);
  expect([ends, counts(room.asked)]).toEqual([
    ['refused', 'refused'],
    { revocation: 1, whoami: 1 },
  ]);
});

test('Accounts.signOut() is left alone by the schedule while it runs', async () => {
  const slow = gated(revoked);
  const room = house({ revocation: [slow.answer], whoami: [unknownToken] }, held);
  const ending = room.accounts.signOut(only(room));
  await room.clock.advance(10 * SECOND);
  slow.open();
  expect([await ending, counts(room.asked)]).toEqual(['refused', { revocation: 1, whoami: 1 }]);
});

test('Accounts.signOut() that is pending is finished by itself', async () => {
  const room = house(
    { revocation: [revoked], whoami: [itIsAlice, itIsAlice, itIsAlice, unknownToken] },
    held,
  );
  const end = await room.accounts.signOut(only(room));
  await room.clock.advance(10 * SECOND);
  expect([end, counts(room.asked), room.vault.records.size, room.clock.sleepers]).toEqual([
    'pending',
    { revocation: 1, whoami: 4 },
    0,
    0,
  ]);
});

test('Accounts.signOut() without a network is remembered over a restart, and finished then', async () => {
  const room = house({ revocation: offline }, held);
  const end = await room.accounts.signOut(only(room));
  await room.accounts.stop();
  const next = restarted(room.vault, {
    refresh: [newTokens(1)],
    revocation: [revoked],
    whoami: [unknownToken],
  });
  await next.clock.advance(0);
  const sent = next.asked.find(({ step }) => step === 'revocation');
  expect([end, formOf(sent).token, next.accounts.all(), next.vault.records.size]).toEqual([
    'queued',
    'R1',
    [],
    0,
  ]);
});

test('Accounts.signOut() after a lost answer does not claim the end of a session that lives on', async () => {
  // The server rotated, and its answer was lost: revoking R0 would be answered with 200 and do nothing.
  const room = house({ refresh: lostAnswer }, held);
  const live = only(room);
  await live.refresh();
  const end = await room.accounts.signOut(live);
  await room.accounts.stop();
  const next = restarted(room.vault, {
    refresh: [newTokens(2)],
    revocation: [revoked],
    whoami: [unknownToken],
  });
  await next.clock.advance(0);
  expect([end, counts(room.asked).revocation, formOf(next.asked[1]).token]).toEqual([
    'queued',
    undefined,
    'R2',
  ]);
});

test('Accounts.signOut() goes on although the disk is full, and says so in the log', async () => {
  const room = house({ revocation: [revoked], whoami: [unknownToken] }, held);
  room.vault.failure = diskFull;
  const end = await room.accounts.signOut(only(room));
  const full = { code: 'disk-full' };
  expect([
    end,
    room.accounts.all(),
    room.logged.map(({ event, fields }) => [event, fields]),
  ]).toEqual([
    'refused',
    [],
    [
      ['the sign-out is not on disk yet', full],
      ['the revocation is not on disk yet', full],
      ['a record could not be removed', { ...full, label: 'alice' }],
    ],
  ]);
});

test('Accounts.signOut() forgets a signed-out account and asks nobody', async () => {
  const state = { kind: 'signed-out', why: 'ended-by-server' } as const;
  const room = house({}, { account: account(state) });
  const end = await room.accounts.signOut(only(room));
  expect([end, room.asked, room.vault.records.size]).toEqual(['refused', [], 0]);
});

test('Accounts.signOut() lets a refresh under way end first, and hands out nothing any more', async () => {
  const slow = gated(newTokens(1));
  const room = house(
    { refresh: [slow.answer], revocation: [revoked], whoami: [unknownToken] },
    held,
  );
  const live = only(room);
  void live.refresh();
  const early = live.getToken(0, 'curl');
  await settle();
  const ending = room.accounts.signOut(live);
  slow.open();
  await ending;
  const refused = { ok: false, failure: { code: 'signing-out', account: 'alice' } };
  expect([
    room.journal.slice(3, 5),
    formOf(room.asked[1]).token,
    await early,
    await live.getToken(0, 'curl'),
  ]).toEqual([['saved signing-out A1 R1', 'ask revocation'], 'R1', refused, refused]);
});

test('Accounts.signOut() is seen and on disk at once, however long a refresh under way takes', async () => {
  const slow = gated(newTokens(1));
  const room = house({ refresh: [slow.answer] }, held);
  const live = only(room);
  void live.refresh();
  await settle();
  void room.accounts.signOut(live);
  await settle();
  const next = restarted(room.vault, {
    refresh: [newTokens(1)],
    revocation: [revoked],
    whoami: [unknownToken],
  });
  await next.clock.advance(0);
  expect([live.account.state.kind, room.journal, next.journal, next.accounts.all()]).toEqual([
    'signing-out',
    ['saved active A0 R0, refresh sent', 'ask refresh', 'saved signing-out A0 R0'],
    [
      'saved signing-out A0 R0',
      'ask refresh',
      'saved signing-out A1 R1',
      'ask revocation',
      'saved signing-out A1 R1, revoked',
      'ask whoami',
      'removed',
    ],
    [],
  ]);
});

test('a sign-out that the server in the end refuses stays in the list, and says that the session lives on', async () => {
  const refused = oauthError('unsupported_token_type');
  const room = house({ revocation: [offline, refused], whoami: [itIsAlice] }, held);
  const end = await room.accounts.signOut(only(room));
  await room.clock.advance(2 * SECOND);
  const last = room.logged.at(-1);
  expect([
    end,
    stateOf(only(room)),
    [...room.vault.records.values()].map(storedWords),
    last,
  ]).toEqual([
    'queued',
    { kind: 'signed-out', why: 'unconfirmed' },
    ['signed-out unconfirmed'],
    { level: 'warn', event: 'the server did not end a session', fields: { account: 'alice' } },
  ]);
});

test('Accounts.signOut() revokes a pair that the disk never took', async () => {
  const room = house({ revocation: [revoked], whoami: [unknownToken] }, held);
  const live = only(room);
  const session = live.account.session;
  live.apply({ kind: 'save-failed', tokens: tokens(1), session, failure: diskFull, retry: MINUTE });
  await room.accounts.signOut(live);
  expect(formOf(room.asked[0]).token).toBe('R1');
});

test('Accounts.remove() lets no late answer write the record again', async () => {
  const slow = gated(newTokens(1));
  const room = house({ refresh: [slow.answer] }, held);
  const live = only(room);
  const refreshed = live.refresh();
  await settle();
  await room.accounts.remove(live);
  slow.open();
  await refreshed;
  expect([room.vault.records.size, room.journal.at(-1)]).toEqual([0, 'removed']);
});
