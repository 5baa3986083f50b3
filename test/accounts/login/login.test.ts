import { expect, test } from 'vitest';
import { until } from '../../fixtures/fake-clock.ts';
import { diskFull } from '../../fixtures/memory-vault.ts';
import { json, raw } from '../../protocol/http/scripted-network.ts';
import {
  formOf,
  itIsAlice,
  MINUTE,
  newTokens,
  oauthError,
  offline,
  SECOND,
  storedWords,
  unknownToken,
} from '../../fixtures/world.ts';
import type { SignInWorld } from '../../fixtures/sign-in-world.ts';
import { aCode, metadata, makeSignInWorld, startLogin } from '../../fixtures/sign-in-world.ts';

/** Waits for the code, and then until the first poll. */
async function approve(world: SignInWorld): Promise<void> {
  await until(() => world.state().step === 'waiting', 'a code');
  await world.clock.advance(5 * SECOND);
}

const ended = (world: SignInWorld) => () =>
  ['done', 'failed', 'cancelled'].includes(world.state().step);

/** The accounts in the vault, in short form. */
const kept = ({ vault }: SignInWorld) =>
  [...vault.records.values()].map((record) => `${record.label}: ${storedWords(record)}`);

const revokedTokens = ({ asked }: SignInWorld) =>
  asked
    .filter(({ step }) => step === 'revocation')
    .map((one) => [formOf(one).token, formOf(one).token_type_hint]);

test('Login goes through its steps in order, and saves the tokens before it uses them', async () => {
  const world = makeSignInWorld();
  startLogin(world);
  await approve(world);
  await until(ended(world));
  expect([world.seen, world.journal, world.state(), kept(world), world.clock.sleepers]).toEqual([
    ['discovering', 'registering', 'requesting-code', 'waiting', 'verifying', 'done'],
    [
      'ask well-known',
      'ask versions',
      'ask auth-metadata',
      'ask registration',
      'ask device-authorization',
      'ask token',
      'saved unverified A1 R1',
      'ask whoami',
      'ask profile',
      'saved active A1 R1',
    ],
    {
      step: 'done',
      accountId: world.accounts.all()[0]?.account.id,
      label: 'alice',
      userId: '@alice:example.org',
      deviceId: 'DEVICE0001',
      homeserver: 'https://matrix.example.org',
      notices: [expect.objectContaining({ code: 'other-device' })],
    },
    ['alice: active A1 R1'],
    1,
  ]);
});

test('Login shows the code, exactly as sent, and when it expires', async () => {
  const world = makeSignInWorld();
  startLogin(world);
  await until(() => world.state().step === 'waiting');
  const now = Date.UTC(2026, 0, 1);
  expect(world.state()).toEqual({
    step: 'waiting',
    homeserver: 'https://matrix.example.org',
    issuer: 'https://auth.example.org/',
    clientId: 'client-1',
    userCode: '7XK0QB',
    verificationUri: 'https://auth.example.org/link',
    verificationUriComplete: null,
    expiresAt: now + 30 * MINUTE,
    intervalMs: 5 * SECOND,
    poll: { state: 'waiting', polls: 0, nextAt: now + 5 * SECOND },
  });
});

test('Login asks the user when a different account signed in, and keeps the session if confirmed', async () => {
  const world = makeSignInWorld();
  const id = startLogin(world, '@bob:example.org');
  await approve(world);
  await until(() => world.state().step === 'confirming');
  const question = world.state();
  world.logins.answer(id, true);
  await until(ended(world));
  expect([question, kept(world), revokedTokens(world)]).toEqual([
    expect.objectContaining({ expected: '@bob:example.org', actual: '@alice:example.org' }),
    ['alice: active A1 R1'],
    [],
  ]);
});

test('Login revokes the session if the user declines a different account', async () => {
  const world = makeSignInWorld({ whoami: [itIsAlice, unknownToken] });
  const id = startLogin(world, '@bob:example.org');
  await approve(world);
  await until(() => world.state().step === 'confirming');
  world.logins.answer(id, false);
  await until(ended(world));
  expect([world.state(), kept(world), revokedTokens(world), world.clock.sleepers]).toEqual([
    { step: 'failed', failure: expect.objectContaining({ code: 'other-user' }) as unknown },
    [],
    [['R1', 'refresh_token']],
    0,
  ]);
});

test('Login revokes a session whose token the homeserver rejects at once, without a refresh', async () => {
  const world = makeSignInWorld({ whoami: unknownToken });
  startLogin(world);
  await approve(world);
  await until(ended(world));
  expect([world.state(), kept(world), revokedTokens(world)]).toEqual([
    { step: 'failed', failure: expect.objectContaining({ code: 'whoami-rejected' }) as unknown },
    [],
    [['R1', 'refresh_token']],
  ]);
});

test('Login waits, and shows why, until the homeserver can say who signed in', async () => {
  const world = makeSignInWorld({ whoami: [raw('', 503), offline, itIsAlice] });
  startLogin(world);
  await approve(world);
  const notice = world.state();
  await world.clock.advance(3 * SECOND);
  await until(ended(world));
  expect([notice, kept(world)]).toEqual([
    expect.objectContaining({
      step: 'verifying',
      notice: expect.objectContaining({ code: 'server-unavailable' }) as unknown,
    }),
    ['alice: active A1 R1'],
  ]);
});

test('Login refreshes if the token expires before the homeserver can say who signed in', async () => {
  const world = makeSignInWorld({
    token: newTokens(1, { expires_in: 2 }),
    whoami: [offline, offline, itIsAlice],
    refresh: [newTokens(2)],
  });
  startLogin(world);
  await approve(world);
  await world.clock.advance(4 * SECOND);
  await until(ended(world));
  expect(kept(world)).toEqual(['alice: active A2 R2']);
});

test('Login keeps the tokens in memory, unused, while the disk is full', async () => {
  const world = makeSignInWorld();
  startLogin(world);
  await until(() => world.state().step === 'waiting');
  world.vault.failure = diskFull;
  await world.clock.advance(7 * SECOND);
  const meanwhile = [world.state(), world.asked.at(-1)?.step];
  world.vault.failure = null;
  await world.clock.advance(10 * SECOND);
  await until(ended(world));
  expect([meanwhile, kept(world)]).toEqual([
    [
      expect.objectContaining({
        step: 'verifying',
        notice: expect.objectContaining({ code: 'disk-full' }) as unknown,
      }),
      'token',
    ],
    ['alice: active A1 R1'],
  ]);
});

test('Login does not use a refreshed token before it is saved', async () => {
  const world = makeSignInWorld({
    token: newTokens(1, { expires_in: 1 }),
    whoami: [offline, itIsAlice],
    refresh: (asked) => {
      world.vault.failure = diskFull;
      return newTokens(2)(asked);
    },
  });
  startLogin(world);
  await approve(world);
  await world.clock.advance(9 * SECOND);
  const meanwhile = world.asked.filter(({ step }) => step === 'whoami').length;
  world.vault.failure = null;
  await world.clock.advance(MINUTE);
  await until(ended(world));
  expect([meanwhile, kept(world)]).toEqual([1, ['alice: active A2 R2']]);
});

test('Login revokes unusable tokens with whichever token it has', async () => {
  const ends: unknown[] = [];
  for (const over of [
    { token_type: 'DPoP' },
    { refresh_token: undefined },
    { scope: 'openid' },
    { access_token: 'A\n1' },
  ]) {
    const world = makeSignInWorld({ token: newTokens(1, over) });
    startLogin(world);
    await approve(world);
    await until(ended(world));
    const state = world.state();
    ends.push([state.step === 'failed' && state.failure.code, revokedTokens(world), kept(world)]);
  }
  expect(ends).toEqual([
    ['token-type-unsupported', [['R1', 'refresh_token']], []],
    ['refresh-token-missing', [['A1', 'access_token']], []],
    ['scope-missing', [['R1', 'refresh_token']], []],
    ['malformed-response', [['R1', 'refresh_token']], []],
  ]);
});

test('Login starts over once if the metadata was out of date or the client was forgotten', async () => {
  const ends: unknown[] = [];
  for (const stale of [
    raw('', 404),
    oauthError('invalid_request'),
    oauthError('invalid_client', 401),
  ])
    for (const second of [aCode, stale]) {
      const world = makeSignInWorld({ 'device-authorization': [stale, second] });
      startLogin(world);
      await until(() => ['waiting', 'failed'].includes(world.state().step));
      ends.push([
        world.seen.join(' '),
        world.asked.filter(({ step }) => step === 'registration').length,
      ]);
    }
  const twice = 'discovering registering requesting-code discovering registering requesting-code';
  expect(ends).toEqual(
    [0, 1, 2].flatMap(() => [
      [`${twice} waiting`, 2],
      [`${twice} failed`, 2],
    ]),
  );
});

test('Login ends at once on a permanent failure', async () => {
  const codes: unknown[] = [];
  for (const over of [
    { 'auth-metadata': raw('', 503) },
    { registration: oauthError('invalid_client_metadata') },
    { 'device-authorization': oauthError('unauthorized_client', 401) },
    { 'auth-metadata': json({ ...metadata, device_authorization_endpoint: undefined }) },
  ]) {
    const world = makeSignInWorld(over);
    startLogin(world);
    await until(ended(world));
    const state = world.state();
    codes.push(state.step === 'failed' && state.failure.code);
  }
  expect(codes).toEqual([
    'server-unavailable',
    'registration-refused',
    'device-request-refused',
    'device-grant-unsupported',
  ]);
});
