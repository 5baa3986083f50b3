import { describe, expect, test } from 'vitest';
import {
  notActive,
  oauthError,
  plainScope,
  signedIn,
  startOidc,
  textsOf,
} from './oidc-provider-plain-client.ts';

describe('sessions of createOidcProvider()', () => {
  test('createOidcProvider() keeps both access tokens valid when a refresh token is spent', async () => {
    const { client, access, refresh } = await signedIn(await startOidc());
    const refreshed = await client.refresh(refresh);
    const next = textsOf(refreshed);
    const statuses = [access, next.access_token ?? ''].map((token) => client.whoami(token));
    expect({
      refreshed,
      isNew: next.refresh_token !== refresh && next.access_token !== access,
      statuses: (await Promise.all(statuses)).map(({ status }) => status),
    }).toEqual({
      refreshed: {
        status: 200,
        body: {
          access_token: expect.any(String) as unknown,
          refresh_token: expect.any(String) as unknown,
          expires_in: 3_600,
          scope: plainScope,
          token_type: 'Bearer',
        },
      },
      isNew: true,
      statuses: [200, 200],
    });
  });

  test('createOidcProvider() ends the session when a spent refresh token is sent again', async () => {
    const homeserver = await startOidc();
    const { client, refresh } = await signedIn(homeserver);
    const next = textsOf(await client.refresh(refresh));
    const replayed = await client.refresh(refresh);
    const innocent = await client.refresh(next.refresh_token ?? '');
    const whoami = await client.whoami(next.access_token ?? '');
    const alive = homeserver.sessions().map((session) => session.alive);
    expect({ replayed, innocent, whoami, alive }).toEqual({
      replayed: oauthError('invalid_grant'),
      innocent: oauthError('invalid_grant'),
      whoami: notActive,
      alive: [false],
    });
  });

  test.each([
    ['refresh_token', 'refresh'],
    ['access_token', 'access'],
  ] as const)(
    'createOidcProvider() ends the session when its %s is revoked',
    async (hint, which) => {
      const homeserver = await startOidc();
      const { client, ...tokens } = await signedIn(homeserver);
      const revoked = await client.revoke(tokens[which], hint);
      const again = await client.revoke(tokens[which], hint);
      const whoami = await client.whoami(tokens.access);
      const refreshed = await client.refresh(tokens.refresh);
      const alive = homeserver.sessions().map((session) => session.alive);
      expect({ revoked, again, whoami, refreshed, alive }).toEqual({
        revoked: { status: 200, body: '' },
        again: { status: 200, body: '' },
        whoami: notActive,
        refreshed: oauthError('invalid_grant'),
        alive: [false],
      });
    },
  );

  test('createOidcProvider() ends the session when its device code is redeemed again', async () => {
    const { client, access, refresh } = await signedIn(await startOidc());
    const again = await client.poll();
    const whoami = await client.whoami(access);
    const refreshed = await client.refresh(refresh);
    expect({ again, whoami, refreshed }).toEqual({
      again: oauthError('invalid_grant'),
      whoami: notActive,
      refreshed: oauthError('invalid_grant'),
    });
  });

  test('createOidcProvider() lets administrators lock users and end sessions', async () => {
    const homeserver = await startOidc();
    const { client, access, refresh } = await signedIn(homeserver);
    homeserver.lockUser('alice', true);
    const locked = await client.whoami(access);
    homeserver.lockUser('alice', false);
    const unlocked = (await client.whoami(access)).status;
    homeserver.endSessions('bob');
    const spared = (await client.whoami(access)).status;
    homeserver.endSessions('alice');
    const ended = await client.whoami(access);
    const refreshed = await client.refresh(refresh);
    const sessions = homeserver.sessions();
    expect({ locked, unlocked, spared, ended, refreshed, sessions }).toEqual({
      locked: {
        status: 401,
        body: expect.objectContaining({ errcode: 'M_USER_LOCKED', soft_logout: true }) as unknown,
      },
      unlocked: 200,
      spared: 200,
      ended: notActive,
      refreshed: oauthError('invalid_grant'),
      sessions: [
        {
          userId: '@alice:example.org',
          deviceId: 'KEYFOBDEVICE',
          clientId: client.clientId,
          alive: false,
          accessToken: access,
          refreshToken: refresh,
        },
      ],
    });
  });

  test.each([
    ['rotate', { access: 'new', refresh: 'new', spentGivesStatus: 400 }],
    ['same', { access: 'new', refresh: 'same', spentGivesStatus: 200 }],
    ['omit', { access: 'new', refresh: 'none', spentGivesStatus: 200 }],
    ['same-access', { access: 'same', refresh: 'new', spentGivesStatus: 400 }],
  ] as const)(
    'createOidcProvider() refreshes as configured: %s',
    async (refreshTokens, expected) => {
      let now = 1_000_000;
      const homeserver = await startOidc({ refreshTokens, now: () => now, accessTtlMs: 10_000 });
      const { client, access, refresh } = await signedIn(homeserver);
      now += 6_000;
      const next = textsOf(await client.refresh(refresh));
      const compare = (before: string, after: string | undefined) =>
        after === undefined ? 'none' : after === before ? 'same' : 'new';
      now += 6_000;
      const accessIsGood = (await client.whoami(next.access_token ?? '')).status;
      expect({
        access: compare(access, next.access_token),
        refresh: compare(refresh, next.refresh_token),
        accessIsGood,
        spentGivesStatus: (await client.refresh(refresh)).status,
      }).toEqual({ ...expected, accessIsGood: 200 });
    },
  );

  test('createOidcProvider() lets the homeserver accept a revoked token for a while', async () => {
    let now = 1_000_000;
    const homeserver = await startOidc({ now: () => now, introspectionCacheMs: 60_000 });
    const { client, access, refresh } = await signedIn(homeserver);
    await client.whoami(access);
    await client.revoke(refresh, 'refresh_token');
    now += 59_999;
    const believed = (await client.whoami(access)).status;
    now += 1;
    const asked = (await client.whoami(access)).status;
    expect({ believed, asked }).toEqual({ believed: 200, asked: 401 });
  });
});
