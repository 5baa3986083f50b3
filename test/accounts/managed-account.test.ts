import { expect, test } from 'vitest';
import { retryAfterMs } from '../../common/failure.ts';
import { settle } from '../fixtures/fake-clock.ts';
import { json, raw } from '../protocol/http/scripted-network.ts';
import {
  account,
  bench,
  counts,
  gated,
  HOUR,
  leasesOf,
  liveOn,
  MINUTE,
  newTokens,
  oauthError,
  offline,
  SECOND,
  session,
  stateOf,
  tokens,
} from '../fixtures/world.ts';

const expired = account({ kind: 'active', tokens: tokens(0, { expires: -1 }) });

test('ManagedAccount.getToken() asks the server once for a thousand callers at expiry', async () => {
  const room = bench({ refresh: [newTokens(1)] });
  const live = liveOn(room, expired);
  const callers = Array.from({ length: 1_000 }, (_, n) => live.getToken(0, `tool ${n}`));
  const taken = new Set(
    (await Promise.all(callers)).map((one) => one.ok && one.value.access.reveal()),
  );
  expect([[...taken], counts(room.asked), leasesOf(room, live).length]).toEqual([
    ['A1'],
    { refresh: 1 },
    1_000,
  ]);
});

test('ManagedAccount.getToken() hands out what it has while that lives long enough, and asks nobody', async () => {
  const room = bench();
  const live = liveOn(room);
  await room.clock.advance(4 * MINUTE);
  const taken = await live.getToken(MINUTE, 'curl');
  expect([taken.ok && taken.value.access.reveal(), leasesOf(room, live), room.journal]).toEqual([
    'A0',
    [{ consumer: 'curl', until: 5 * MINUTE }],
    [],
  ]);
});

test('ManagedAccount.getToken() caps what is asked at what a fresh token has: no refresh for every caller', async () => {
  const room = bench({ refresh: [newTokens(1)] });
  const live = liveOn(room, expired);
  const taken = [await live.getToken(HOUR, 'greedy'), await live.getToken(HOUR, 'greedy')];
  await room.clock.advance(MINUTE);
  taken.push(await live.getToken(HOUR, 'greedy'));
  expect([taken.map((one) => one.ok && one.value.access.reveal()), counts(room.asked)]).toEqual([
    ['A1', 'A1', 'A1'],
    { refresh: 1 },
  ]);
});

test('ManagedAccount.nextActionAt() waits for the holders of the token, and for nobody once they are gone', async () => {
  const room = bench({ refresh: [newTokens(1)] });
  const live = liveOn(room);
  const unheld = live.nextActionAt();
  await live.getToken(0, 'Postman');
  const held = live.nextActionAt();
  await room.clock.advance(5 * MINUTE);
  await live.refresh();
  expect([unheld, held, live.nextActionAt()]).toEqual([4 * MINUTE, 5 * MINUTE, 9 * MINUTE]);
});

test('ManagedAccount.getToken() names in the log whom a caller with a longer wish cuts short', async () => {
  const room = bench({ refresh: [newTokens(1)] });
  const live = liveOn(room);
  await live.getToken(0, 'Postman');
  await live.getToken(0, 'script');
  await room.clock.advance(3 * MINUTE);
  await live.getToken(3 * MINUTE, 'backup');
  expect([room.logged, leasesOf(room, live)]).toEqual([
    [
      {
        level: 'info',
        event: 'a new token replaced one still held',
        fields: { account: 'alice', heldBy: 'Postman, script' },
      },
    ],
    [{ consumer: 'backup', until: 8 * MINUTE }],
  ]);
});

test('ManagedAccount.getToken() names nobody whose token had expired anyway', async () => {
  const room = bench({ refresh: [newTokens(1)] });
  const live = liveOn(room);
  await live.getToken(0, 'Postman');
  await room.clock.advance(5 * MINUTE);
  await live.getToken(0, 'script');
  expect(room.logged).toEqual([]);
});

test('ManagedAccount.refresh() joins a refresh under way, whoever asked for that', async () => {
  const room = bench({ refresh: [newTokens(1)] });
  const live = liveOn(room, expired);
  const all = [
    live.refresh(),
    live.refresh(),
    live.forceRefresh(),
    live.ensureFresh(),
    live.getToken(0, 'curl'),
  ];
  await settle(1);
  all.push(live.refresh());
  const answers = new Set((await Promise.all(all)).map((one) => one.ok && one.value));
  expect([answers.size, counts(room.asked)]).toEqual([1, { refresh: 1 }]);
});

test('ManagedAccount.refresh() reckons the new life from when the request was sent', async () => {
  const slow = gated(newTokens(1));
  const room = bench({ refresh: [slow.answer] });
  const live = liveOn(room, expired);
  const refreshed = live.refresh();
  await settle();
  await room.clock.advance(20 * SECOND);
  slow.open();
  const fresh = await refreshed;
  expect(fresh.ok && [fresh.value.expires, fresh.value.issuedAt]).toEqual([
    5 * MINUTE,
    Date.UTC(2026, 0, 1),
  ]);
});

test('ManagedAccount.refresh() lets no wall clock that jumps touch what is left of a token', async () => {
  const room = bench({ refresh: [newTokens(1)] });
  const live = liveOn(room, expired);
  await live.refresh();
  room.clock.setWallClock(Date.UTC(2036, 0, 1));
  const later = await live.getToken(0, 'curl');
  room.clock.setWallClock(Date.UTC(2016, 0, 1));
  const earlier = await live.getToken(0, 'curl');
  expect([later.ok, earlier.ok, live.nextActionAt(), counts(room.asked)]).toEqual([
    true,
    true,
    5 * MINUTE,
    { refresh: 1 },
  ]);
});

test('ManagedAccount.getToken() hands out the old token while it lives, though the server cannot be reached', async () => {
  const room = bench({ refresh: [offline] });
  const live = liveOn(room);
  await live.refresh();
  const taken = await live.getToken(0, 'curl');
  expect([taken.ok && taken.value.access.reveal(), live.account.state.kind]).toEqual([
    'A0',
    'retrying',
  ]);
});

test('ManagedAccount never signs out for what time heals', async () => {
  const answers = [
    oauthError('slow_down', 429),
    raw('', 429),
    raw('', 408),
    raw('<html>blocked</html>', 403),
    raw('<html>login</html>', 200),
    raw('', 404),
    raw('', 500),
    raw('', 502),
    raw('', 503),
    json({ error: 'invalid_request' }, 400),
    json({ error: 'temporarily_unavailable' }, 400),
    json({ errcode: 'M_FORBIDDEN' }, 403),
    json({ access_token: '' }),
    offline,
  ];
  const kinds: string[] = [];
  for (const answer of answers) {
    const room = bench({ refresh: answer, 'auth-metadata': raw('', 503) });
    const live = liveOn(room, expired);
    await live.refresh();
    kinds.push(live.account.state.kind);
  }
  expect(kinds).toEqual(answers.map(() => 'retrying'));
});

test('ManagedAccount signs out when the server ended the session or forgot the client, and keeps that', async () => {
  const ends: unknown[] = [];
  for (const error of ['invalid_grant', 'invalid_client', 'unauthorized_client']) {
    const room = bench({ refresh: [oauthError(error)] });
    const live = liveOn(room, expired);
    const taken = await live.getToken(0, 'curl');
    const again = await live.getToken(0, 'curl');
    ends.push([
      !taken.ok && taken.failure.code,
      !again.ok && again.failure.code,
      room.journal.at(-1),
    ]);
  }
  expect(ends).toEqual([
    ['session-ended', 'signed-out', 'saved signed-out ended-by-server'],
    ['registration-gone', 'signed-out', 'saved signed-out registration-gone'],
    ['registration-gone', 'signed-out', 'saved signed-out registration-gone'],
  ]);
});

test('ManagedAccount.getToken() tells every caller how long the server still wants to wait, and asks it no earlier', async () => {
  const limited = json({ error: 'slow_down' }, 429, { 'retry-after': '30' });
  const room = bench({ refresh: [limited, newTokens(1)] });
  const live = liveOn(room, expired);
  const told: unknown[] = [];
  for (let second = 0; second < 30; second += 1) {
    for (const ask of [live.getToken(0, 'curl'), live.forceRefresh()]) {
      const taken = await ask;
      told.push(!taken.ok && retryAfterMs(taken.failure));
    }
    await room.clock.advance(SECOND);
  }
  const due = live.nextActionAt();
  const taken = await live.getToken(0, 'curl');
  expect([new Set(told), due, taken.ok, counts(room.asked)]).toEqual([
    new Set(Array.from({ length: 30 }, (_, second) => (30 - second) * SECOND)),
    30 * SECOND,
    true,
    { refresh: 2 },
  ]);
});

test('ManagedAccount.getToken() asks a server that is away once a second at most, whoever calls', async () => {
  const room = bench({ refresh: offline });
  const live = liveOn(room, expired);
  for (let tenth = 0; tenth < 50; tenth += 1) {
    await live.getToken(0, 'impatient');
    await room.clock.advance(100);
  }
  expect(counts(room.asked)).toEqual({ refresh: 5 });
});

test('ManagedAccount.nextActionAt() waits longer after each failure, and counts from there', async () => {
  const room = bench({ refresh: offline });
  const live = liveOn(room, expired);
  const pauses: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    await live.refresh();
    pauses.push((live.nextActionAt() ?? Number.NaN) - room.clock.monotonicNow());
    await room.clock.advance(pauses.at(-1) ?? 0);
  }
  expect(pauses).toEqual([1, 2, 4, 6.4, 12.8].map((seconds) => seconds * SECOND));
});

test('ManagedAccount.forceRefresh() refuses while the account signs out', async () => {
  const state = { kind: 'signing-out', since: 1, revokedAt: null, waiting: null } as const;
  const room = bench();
  const live = liveOn(room, account({ ...state, tokens: tokens(0) }));
  expect([await live.forceRefresh(), room.asked]).toEqual([
    { ok: false, failure: { code: 'signing-out', account: 'alice' } },
    [],
  ]);
});

test('ManagedAccount.refresh() makes an account whose user is not known yet unverified again', async () => {
  const room = bench({ refresh: [newTokens(1)] });
  const unknown = account(
    { kind: 'unverified', tokens: tokens(0), waiting: null },
    { session: session({ userId: null }) },
  );
  const live = liveOn(room, unknown);
  await live.refresh();
  expect(stateOf(live)).toEqual({ kind: 'unverified', tokens: 'A1 R1', waiting: null });
});
