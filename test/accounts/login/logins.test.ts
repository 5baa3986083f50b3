import { expect, test } from 'vitest';
import { settle, until } from '../../fixtures/fake-clock.ts';
import { json } from '../../protocol/http/scripted-network.ts';
import {
  account,
  gated,
  MINUTE,
  oauthError,
  offline,
  SECOND,
  session,
} from '../../fixtures/world.ts';
import { toStored } from '../../../main/accounts/record-codec.ts';
import type { SignInRoom } from '../../fixtures/sign-in-script.ts';
import { signInRoom, startLogin } from '../../fixtures/sign-in-script.ts';

/** Puts an account there that a former process left. */
function withAccount(room: SignInRoom, held = account()): SignInRoom {
  room.vault.put(toStored(held));
  room.accounts.load({ accounts: [...room.vault.records.values()], warnings: [] });
  return room;
}

const signedOut = account({ kind: 'signed-out', why: 'ended-by-server' }, { label: 'work' });

const labels = ({ accounts }: SignInRoom) =>
  accounts.all().map((live) => `${live.account.label} ${live.account.state.kind}`);

/** Lets every login get its tokens and end. */
async function finish(room: SignInRoom, logins = 1): Promise<void> {
  const registered = () =>
    room.asked.filter(({ step }) => step === 'device-authorization').length >= logins;
  await until(registered);
  await settle();
  await room.clock.advance(6 * SECOND);
  const isOver = ({ state }: { state: { step: string } }) => state.step === 'done';
  await until(() => room.logins.snapshots({ now: 0, monotonic: 0 }).every(isOver));
}

test('Logins.start() refuses at once what cannot be meant', () => {
  const room = withAccount(signInRoom());
  const refused = [
    { server: '', label: null, client: null },
    { server: '#room:example.org', label: null, client: null },
    { server: 'http://example.org', label: null, client: null },
    { server: 'example.org', label: '-x', client: null },
    { server: 'example.org', label: '', client: null },
    { server: 'example.org', label: 'alice', client: null },
    { server: 'example.org', label: null, client: { redirect_uris: [] } },
  ].map((wish) => {
    const started = room.logins.start(wish);
    return !started.ok && started.failure.code;
  });
  expect([refused, room.asked]).toEqual([
    [
      'not-a-server',
      'not-a-server',
      'insecure-address',
      'label-invalid',
      'label-invalid',
      'label-taken',
      'client-metadata-invalid',
    ],
    [],
  ]);
});

test('Logins has every request say which login it is made for, also when two run at once', async () => {
  const room = signInRoom();
  const ids = [startLogin(room, 'example.org', 'a'), startLogin(room, 'example.org', 'b')];
  await finish(room, 2);
  const steps = ids.map((id) => room.asked.filter((_, index) => room.loginIds[index] === id));
  const all =
    'well-known versions auth-metadata registration device-authorization token whoami profile';
  expect(steps.map((asked) => asked.map(({ step }) => step).join(' '))).toEqual([all, all]);
});

test('Logins.start() gives the label that was asked for', async () => {
  const room = signInRoom();
  startLogin(room, 'example.org', 'home');
  await finish(room);
  expect(labels(room)).toEqual(['home active']);
});

test('Logins.start() makes one label of the user id, and another for the same user once more', async () => {
  const room = signInRoom();
  startLogin(room);
  await finish(room);
  startLogin(room);
  await finish(room, 2);
  expect(labels(room)).toEqual(['alice active', 'alice.example.org active']);
});

test('Logins.start() refuses a label that a login under way wants, until that has ended', () => {
  const room = signInRoom();
  const first = startLogin(room, 'example.org', 'home');
  const second = room.logins.start({ server: 'example.org', label: 'home', client: null });
  room.logins.cancel(first);
  const third = room.logins.start({ server: 'example.org', label: 'home', client: null });
  expect([second, third.ok]).toEqual([
    { ok: false, failure: { code: 'label-taken', label: 'home' } },
    true,
  ]);
});

test('Logins.start() gives two logins of the same user that end together two labels', async () => {
  const room = signInRoom();
  startLogin(room);
  startLogin(room);
  await finish(room, 2);
  expect(labels(room).sort()).toEqual(['alice active', 'alice.example.org active']);
});

test('Logins.start() brings a signed-out account back, by its label or by its user', async () => {
  const ends: unknown[] = [];
  for (const label of ['work', null]) {
    const room = withAccount(signInRoom(), signedOut);
    startLogin(room, '@alice:example.org', label);
    await finish(room);
    const [record] = [...room.vault.records.values()];
    ends.push([labels(room), room.vault.records.size, record?.addedAt === signedOut.addedAt]);
  }
  expect(ends).toEqual([
    [['work active'], 1, true],
    [['work active'], 1, true],
  ]);
});

test('Logins.start() gives the place of a signed-out account once, when two logins end together', async () => {
  const room = withAccount(signInRoom(), signedOut);
  startLogin(room);
  startLogin(room);
  await finish(room, 2);
  expect([labels(room).sort(), room.vault.records.size]).toEqual([
    ['alice active', 'work active'],
    2,
  ]);
});

test('Logins.start() leaves the signed-out account alone when the sign-in fails', async () => {
  const room = withAccount(signInRoom({ token: oauthError('access_denied') }), signedOut);
  startLogin(room, '@alice:example.org', 'work');
  await until(() => room.state().step === 'waiting');
  await room.clock.advance(5 * SECOND);
  await until(() => room.state().step === 'failed');
  expect([labels(room), room.vault.records.size]).toEqual([['work signed-out'], 1]);
});

test('Logins.again() finds the server as it was found the first time, and asks about somebody else', async () => {
  const former = account(
    { kind: 'signed-out', why: 'ended-by-server' },
    {
      label: 'work',
      typed: 'https://matrix.example.org',
      session: session({ userId: '@bob:example.org' }),
    },
  );
  const room = withAccount(signInRoom(), former);
  room.logins.signInAgain('work');
  await until(() => room.state().step === 'waiting');
  await room.clock.advance(5 * SECOND);
  await until(() => room.state().step === 'confirming');
  const [login] = room.logins.snapshots({ now: 0, monotonic: 0 });
  expect(login).toMatchObject({
    typed: 'https://matrix.example.org',
    label: 'work',
    state: { expected: '@bob:example.org', actual: '@alice:example.org' },
  });
});

test('Logins.retry() asks for a new code, for the same server and label', async () => {
  const room = signInRoom({ token: oauthError('expired_token') });
  const id = startLogin(room, '@alice:example.org', 'home');
  await until(() => room.state().step === 'waiting');
  await room.clock.advance(5 * SECOND);
  await until(() => room.state().step === 'failed');
  const again = room.logins.retry(id);
  await until(() => room.state().step === 'waiting');
  const moment = { now: 0, monotonic: 0 };
  expect([
    again.ok && again.value !== id,
    room.logins.snapshots(moment).map((one) => [one.typed, one.label, one.state.step]),
  ]).toEqual([
    true,
    [
      ['@alice:example.org', 'home', 'failed'],
      ['@alice:example.org', 'home', 'waiting'],
    ],
  ]);
});

test('Logins say so when a login is not known, or asked nothing', () => {
  const room = signInRoom();
  const id = startLogin(room);
  const unknown = { ok: false, failure: { code: 'login-unknown', login: 'nobody' } };
  expect([
    room.logins.cancel('nobody'),
    room.logins.answer('nobody', true),
    room.logins.retry('nobody'),
    room.logins.snapshot('nobody', { now: 0, monotonic: 0 }),
    room.logins.answer(id, true),
  ]).toEqual([
    unknown,
    unknown,
    unknown,
    unknown,
    { ok: false, failure: { code: 'request-invalid', why: 'this login asked nothing' } },
  ]);
});

test('Logins keep the last eight that ended in sight', async () => {
  const room = signInRoom({ 'well-known': offline });
  const ids: string[] = [];
  for (let n = 0; n < 11; n += 1) {
    ids.push(startLogin(room));
    await settle();
  }
  const shown = room.logins.snapshots({ now: 0, monotonic: 0 }).map(({ id }) => id);
  expect(shown).toEqual(ids.slice(3));
});

test('Logins.stop() gives up what runs and waits for what is under way', async () => {
  const slow = gated(json({ client_id: 'client-1' }, 201));
  const room = signInRoom({ registration: slow.answer });
  startLogin(room);
  await until(() => room.asked.some(({ step }) => step === 'registration'));
  let stopped = false;
  const stopping = room.logins.stop().then(() => (stopped = true));
  await settle();
  const before = [stopped, room.state().step];
  slow.open();
  await stopping;
  await room.clock.advance(MINUTE);
  expect([before, room.clock.sleepers, room.asked.at(-1)?.step]).toEqual([
    [false, 'cancelled'],
    0,
    'registration',
  ]);
});

test('Logins log a bug, and leave its account to the schedule, which does not run wild', async () => {
  const room = signInRoom({ profile: [] });
  startLogin(room);
  await until(() => room.state().step === 'waiting');
  await room.clock.advance(5 * SECOND);
  await until(() => room.state().step === 'cancelled');
  await room.clock.advance(MINUTE);
  expect([room.logged.map(({ level, event }) => [level, event]), labels(room)]).toEqual([
    [
      ['bug', 'a login could not go on'],
      ['bug', 'an account could not be looked after'],
    ],
    ['alice unverified'],
  ]);
});
