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
import type { SignInRoom } from '../../fixtures/sign-in-script.ts';
import { aCode, metadata, signInRoom, startLogin } from '../../fixtures/sign-in-script.ts';

/** Until the code is there, and then to the first poll. */
async function approve(room: SignInRoom): Promise<void> {
  await until(() => room.state().step === 'waiting', 'a code');
  await room.clock.advance(5 * SECOND);
}

const ended = (room: SignInRoom) => () =>
  ['done', 'failed', 'cancelled'].includes(room.state().step);

/** What the vault holds, in a few words. */
const kept = ({ vault }: SignInRoom) =>
  [...vault.records.values()].map((record) => `${record.label}: ${storedWords(record)}`);

const revokedTokens = ({ asked }: SignInRoom) =>
  asked
    .filter(({ step }) => step === 'revocation')
    .map((one) => [formOf(one).token, formOf(one).token_type_hint]);

test('Login goes through its steps in order, and saves the tokens before it uses them', async () => {
  const room = signInRoom();
  startLogin(room);
  await approve(room);
  await until(ended(room));
  expect([room.seen, room.journal, room.state(), kept(room), room.clock.sleepers]).toEqual([
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
      accountId: room.accounts.all()[0]?.account.id,
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

test('Login shows the code, exactly as sent, and when it dies', async () => {
  const room = signInRoom();
  startLogin(room);
  await until(() => room.state().step === 'waiting');
  const now = Date.UTC(2026, 0, 1);
  expect(room.state()).toEqual({
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

test('Login asks the person when somebody else signed in, and keeps the session on yes', async () => {
  const room = signInRoom();
  const id = startLogin(room, '@bob:example.org');
  await approve(room);
  await until(() => room.state().step === 'confirming');
  const question = room.state();
  room.logins.answer(id, true);
  await until(ended(room));
  expect([question, kept(room), revokedTokens(room)]).toEqual([
    expect.objectContaining({ expected: '@bob:example.org', actual: '@alice:example.org' }),
    ['alice: active A1 R1'],
    [],
  ]);
});

test('Login gives the session back when the person does not want somebody else', async () => {
  const room = signInRoom({ whoami: [itIsAlice, unknownToken] });
  const id = startLogin(room, '@bob:example.org');
  await approve(room);
  await until(() => room.state().step === 'confirming');
  room.logins.answer(id, false);
  await until(ended(room));
  expect([room.state(), kept(room), revokedTokens(room), room.clock.sleepers]).toEqual([
    { step: 'failed', failure: expect.objectContaining({ code: 'other-user' }) as unknown },
    [],
    [['R1', 'refresh_token']],
    0,
  ]);
});

test('Login revokes a session whose token the homeserver rejects at once, without a refresh', async () => {
  const room = signInRoom({ whoami: unknownToken });
  startLogin(room);
  await approve(room);
  await until(ended(room));
  expect([room.state(), kept(room), revokedTokens(room)]).toEqual([
    { step: 'failed', failure: expect.objectContaining({ code: 'whoami-rejected' }) as unknown },
    [],
    [['R1', 'refresh_token']],
  ]);
});

test('Login waits, with the reason in sight, until the homeserver can say who signed in', async () => {
  const room = signInRoom({ whoami: [raw('', 503), offline, itIsAlice] });
  startLogin(room);
  await approve(room);
  const notice = room.state();
  await room.clock.advance(3 * SECOND);
  await until(ended(room));
  expect([notice, kept(room)]).toEqual([
    expect.objectContaining({
      step: 'verifying',
      notice: expect.objectContaining({ code: 'server-unavailable' }) as unknown,
    }),
    ['alice: active A1 R1'],
  ]);
});

test('Login refreshes when the token expires before anybody could say who signed in', async () => {
  const room = signInRoom({
    token: newTokens(1, { expires_in: 2 }),
    whoami: [offline, offline, itIsAlice],
    refresh: [newTokens(2)],
  });
  startLogin(room);
  await approve(room);
  await room.clock.advance(4 * SECOND);
  await until(ended(room));
  expect(kept(room)).toEqual(['alice: active A2 R2']);
});

test('Login keeps the tokens in memory, unused, while the disk is full', async () => {
  const room = signInRoom();
  startLogin(room);
  await until(() => room.state().step === 'waiting');
  room.vault.failure = diskFull;
  await room.clock.advance(7 * SECOND);
  const meanwhile = [room.state(), room.asked.at(-1)?.step];
  room.vault.failure = null;
  await room.clock.advance(10 * SECOND);
  await until(ended(room));
  expect([meanwhile, kept(room)]).toEqual([
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

test('Login uses no refreshed token either before the disk has it', async () => {
  const room = signInRoom({
    token: newTokens(1, { expires_in: 1 }),
    whoami: [offline, itIsAlice],
    refresh: (asked) => {
      room.vault.failure = diskFull;
      return newTokens(2)(asked);
    },
  });
  startLogin(room);
  await approve(room);
  await room.clock.advance(9 * SECOND);
  const meanwhile = room.asked.filter(({ step }) => step === 'whoami').length;
  room.vault.failure = null;
  await room.clock.advance(MINUTE);
  await until(ended(room));
  expect([meanwhile, kept(room)]).toEqual([1, ['alice: active A2 R2']]);
});

test('Login revokes tokens that no session can live on, by what it has of them', async () => {
  const ends: unknown[] = [];
  for (const over of [
    { token_type: 'DPoP' },
    { refresh_token: undefined },
    { scope: 'openid' },
    { access_token: 'A\n1' },
  ]) {
    const room = signInRoom({ token: newTokens(1, over) });
    startLogin(room);
    await approve(room);
    await until(ended(room));
    const state = room.state();
    ends.push([state.step === 'failed' && state.failure.code, revokedTokens(room), kept(room)]);
  }
  expect(ends).toEqual([
    ['token-type-unsupported', [['R1', 'refresh_token']], []],
    ['refresh-token-missing', [['A1', 'access_token']], []],
    ['scope-missing', [['R1', 'refresh_token']], []],
    ['malformed-response', [['R1', 'refresh_token']], []],
  ]);
});

test('Login starts over, once, when the metadata were out of date or the client was forgotten', async () => {
  const ends: unknown[] = [];
  for (const stale of [
    raw('', 404),
    oauthError('invalid_request'),
    oauthError('invalid_client', 401),
  ])
    for (const second of [aCode, stale]) {
      const room = signInRoom({ 'device-authorization': [stale, second] });
      startLogin(room);
      await until(() => ['waiting', 'failed'].includes(room.state().step));
      ends.push([
        room.seen.join(' '),
        room.asked.filter(({ step }) => step === 'registration').length,
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

test('Login ends at once with what cannot be healed', async () => {
  const codes: unknown[] = [];
  for (const over of [
    { 'auth-metadata': raw('', 503) },
    { registration: oauthError('invalid_client_metadata') },
    { 'device-authorization': oauthError('unauthorized_client', 401) },
    { 'auth-metadata': json({ ...metadata, device_authorization_endpoint: undefined }) },
  ]) {
    const room = signInRoom(over);
    startLogin(room);
    await until(ended(room));
    const state = room.state();
    codes.push(state.step === 'failed' && state.failure.code);
  }
  expect(codes).toEqual([
    'server-unavailable',
    'registration-refused',
    'device-request-refused',
    'device-grant-unsupported',
  ]);
});
