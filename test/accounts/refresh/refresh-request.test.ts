import { expect, test } from 'vitest';
import { requestNewTokens, tokensFrom } from '../../../main/accounts/refresh/refresh-request.ts';
import { Secret } from '../../../main/protocol/secret.ts';
import { json, raw } from '../../protocol/http/scripted-network.ts';
import {
  makeWorld,
  counts,
  formOf,
  HOMESERVER,
  ISSUER,
  lostAnswer,
  MINUTE,
  newTokens,
  oauthError,
  offline,
  session,
  tokens,
} from '../../fixtures/world.ts';

const metadata = {
  issuer: ISSUER,
  token_endpoint: `${ISSUER}new/token`,
  registration_endpoint: `${ISSUER}register`,
  device_authorization_endpoint: `${ISSUER}device`,
  revocation_endpoint: `${ISSUER}new/revoke`,
};

test('requestNewTokens() sends the refresh token with the client id of its session, and no scope', async () => {
  const world = makeWorld({ refresh: [newTokens(1, { scope: 'one two' })] });
  const answer = await requestNewTokens(session(), tokens(0), world.deps);
  expect([answer.ok && answer.value, formOf(world.asked[0])]).toEqual([
    { tokens: tokens(1), session: session({ scope: ['one', 'two'] }) },
    { grant_type: 'refresh_token', refresh_token: 'R0', client_id: 'client+/=1' },
  ]);
});

test('requestNewTokens() keeps the scope and the refresh token if the response has none', async () => {
  const world = makeWorld({ refresh: [newTokens(1, { refresh_token: undefined })] });
  const answer = await requestNewTokens(session(), tokens(0), world.deps);
  expect(answer.ok && answer.value).toEqual({
    tokens: { ...tokens(1), refresh: tokens(0).refresh },
    session: session(),
  });
});

test('requestNewTokens() repeats discovery once when the endpoint is gone', async () => {
  const world = makeWorld({
    refresh: [raw('', 404), newTokens(1)],
    'auth-metadata': [json(metadata)],
  });
  const answer = await requestNewTokens(session(), tokens(0), world.deps);
  const server = {
    ...session().server,
    tokenEndpoint: `${ISSUER}new/token`,
    revocationEndpoint: `${ISSUER}new/revoke`,
  };
  expect([
    answer.ok && answer.value.session,
    world.asked.map(({ step, url }) => [step, url]),
  ]).toEqual([
    session({ server }),
    [
      ['refresh', `${ISSUER}token`],
      ['auth-metadata', `${HOMESERVER}/_matrix/client/v1/auth_metadata`],
      ['refresh', `${ISSUER}new/token`],
    ],
  ]);
});

test('requestNewTokens() repeats discovery only once', async () => {
  const world = makeWorld({ refresh: raw('', 404), 'auth-metadata': json(metadata) });
  const answer = await requestNewTokens(session(), tokens(0), world.deps);
  expect([answer, counts(world.asked)]).toEqual([
    {
      ok: false,
      failure: {
        failure: { code: 'endpoint-gone', host: 'auth.example.org', status: 404 },
        lost: false,
        sent: 0,
      },
    },
    { refresh: 2, 'auth-metadata': 1 },
  ]);
});

test('requestNewTokens() sends the refresh token to no other issuer', async () => {
  const is = 'https://evil.example/';
  const elsewhere = Object.fromEntries(
    Object.entries(metadata).map(([name, url]) => [name, url.replace(ISSUER, is)]),
  );
  const world = makeWorld({ refresh: [raw('', 404)], 'auth-metadata': [json(elsewhere)] });
  const answer = await requestNewTokens(session(), tokens(0), world.deps);
  expect([answer, counts(world.asked)]).toEqual([
    {
      ok: false,
      failure: { failure: { code: 'issuer-changed', was: ISSUER, is }, lost: false, sent: 0 },
    },
    { refresh: 1, 'auth-metadata': 1 },
  ]);
});

test('requestNewTokens() reports a lost response even if the retry fails in another way', async () => {
  const told: unknown[] = [];
  for (const second of [lostAnswer, offline, raw('', 429), oauthError('invalid_grant')]) {
    const world = makeWorld({ refresh: [lostAnswer, second] });
    const answer = await requestNewTokens(session(), tokens(0), world.deps);
    told.push(!answer.ok && [answer.failure.failure.code, answer.failure.lost]);
  }
  expect(told).toEqual([
    ['unreachable', true],
    ['unreachable', true],
    ['rate-limited', true],
    ['session-ended', true],
  ]);
});

test('requestNewTokens() does not retry if the server asked it to wait, and still counts the response as lost', async () => {
  const told: unknown[] = [];
  for (const after of ['120', '0']) {
    const world = makeWorld({ refresh: raw('<html>', 502, { 'retry-after': after }) });
    const answer = await requestNewTokens(session(), tokens(0), world.deps);
    told.push([!answer.ok && answer.failure.lost, counts(world.asked)]);
  }
  expect(told).toEqual([
    [true, { refresh: 1 }],
    [true, { refresh: 2 }],
  ]);
});

test('tokensFrom() counts the lifetime from when the request was sent', () => {
  const grant = {
    accessToken: new Secret('A'),
    refreshToken: null,
    lifetimeMs: 5 * MINUTE,
    scope: null,
  };
  const old = new Secret('R');
  const uptime = { boot: 'boot 1', ms: 9 };
  const sent = { at: 1_000_000, monotonic: 7, uptime };
  expect([
    tokensFrom(grant, old, sent),
    tokensFrom({ ...grant, lifetimeMs: null }, old, sent).expires,
  ]).toEqual([
    {
      access: grant.accessToken,
      refresh: old,
      issuedAt: 1_000_000,
      issuedUptime: uptime,
      lifetimeMs: 5 * MINUTE,
      expires: 5 * MINUTE + 7,
    },
    null,
  ]);
});
