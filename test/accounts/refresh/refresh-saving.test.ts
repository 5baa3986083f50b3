import { expect, test } from 'vitest';
import { settle } from '../../fixtures/fake-clock.ts';
import { diskFull } from '../../fixtures/memory-vault.ts';
import { raw } from '../../protocol/http/scripted-network.ts';
import {
  account,
  afterSending,
  makeWorld,
  counts,
  formOf,
  gated,
  inDoubt,
  manage,
  lostAnswer,
  MINUTE,
  newTokens,
  noAnswer,
  oauthError,
  offline,
  SECOND,
  session,
  stateOf,
  storedWords,
  tokens,
} from '../../fixtures/world.ts';

const expired = account({ kind: 'active', tokens: tokens(0, { expires: -1 }) });

test('ManagedAccount.refresh() records the refresh on disk before sending it, and saves the result before handing it out', async () => {
  const slow = gated(newTokens(1));
  const world = makeWorld({ refresh: [slow.answer] });
  const managed = manage(world, expired);
  const taken = managed.getToken(0, 'curl').then(() => 'taken');
  await settle();
  const beforeAnswer = [...world.journal];
  let release: () => void = () => undefined;
  world.vault.held = new Promise((resolve) => (release = resolve));
  slow.open();
  await settle();
  const beforeSave = [
    managed.account.state.kind,
    await Promise.race([taken, Promise.resolve('nothing yet')]),
  ];
  release();
  await taken;
  expect([beforeAnswer, beforeSave, world.journal]).toEqual([
    ['saved active A0 R0, refresh sent', 'ask refresh'],
    ['refreshing', 'nothing yet'],
    ['saved active A0 R0, refresh sent', 'ask refresh', 'saved active A1 R1'],
  ]);
});

test('ManagedAccount sends nothing while the disk is full, and hands out the old token until it expires', async () => {
  const world = makeWorld({ refresh: [newTokens(1)] });
  const managed = manage(world);
  world.vault.failure = diskFull;
  const refreshed = await managed.refresh();
  const taken = await managed.getToken(0, 'curl');
  await world.clock.advance(5 * MINUTE);
  const tooLate = await managed.getToken(0, 'curl');
  const askedMeanwhile = world.asked.length;
  world.vault.failure = null;
  await world.clock.advance(MINUTE);
  const healed = await managed.getToken(0, 'curl');
  expect([
    refreshed,
    taken.ok && taken.value.access.reveal(),
    tooLate,
    askedMeanwhile,
    healed.ok && healed.value.access.reveal(),
  ]).toEqual([{ ok: false, failure: diskFull }, 'A0', { ok: false, failure: diskFull }, 0, 'A1']);
});

test('ManagedAccount hands out no token that could not be saved, and saves it later', async () => {
  const slow = gated(newTokens(1));
  const world = makeWorld({ refresh: [slow.answer] });
  const managed = manage(world);
  const refreshed = managed.refresh();
  await settle();
  world.vault.failure = diskFull;
  slow.open();
  const refused = [await refreshed, await managed.getToken(0, 'curl')];
  const unsaved = stateOf(managed);
  world.vault.failure = null;
  const taken = await managed.getToken(0, 'curl');
  expect([
    refused,
    unsaved,
    taken.ok && taken.value.access.reveal(),
    counts(world.asked),
    [...world.vault.records.values()].map(storedWords),
  ]).toEqual([
    [
      { ok: false, failure: diskFull },
      { ok: false, failure: diskFull },
    ],
    {
      kind: 'unsaved',
      tokens: 'A1 R1',
      waiting: { attempt: 2, failure: diskFull, retryAt: 2 * SECOND },
      lock: null,
      pendingRefresh: { at: Date.UTC(2026, 0, 1), sent: 0 },
    },
    'A1',
    { refresh: 1 },
    ['active A1 R1'],
  ]);
});

test('ManagedAccount.refresh() retries at once with the same token when the response was lost', async () => {
  const world = makeWorld({ refresh: [lostAnswer, newTokens(2)] });
  const managed = manage(world, expired);
  await managed.refresh();
  expect([world.asked.map((one) => formOf(one).refresh_token), world.journal]).toEqual([
    ['R0', 'R0'],
    ['saved active A0 R0, refresh sent', 'ask refresh', 'ask refresh', 'saved active A2 R2'],
  ]);
});

test('ManagedAccount.getToken() refreshes first when a response was lost, as the old token may be dead', async () => {
  const world = makeWorld({ refresh: [lostAnswer, lostAnswer, newTokens(1)] });
  const managed = manage(world);
  await managed.refresh();
  const tooEarly = await managed.getToken(0, 'curl');
  const due = managed.nextActionAt();
  await world.clock.advance(SECOND);
  const taken = await managed.getToken(0, 'curl');
  expect([
    !tooEarly.ok && tooEarly.failure.code,
    due,
    taken.ok && taken.value.access.reveal(),
  ]).toEqual(['unreachable', SECOND, 'A1']);
});

test('ManagedAccount remembers a lost response, however the retries fail', async () => {
  const world = makeWorld({ refresh: [lostAnswer, offline, raw('', 429), newTokens(1)] });
  const managed = manage(world);
  const lost: boolean[] = [];
  for (let n = 0; n < 3; n += 1) {
    await managed.refresh();
    lost.push(inDoubt(managed));
  }
  expect([lost, world.journal]).toEqual([
    [true, true, false],
    [
      'saved active A0 R0, refresh sent',
      'ask refresh',
      'ask refresh',
      'saved active A0 R0, refresh sent',
      'ask refresh',
      'saved active A0 R0, refresh sent',
      'ask refresh',
      'saved active A1 R1',
    ],
  ]);
});

test('ManagedAccount hands out the old token if no connection was made, as the server saw nothing', async () => {
  const world = makeWorld({ refresh: noAnswer('connect-timeout') });
  const managed = manage(world);
  await managed.refresh();
  const taken = await managed.getToken(0, 'curl');
  expect([inDoubt(managed), taken.ok && taken.value.access.reveal(), counts(world.asked)]).toEqual([
    false,
    'A0',
    { refresh: 1 },
  ]);
});

test('ManagedAccount does not treat a refusal as a lost response', async () => {
  const lost: boolean[] = [];
  for (const answer of [offline, raw('', 503), raw('', 429), oauthError('invalid_grant')]) {
    const managed = manage(makeWorld({ refresh: answer }), expired);
    await managed.refresh();
    lost.push(inDoubt(managed));
  }
  expect(lost).toEqual([false, false, false, false]);
});

test('ManagedAccount refreshes first where the last process ended in the middle of a refresh', async () => {
  const world = makeWorld({ refresh: [newTokens(1)] });
  const managed = manage(world, afterSending(account(), Date.UTC(2026, 0, 1)));
  const due = managed.nextActionAt();
  const taken = await managed.getToken(0, 'curl');
  expect([due, taken.ok && taken.value.access.reveal(), inDoubt(managed)]).toEqual([
    0,
    'A1',
    false,
  ]);
});

test('ManagedAccount keeps what it learned about the user during a refresh', async () => {
  const slow = gated(newTokens(1));
  const world = makeWorld({ refresh: [slow.answer] });
  const unknown = account(
    { kind: 'unverified', tokens: tokens(0), waiting: null },
    { session: session({ userId: null }) },
  );
  const managed = manage(world, unknown);
  const refreshed = managed.refresh();
  await settle();
  const who = { userId: '@alice:example.org', deviceId: 'DEVICE0001', displayName: 'Alice' };
  const place = { label: 'alice', policy: 'keep-fresh', addedAt: 1 } as const;
  managed.apply({ kind: 'verified', who, settings: place });
  slow.open();
  await refreshed;
  expect([stateOf(managed), managed.account.session.userId]).toEqual([
    { kind: 'active', tokens: 'A1 R1' },
    '@alice:example.org',
  ]);
});

test('ManagedAccount never writes an account that was removed', async () => {
  const slow = gated(newTokens(1));
  const world = makeWorld({ refresh: [slow.answer] });
  const managed = manage(world);
  const refreshed = managed.refresh();
  await settle();
  managed.forget();
  slow.open();
  await refreshed;
  await managed.save();
  expect(world.journal).toEqual(['saved active A0 R0, refresh sent', 'ask refresh']);
});

test('ManagedAccount retries after a bug aborted a refresh', async () => {
  const world = makeWorld({ refresh: [] });
  const managed = manage(world, expired);
  await expect(managed.refresh()).rejects.toThrow('Not in the script');
  expect([managed.account.state.kind, managed.nextActionAt()]).toEqual(['refreshing', 5 * MINUTE]);
});

test('ManagedAccount hands out no token while a proxy may have lost the response', async () => {
  const told: unknown[] = [];
  for (const status of [500, 502, 504, 520, 524, 530]) {
    const world = makeWorld({ refresh: raw('<html>', status) });
    const managed = manage(world);
    await managed.refresh();
    const taken = await managed.getToken(0, 'curl');
    told.push([status, inDoubt(managed), taken.ok, counts(world.asked).refresh]);
  }
  expect(told).toEqual([
    [500, true, false, 1],
    [502, true, false, 2],
    [504, true, false, 2],
    [520, true, false, 2],
    [524, true, false, 2],
    [530, true, false, 1],
  ]);
});
