import { expect, test } from 'vitest';
import { retryAfterMs } from '../../common/failure.ts';
import { settle } from '../fixtures/fake-clock.ts';
import { json, raw } from '../protocol/http/scripted-network.ts';
import {
  account,
  makeWorld,
  counts,
  gated,
  HOUR,
  leasesOf,
  manage,
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
  const world = makeWorld({ refresh: [newTokens(1)] });
  const managed = manage(world, expired);
  const callers = Array.from({ length: 1_000 }, (_, n) => managed.getToken(0, `tool ${n}`));
  const taken = new Set(
    (await Promise.all(callers)).map((one) => one.ok && one.value.access.reveal()),
  );
  expect([[...taken], counts(world.asked), leasesOf(world, managed).length]).toEqual([
    ['A1'],
    { refresh: 1 },
    1_000,
  ]);
});

test('ManagedAccount.getToken() hands out the current token while it lives long enough, without a request', async () => {
  const world = makeWorld();
  const managed = manage(world);
  await world.clock.advance(4 * MINUTE);
  const taken = await managed.getToken(MINUTE, 'curl');
  expect([
    taken.ok && taken.value.access.reveal(),
    leasesOf(world, managed),
    world.journal,
  ]).toEqual(['A0', [{ consumer: 'curl', until: 5 * MINUTE }], []]);
});

test('ManagedAccount.getToken() caps the requested lifetime at that of a fresh token, so not every call refreshes', async () => {
  const world = makeWorld({ refresh: [newTokens(1)] });
  const managed = manage(world, expired);
  const taken = [await managed.getToken(HOUR, 'greedy'), await managed.getToken(HOUR, 'greedy')];
  await world.clock.advance(MINUTE);
  taken.push(await managed.getToken(HOUR, 'greedy'));
  expect([taken.map((one) => one.ok && one.value.access.reveal()), counts(world.asked)]).toEqual([
    ['A1', 'A1', 'A1'],
    { refresh: 1 },
  ]);
});

test('ManagedAccount.nextActionAt() waits for the holders of the token, and no longer once they are gone', async () => {
  const world = makeWorld({ refresh: [newTokens(1)] });
  const managed = manage(world);
  const unheld = managed.nextActionAt();
  await managed.getToken(0, 'Postman');
  const held = managed.nextActionAt();
  await world.clock.advance(5 * MINUTE);
  await managed.refresh();
  expect([unheld, held, managed.nextActionAt()]).toEqual([4 * MINUTE, 5 * MINUTE, 9 * MINUTE]);
});

test('ManagedAccount.getToken() logs whose token it replaces for a caller that needs a longer lifetime', async () => {
  const world = makeWorld({ refresh: [newTokens(1)] });
  const managed = manage(world);
  await managed.getToken(0, 'Postman');
  await managed.getToken(0, 'script');
  await world.clock.advance(3 * MINUTE);
  await managed.getToken(3 * MINUTE, 'backup');
  expect([world.logged, leasesOf(world, managed)]).toEqual([
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

test('ManagedAccount.getToken() does not log holders whose token had expired anyway', async () => {
  const world = makeWorld({ refresh: [newTokens(1)] });
  const managed = manage(world);
  await managed.getToken(0, 'Postman');
  await world.clock.advance(5 * MINUTE);
  await managed.getToken(0, 'script');
  expect(world.logged).toEqual([]);
});

test('ManagedAccount.refresh() joins a refresh in progress, whatever started it', async () => {
  const world = makeWorld({ refresh: [newTokens(1)] });
  const managed = manage(world, expired);
  const all = [
    managed.refresh(),
    managed.refresh(),
    managed.forceRefresh(),
    managed.ensureFresh(),
    managed.getToken(0, 'curl'),
  ];
  await settle(1);
  all.push(managed.refresh());
  const answers = new Set((await Promise.all(all)).map((one) => one.ok && one.value));
  expect([answers.size, counts(world.asked)]).toEqual([1, { refresh: 1 }]);
});

test('ManagedAccount.refresh() counts the new lifetime from when the request was sent', async () => {
  const slow = gated(newTokens(1));
  const world = makeWorld({ refresh: [slow.answer] });
  const managed = manage(world, expired);
  const refreshed = managed.refresh();
  await settle();
  await world.clock.advance(20 * SECOND);
  slow.open();
  const fresh = await refreshed;
  expect(fresh.ok && [fresh.value.expires, fresh.value.issuedAt]).toEqual([
    5 * MINUTE,
    Date.UTC(2026, 0, 1),
  ]);
});

test('ManagedAccount.refresh() keeps the remaining lifetime of a token when the wall clock jumps', async () => {
  const world = makeWorld({ refresh: [newTokens(1)] });
  const managed = manage(world, expired);
  await managed.refresh();
  world.clock.setWallClock(Date.UTC(2036, 0, 1));
  const later = await managed.getToken(0, 'curl');
  world.clock.setWallClock(Date.UTC(2016, 0, 1));
  const earlier = await managed.getToken(0, 'curl');
  expect([later.ok, earlier.ok, managed.nextActionAt(), counts(world.asked)]).toEqual([
    true,
    true,
    5 * MINUTE,
    { refresh: 1 },
  ]);
});

test('ManagedAccount.getToken() hands out the old token until it expires if the server is unreachable', async () => {
  const world = makeWorld({ refresh: [offline] });
  const managed = manage(world);
  await managed.refresh();
  const taken = await managed.getToken(0, 'curl');
  expect([taken.ok && taken.value.access.reveal(), managed.account.state.kind]).toEqual([
    'A0',
    'retrying',
  ]);
});

test('ManagedAccount never signs out because of a temporary failure', async () => {
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
    const world = makeWorld({ refresh: answer, 'auth-metadata': raw('', 503) });
    const managed = manage(world, expired);
    await managed.refresh();
    kinds.push(managed.account.state.kind);
  }
  expect(kinds).toEqual(answers.map(() => 'retrying'));
});

test('ManagedAccount signs out when the server ended the session or forgot the client, and saves that', async () => {
  const ends: unknown[] = [];
  for (const error of ['invalid_grant', 'invalid_client', 'unauthorized_client']) {
    const world = makeWorld({ refresh: [oauthError(error)] });
    const managed = manage(world, expired);
    const taken = await managed.getToken(0, 'curl');
    const again = await managed.getToken(0, 'curl');
    ends.push([
      !taken.ok && taken.failure.code,
      !again.ok && again.failure.code,
      world.journal.at(-1),
    ]);
  }
  expect(ends).toEqual([
    ['session-ended', 'signed-out', 'saved signed-out ended-by-server'],
    ['registration-gone', 'signed-out', 'saved signed-out registration-gone'],
    ['registration-gone', 'signed-out', 'saved signed-out registration-gone'],
  ]);
});

test('ManagedAccount.getToken() tells every caller how long to wait for the server, and sends nothing before that', async () => {
  const limited = json({ error: 'slow_down' }, 429, { 'retry-after': '30' });
  const world = makeWorld({ refresh: [limited, newTokens(1)] });
  const managed = manage(world, expired);
  const told: unknown[] = [];
  for (let second = 0; second < 30; second += 1) {
    for (const ask of [managed.getToken(0, 'curl'), managed.forceRefresh()]) {
      const taken = await ask;
      told.push(!taken.ok && retryAfterMs(taken.failure));
    }
    await world.clock.advance(SECOND);
  }
  const due = managed.nextActionAt();
  const taken = await managed.getToken(0, 'curl');
  expect([new Set(told), due, taken.ok, counts(world.asked)]).toEqual([
    new Set(Array.from({ length: 30 }, (_, second) => (30 - second) * SECOND)),
    30 * SECOND,
    true,
    { refresh: 2 },
  ]);
});

test('ManagedAccount.getToken() tries an unreachable server at most once a second, whatever the caller', async () => {
  const world = makeWorld({ refresh: offline });
  const managed = manage(world, expired);
  for (let tenth = 0; tenth < 50; tenth += 1) {
    await managed.getToken(0, 'impatient');
    await world.clock.advance(100);
  }
  expect(counts(world.asked)).toEqual({ refresh: 5 });
});

test('ManagedAccount.nextActionAt() waits longer after each failure, and counts from there', async () => {
  const world = makeWorld({ refresh: offline });
  const managed = manage(world, expired);
  const pauses: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    await managed.refresh();
    pauses.push((managed.nextActionAt() ?? Number.NaN) - world.clock.monotonicNow());
    await world.clock.advance(pauses.at(-1) ?? 0);
  }
  expect(pauses).toEqual([1, 2, 4, 6.4, 12.8].map((seconds) => seconds * SECOND));
});

test('ManagedAccount.forceRefresh() refuses while the account is signing out', async () => {
  const state = { kind: 'signing-out', since: 1, revokedAt: null, waiting: null } as const;
  const world = makeWorld();
  const managed = manage(world, account({ ...state, tokens: tokens(0) }));
  expect([await managed.forceRefresh(), world.asked]).toEqual([
    { ok: false, failure: { code: 'signing-out', account: 'alice' } },
    [],
  ]);
});

test('ManagedAccount.refresh() leaves an account unverified if its user is not known yet', async () => {
  const world = makeWorld({ refresh: [newTokens(1)] });
  const unknown = account(
    { kind: 'unverified', tokens: tokens(0), waiting: null },
    { session: session({ userId: null }) },
  );
  const managed = manage(world, unknown);
  await managed.refresh();
  expect(stateOf(managed)).toEqual({ kind: 'unverified', tokens: 'A1 R1', waiting: null });
});
