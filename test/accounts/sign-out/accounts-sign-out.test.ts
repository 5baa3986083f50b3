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
import { makeAccounts, onlyAccount, restartAccounts } from '../../fixtures/accounts.ts';

const revoked = raw('', 200);
const held = { account: account() };

test('Accounts.signOut() is saved before the server is contacted, and leaves no record', async () => {
  const world = makeAccounts({ revocation: [revoked], whoami: [unknownToken] }, held);
  const end = await world.accounts.signOut(onlyAccount(world));
  expect([end, world.journal, world.accounts.all(), world.clock.sleepers]).toEqual([
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

test('Accounts.signOut() called twice ends the session once', async () => {
  const world = makeAccounts({ revocation: [revoked], whoami: [unknownToken] }, held);
  const managed = onlyAccount(world);
  const ends = await Promise.all([
    world.accounts.signOut(managed),
    world.accounts.signOut(managed),
  ]);
  await world.clock.advance(MINUTE);
  expect([ends, counts(world.asked)]).toEqual([
    ['refused', 'refused'],
    { revocation: 1, whoami: 1 },
  ]);
});

test('Accounts.signOut() is left alone by the schedule while it runs', async () => {
  const slow = gated(revoked);
  const world = makeAccounts({ revocation: [slow.answer], whoami: [unknownToken] }, held);
  const ending = world.accounts.signOut(onlyAccount(world));
  await world.clock.advance(10 * SECOND);
  slow.open();
  expect([await ending, counts(world.asked)]).toEqual(['refused', { revocation: 1, whoami: 1 }]);
});

test('Accounts.signOut() that is pending is finished automatically', async () => {
  const world = makeAccounts(
    { revocation: [revoked], whoami: [itIsAlice, itIsAlice, itIsAlice, unknownToken] },
    held,
  );
  const end = await world.accounts.signOut(onlyAccount(world));
  await world.clock.advance(10 * SECOND);
  expect([end, counts(world.asked), world.vault.records.size, world.clock.sleepers]).toEqual([
    'pending',
    { revocation: 1, whoami: 4 },
    0,
    0,
  ]);
});

test('Accounts.signOut() while offline survives a restart, and is finished then', async () => {
  const world = makeAccounts({ revocation: offline }, held);
  const end = await world.accounts.signOut(onlyAccount(world));
  await world.accounts.stop();
  const next = restartAccounts(world.vault, {
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

test('Accounts.signOut() after a lost response does not claim that a live session ended', async () => {
  // The server rotated the tokens, and its response was lost: revoking R0 would return 200 and do nothing.
  const world = makeAccounts({ refresh: lostAnswer }, held);
  const managed = onlyAccount(world);
  await managed.refresh();
  const end = await world.accounts.signOut(managed);
  await world.accounts.stop();
  const next = restartAccounts(world.vault, {
    refresh: [newTokens(2)],
    revocation: [revoked],
    whoami: [unknownToken],
  });
  await next.clock.advance(0);
  expect([end, counts(world.asked).revocation, formOf(next.asked[1]).token]).toEqual([
    'queued',
    undefined,
    'R2',
  ]);
});

test('Accounts.signOut() continues when the disk is full, and logs it', async () => {
  const world = makeAccounts({ revocation: [revoked], whoami: [unknownToken] }, held);
  world.vault.failure = diskFull;
  const end = await world.accounts.signOut(onlyAccount(world));
  const full = { code: 'disk-full' };
  expect([
    end,
    world.accounts.all(),
    world.logged.map(({ event, fields }) => [event, fields]),
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

test('Accounts.signOut() removes a signed-out account without a request', async () => {
  const state = { kind: 'signed-out', why: 'ended-by-server' } as const;
  const world = makeAccounts({}, { account: account(state) });
  const end = await world.accounts.signOut(onlyAccount(world));
  expect([end, world.asked, world.vault.records.size]).toEqual(['refused', [], 0]);
});

test('Accounts.signOut() waits for a refresh in progress, and hands out no more tokens', async () => {
  const slow = gated(newTokens(1));
  const world = makeAccounts(
    { refresh: [slow.answer], revocation: [revoked], whoami: [unknownToken] },
    held,
  );
  const managed = onlyAccount(world);
  void managed.refresh();
  const early = managed.getToken(0, 'curl');
  await settle();
  const ending = world.accounts.signOut(managed);
  slow.open();
  await ending;
  const refused = { ok: false, failure: { code: 'signing-out', account: 'alice' } };
  expect([
    world.journal.slice(3, 5),
    formOf(world.asked[1]).token,
    await early,
    await managed.getToken(0, 'curl'),
  ]).toEqual([['saved signing-out A1 R1', 'ask revocation'], 'R1', refused, refused]);
});

test('Accounts.signOut() is shown and saved at once, however long a refresh in progress takes', async () => {
  const slow = gated(newTokens(1));
  const world = makeAccounts({ refresh: [slow.answer] }, held);
  const managed = onlyAccount(world);
  void managed.refresh();
  await settle();
  void world.accounts.signOut(managed);
  await settle();
  const next = restartAccounts(world.vault, {
    refresh: [newTokens(1)],
    revocation: [revoked],
    whoami: [unknownToken],
  });
  await next.clock.advance(0);
  expect([managed.account.state.kind, world.journal, next.journal, next.accounts.all()]).toEqual([
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

test('a sign-out that the server finally refuses stays listed, and says that the session is still alive', async () => {
  const refused = oauthError('unsupported_token_type');
  const world = makeAccounts({ revocation: [offline, refused], whoami: [itIsAlice] }, held);
  const end = await world.accounts.signOut(onlyAccount(world));
  await world.clock.advance(2 * SECOND);
  const last = world.logged.at(-1);
  expect([
    end,
    stateOf(onlyAccount(world)),
    [...world.vault.records.values()].map(storedWords),
    last,
  ]).toEqual([
    'queued',
    { kind: 'signed-out', why: 'unconfirmed' },
    ['signed-out unconfirmed'],
    { level: 'warn', event: 'the server did not end a session', fields: { account: 'alice' } },
  ]);
});

test('Accounts.signOut() revokes a pair that was never saved', async () => {
  const world = makeAccounts({ revocation: [revoked], whoami: [unknownToken] }, held);
  const managed = onlyAccount(world);
  const session = managed.account.session;
  managed.apply({
    kind: 'save-failed',
    tokens: tokens(1),
    session,
    failure: diskFull,
    retryAt: MINUTE,
  });
  await world.accounts.signOut(managed);
  expect(formOf(world.asked[0]).token).toBe('R1');
});

test('Accounts.remove() does not let a late response write the record again', async () => {
  const slow = gated(newTokens(1));
  const world = makeAccounts({ refresh: [slow.answer] }, held);
  const managed = onlyAccount(world);
  const refreshed = managed.refresh();
  await settle();
  await world.accounts.remove(managed);
  slow.open();
  await refreshed;
  expect([world.vault.records.size, world.journal.at(-1)]).toEqual([0, 'removed']);
});
