import { expect, test } from 'vitest';
import {
  fetchIdentityUntilAnswered,
  fetchIdentity,
  fetchOwner,
  recheckAccount,
} from '../../main/accounts/verify.ts';
import { settle } from '../fixtures/fake-clock.ts';
import { diskFull } from '../fixtures/memory-vault.ts';
import { json, raw } from '../protocol/http/scripted-network.ts';
import {
  account,
  makeWorld,
  counts,
  itIsAlice,
  manage,
  MINUTE,
  newTokens,
  oauthError,
  offline,
  SECOND,
  session,
  stateOf,
  tokens,
  unknownToken,
} from '../fixtures/world.ts';

const expired = account({ kind: 'active', tokens: tokens(0, { expires: -1 }) });

test('askWhoami() sends the current token to the homeserver of the session', async () => {
  const world = makeWorld({ whoami: [itIsAlice] });
  await fetchIdentity(manage(world), world.deps);
  expect(world.asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['https://matrix.example.org/_matrix/client/v3/account/whoami', 'Bearer A0'],
  ]);
});

test('askWhoami() does not use a token that expired, is being replaced, or is not on disk', async () => {
  const used: unknown[] = [];
  for (const start of ['expired', 'refreshing', 'unsaved'] as const) {
    const world = makeWorld({ refresh: [newTokens(1)], whoami: [itIsAlice] });
    const managed = manage(world, start === 'expired' ? expired : account());
    if (start === 'refreshing') void managed.refresh();
    if (start === 'unsaved')
      managed.apply({
        kind: 'save-failed',
        tokens: tokens(1),
        session: session(),
        failure: diskFull,
        retryAt: MINUTE,
      });
    await fetchIdentity(managed, world.deps);
    used.push([world.journal.slice(-2), world.asked.at(-1)?.headers.authorization]);
  }
  const savedFirst = [['saved active A1 R1', 'ask whoami'], 'Bearer A1'];
  expect(used).toEqual([savedFirst, savedFirst, savedFirst]);
});

test('askWhoami() sends nothing while the new pair cannot be saved', async () => {
  const world = makeWorld();
  const state = {
    kind: 'unsaved',
    tokens: tokens(1),
    waiting: { attempt: 1, retryAt: 1, failure: diskFull },
    lock: null,
  } as const;
  world.vault.failure = diskFull;
  expect([await fetchIdentity(manage(world, account(state)), world.deps), world.asked]).toEqual([
    { ok: false, failure: diskFull },
    [],
  ]);
});

test('askWhoami() sends nothing for a signed-out account', async () => {
  const world = makeWorld();
  const managed = manage(world, account({ kind: 'signed-out', why: 'by-user' }));
  expect(await fetchIdentity(managed, world.deps)).toEqual({
    ok: false,
    failure: { code: 'signed-out', account: 'alice' },
  });
});

test('fetchIdentityUntilAnswered() retries with growing delays, and says why it waits', async () => {
  const answers = [offline, raw('', 503), raw('', 429), offline, offline, offline, offline];
  const askedAt: number[] = [];
  const world = makeWorld({
    whoami: [...answers, itIsAlice].map((answer) => (asked) => {
      askedAt.push(world.clock.monotonicNow() / SECOND);
      return answer(asked);
    }),
  });
  const reasons: string[] = [];
  const endless = account({ kind: 'active', tokens: tokens(0, { expires: null }) });
  const asking = fetchIdentityUntilAnswered(
    manage(world, endless),
    world.deps,
    new AbortController().signal,
    ({ code }) => reasons.push(code),
  );
  await world.clock.advance(3 * MINUTE);
  expect([(await asking).ok, askedAt, reasons.slice(0, 4)]).toEqual([
    true,
    [0, 1, 3, 7, 15, 31, 61, 91],
    ['unreachable', 'server-unavailable', 'rate-limited', 'unreachable'],
  ]);
});

test('fetchIdentityUntilAnswered() stops on a refusal, and when aborted', async () => {
  const refused = makeWorld({ whoami: [unknownToken] });
  const stop = new AbortController();
  const first = await fetchIdentityUntilAnswered(
    manage(refused),
    refused.deps,
    stop.signal,
    () => undefined,
  );
  const away = makeWorld({ whoami: offline });
  const second = fetchIdentityUntilAnswered(manage(away), away.deps, stop.signal, () => undefined);
  const ended = expect(second).rejects.toThrow('enough');
  await settle();
  stop.abort(new Error('enough'));
  await ended;
  expect([!first.ok && first.failure.code, away.clock.sleepers]).toEqual(['token-rejected', 0]);
});

test('recheckAccount() replaces a rejected token once', async () => {
  const world = makeWorld({ whoami: [unknownToken, itIsAlice], refresh: [newTokens(1)] });
  const managed = manage(world);
  const answer = await recheckAccount(managed, world.deps);
  expect([answer.ok, stateOf(managed)]).toEqual([true, { kind: 'active', tokens: 'A1 R1' }]);
});

test('recheckAccount() finds an account locked if its new token is rejected too', async () => {
  const world = makeWorld({ whoami: unknownToken, refresh: [newTokens(1)] });
  const managed = manage(world);
  const answers = [
    await recheckAccount(managed, world.deps),
    await recheckAccount(managed, world.deps),
  ];
  const failure = { code: 'account-locked' };
  expect([answers, stateOf(managed), counts(world.asked)]).toEqual([
    [
      { ok: false, failure },
      { ok: false, failure },
    ],
    { kind: 'locked', tokens: 'A1 R1', waiting: { attempt: 2, retryAt: 5 * MINUTE, failure } },
    { whoami: 3, refresh: 1 },
  ]);
});

test('recheckAccount() trusts the server on whether the account is locked', async () => {
  const locked = json({ errcode: 'M_USER_LOCKED', soft_logout: true }, 401);
  const world = makeWorld({ whoami: [locked, itIsAlice] });
  const managed = manage(world);
  await recheckAccount(managed, world.deps);
  const kind = managed.account.state.kind;
  await recheckAccount(managed, world.deps);
  expect([kind, stateOf(managed)]).toEqual(['locked', { kind: 'active', tokens: 'A0 R0' }]);
});

test('recheckAccount() signs out where the server has ended the session', async () => {
  const world = makeWorld({ whoami: [unknownToken], refresh: [oauthError('invalid_grant')] });
  const managed = manage(world);
  await recheckAccount(managed, world.deps);
  expect(stateOf(managed)).toEqual({ kind: 'signed-out', why: 'ended-by-server' });
});

test('fetchOwner() adds the display name, and the requested device id if the server names none', async () => {
  const whoami = {
    userId: '@alice:example.org',
    deviceId: null,
    isGuest: false,
    serverDateAt: null,
  };
  const named = makeWorld({ profile: [json({ displayname: 'Al\u202eice' })] });
  const unnamed = makeWorld({ profile: [raw('', 404)] });
  expect([
    await fetchOwner(manage(named), whoami, named.deps),
    await fetchOwner(manage(unnamed), { ...whoami, deviceId: 'OTHER' }, unnamed.deps),
  ]).toEqual([
    { userId: '@alice:example.org', deviceId: 'DEVICE0001', displayName: 'Alice' },
    { userId: '@alice:example.org', deviceId: 'OTHER', displayName: null },
  ]);
});
