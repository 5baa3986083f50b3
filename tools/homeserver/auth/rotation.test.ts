import { afterEach, describe, expect, test } from 'vitest';

import { Caller, field, verdict, windableClock } from '../caller.ts';
import type { HomeserverOptions } from '../homeserver.ts';

const minute = 60_000;
const open: Caller[] = [];

async function start(options: HomeserverOptions = {}) {
  const clock = windableClock();
  const caller = await Caller.start({ now: clock.now, ...options });
  open.push(caller);
  const first = await caller.signIn();
  const refresh = async (token: string) => caller.refresh(token, first.clientId);
  return { caller, clock, first, refresh };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ server }) => server.close()));
});

describe('mas', () => {
  test('revokes the access token at the refresh', async () => {
    const { caller, first, refresh } = await start();
    const before = verdict(await caller.whoami(first.access));
    await refresh(first.refresh);
    expect([before, await caller.whoami(first.access)]).toEqual([
      '200 ok',
      {
        status: 401,
        body: { errcode: 'M_UNKNOWN_TOKEN', error: 'Token is not active', soft_logout: false },
      },
    ]);
  });

  test('allows a refresh to be repeated until its tokens are used', async () => {
    const { caller, first, refresh } = await start();
    const lost = await refresh(first.refresh);
    const repeated = await refresh(first.refresh);
    const lostAgain = verdict(await refresh(field(lost, 'refresh_token')));
    const deadAccess = verdict(await caller.whoami(field(lost, 'access_token')));
    const goodAccess = verdict(await caller.whoami(field(repeated, 'access_token')));
    const afterUse = verdict(await refresh(first.refresh));
    const current = verdict(await refresh(field(repeated, 'refresh_token')));
    expect([verdict(repeated), lostAgain, deadAccess, goodAccess, afterUse, current]).toEqual([
      '200 ok',
      '400 invalid_grant',
      '401 Token is not active',
      '200 ok',
      '400 invalid_grant',
      '200 ok',
    ]);
  });

  test('refuses a spent refresh token once its successor is spent', async () => {
    const { first, refresh } = await start();
    const second = await refresh(first.refresh);
    await refresh(field(second, 'refresh_token'));
    expect(verdict(await refresh(first.refresh))).toBe('400 invalid_grant');
  });

  test('keeps a spent refresh token for one to two hours', async () => {
    const { clock, first, refresh } = await start();
    clock.at += 10 * minute;
    await refresh(first.refresh); // at ten past: swept at five past, the hour after next
    clock.at += 114 * minute;
    const justBefore = verdict(await refresh(first.refresh));
    const { first: other, refresh: again, clock: otherClock } = await start();
    otherClock.at += 10 * minute;
    await again(other.refresh);
    otherClock.at += 115 * minute;
    expect([justBefore, verdict(await again(other.refresh))]).toEqual([
      '200 ok',
      '400 invalid_grant',
    ]);
  });

  test('refreshes for a locked user, but accepts none of the tokens', async () => {
    const { caller, first, refresh } = await start();
    caller.server.lockUser('alice', true);
    const refreshed = await refresh(first.refresh);
    const locked = verdict(await caller.whoami(field(refreshed, 'access_token')));
    caller.server.lockUser('alice', false);
    expect([
      verdict(refreshed),
      locked,
      verdict(await caller.whoami(field(refreshed, 'access_token'))),
    ]).toEqual(['200 ok', '401 Token is not active', '200 ok']);
  });

  test('accepts a revoked token for as long as the introspection is cached', async () => {
    const { caller, clock, first } = await start({ introspectionCacheMs: 2 * minute });
    await caller.whoami(first.access);
    await caller.revoke({ token: first.refresh, client_id: first.clientId });
    clock.at += 2 * minute - 1;
    const cached = verdict(await caller.whoami(first.access));
    clock.at += 1;
    expect([cached, verdict(await caller.whoami(first.access))]).toEqual([
      '200 ok',
      '401 Token is not active',
    ]);
  });

  test.each([
    ['the refresh token', 'refresh', 'refresh_token', 0, false],
    ['the access token', 'access', 'access_token', 0, false],
    ['an expired access token', 'access', 'access_token', 6 * minute, true],
    ['a token under the wrong hint', 'refresh', 'access_token', 0, true],
  ] as const)('answers 200 to %s', async (_, kind, hint, laterMs, alive) => {
    const { caller, clock, first } = await start();
    clock.at += laterMs;
    const form = { token: first[kind], token_type_hint: hint, client_id: first.clientId };
    const reply = await caller.revoke(form);
    expect([reply, caller.server.sessions()[0]?.alive]).toEqual([{ status: 200, body: '' }, alive]);
  });

  test('ends sessions when an administrator does so', async () => {
    const { caller, first, refresh } = await start();
    caller.server.endSessions('alice');
    expect([
      verdict(await caller.whoami(first.access)),
      verdict(await refresh(first.refresh)),
    ]).toEqual(['401 Token is not active', '400 invalid_grant']);
  });

  test.each([
    ['same', true, false],
    ['omit', true, false],
    ['same-access', false, true],
  ] as const)(
    'gives %s when configured to',
    async (refreshTokens, oldRefreshGood, oldAccessGood) => {
      const { caller, first, refresh } = await start({ refreshTokens });
      const { body } = await refresh(first.refresh);
      const oldAccess = verdict(await caller.whoami(first.access));
      await caller.whoami(caller.server.sessions()[0]!.accessToken);
      expect({
        refreshToken: (body as Record<string, unknown>).refresh_token ?? null, // of a 200
        oldRefreshGood: verdict(await refresh(first.refresh)) === '200 ok',
        oldAccessGood: oldAccess === '200 ok',
      }).toEqual({
        refreshToken: {
          same: first.refresh,
          omit: null,
          'same-access': expect.stringMatching(/^mar_/) as unknown,
        }[refreshTokens],
        oldRefreshGood,
        oldAccessGood,
      });
    },
  );
});

describe('tuwunel', () => {
  const personality = 'tuwunel';

  test('allows a repeated refresh for fifteen seconds', async () => {
    const { caller, clock, first, refresh } = await start({ personality });
    const second = await refresh(first.refresh);
    clock.at += 15_000;
    const repeated = await refresh(first.refresh);
    expect({
      repeated: verdict(repeated),
      sameRefreshToken: field(repeated, 'refresh_token') === field(second, 'refresh_token'),
      newAccess: verdict(await caller.whoami(field(repeated, 'access_token'))),
      before: verdict(await caller.whoami(field(second, 'access_token'))),
    }).toEqual({
      repeated: '200 ok',
      sameRefreshToken: true,
      newAccess: '200 ok',
      before: '401 Unknown access token.',
    });
  });

  test('removes the device when a refresh is repeated later', async () => {
    const { caller, clock, first, refresh } = await start({ personality });
    const second = await refresh(first.refresh);
    clock.at += 15_001;
    expect([
      verdict(await refresh(first.refresh)),
      verdict(await refresh(field(second, 'refresh_token'))),
      caller.server.sessions().map(({ alive }) => alive),
    ]).toEqual(['400 invalid_grant', '400 invalid_grant', [false]]);
  });

  test('reports an expired token once, and then forgets it', async () => {
    const { caller, clock, first } = await start({ personality, accessTtlMs: minute });
    clock.at += minute;
    const once = await caller.whoami(first.access);
    const twice = await caller.whoami(first.access);
    await caller.revoke({ token: first.access });
    const alive = caller.server.sessions()[0]?.alive;
    expect([once.body, twice.body, alive]).toEqual([
      { errcode: 'M_UNKNOWN_TOKEN', error: 'Access token has expired.', soft_logout: true },
      { errcode: 'M_UNKNOWN_TOKEN', error: 'Unknown access token.' },
      true,
    ]);
  });

  test("revokes by an expired access token that wasn't used since", async () => {
    const { caller, clock, first } = await start({ personality, accessTtlMs: minute });
    clock.at += minute;
    const reply = verdict(await caller.revoke({ token: first.access }));
    expect([reply, caller.server.sessions()[0]?.alive]).toEqual(['200 text', false]);
  });
});

describe('continuwuity', () => {
  const personality = 'continuwuity';

  test('refuses a spent refresh token', async () => {
    const { first, refresh } = await start({ personality });
    const second = await refresh(first.refresh);
    expect([
      verdict(await refresh(first.refresh)),
      verdict(await refresh(field(second, 'refresh_token'))),
    ]).toEqual(['400 invalid_grant', '200 ok']);
  });

  test('revokes by either token, and only once', async () => {
    const { caller, clock, first } = await start({ personality });
    clock.at += 3_600_000;
    const expired = await caller.whoami(first.access);
    expect([
      expired.body,
      verdict(await caller.revoke({ token: first.access })),
      verdict(await caller.revoke({ token: first.access })),
      verdict(await caller.revoke({ token: first.refresh })),
    ]).toEqual([
      { errcode: 'M_UNKNOWN_TOKEN', error: 'Token has expired.', soft_logout: true },
      '200 text',
      '400 invalid_grant',
      '400 invalid_grant',
    ]);
  });
});

test.each(['tuwunel', 'continuwuity'] as const)('%s reports a locked user', async (personality) => {
  const { caller, first } = await start({ personality });
  caller.server.lockUser('alice', true);
  expect(await caller.whoami(first.access)).toEqual({
    status: 401,
    body: {
      errcode: 'M_USER_LOCKED',
      error: 'This account has been locked',
      soft_logout: true,
    },
  });
});
