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
import type { SignInWorld } from '../../fixtures/sign-in-world.ts';
import { makeSignInWorld, startLogin } from '../../fixtures/sign-in-world.ts';

/** Adds an account left by an earlier process. */
function withAccount(world: SignInWorld, held = account()): SignInWorld {
  world.vault.put(toStored(held));
  world.accounts.load({ accounts: [...world.vault.records.values()], warnings: [] });
  return world;
}

const signedOut = account({ kind: 'signed-out', why: 'ended-by-server' }, { label: 'work' });

const labels = ({ accounts }: SignInWorld) =>
  accounts.all().map((managed) => `${managed.account.label} ${managed.account.state.kind}`);

/** Lets every login get its tokens and end. */
async function finish(world: SignInWorld, logins = 1): Promise<void> {
  const registered = () =>
    world.asked.filter(({ step }) => step === 'device-authorization').length >= logins;
  await until(registered);
  await settle();
  await world.clock.advance(6 * SECOND);
  const isOver = ({ state }: { state: { step: string } }) => state.step === 'done';
  await until(() => world.logins.snapshots({ now: 0, monotonic: 0 }).every(isOver));
}

test('Logins.start() rejects invalid input at once', () => {
  const world = withAccount(makeSignInWorld());
  const refused = [
    { server: '', label: null, client: null },
    { server: '#room:example.org', label: null, client: null },
    { server: 'http://example.org', label: null, client: null },
    { server: 'example.org', label: '-x', client: null },
    { server: 'example.org', label: '', client: null },
    { server: 'example.org', label: 'alice', client: null },
    { server: 'example.org', label: null, client: { redirect_uris: [] } },
  ].map((wish) => {
    const started = world.logins.start(wish);
    return !started.ok && started.failure.code;
  });
  expect([refused, world.asked]).toEqual([
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

test('Logins tags every request with its login, even when two run at once', async () => {
  const world = makeSignInWorld();
  const ids = [startLogin(world, 'example.org', 'a'), startLogin(world, 'example.org', 'b')];
  await finish(world, 2);
  const steps = ids.map((id) => world.asked.filter((_, index) => world.loginIds[index] === id));
  const all =
    'well-known versions auth-metadata registration device-authorization token whoami profile';
  expect(steps.map((asked) => asked.map(({ step }) => step).join(' '))).toEqual([all, all]);
});

test('Logins.start() uses the requested label', async () => {
  const world = makeSignInWorld();
  startLogin(world, 'example.org', 'home');
  await finish(world);
  expect(labels(world)).toEqual(['home active']);
});

test("Logins.start() makes a label from the user id, and a different one for the same user's next session", async () => {
  const world = makeSignInWorld();
  startLogin(world);
  await finish(world);
  startLogin(world);
  await finish(world, 2);
  expect(labels(world)).toEqual(['alice active', 'alice.example.org active']);
});

test('Logins.start() refuses a label that a login in progress has requested, until that login ends', () => {
  const world = makeSignInWorld();
  const first = startLogin(world, 'example.org', 'home');
  const second = world.logins.start({ server: 'example.org', label: 'home', client: null });
  world.logins.cancel(first);
  const third = world.logins.start({ server: 'example.org', label: 'home', client: null });
  expect([second, third.ok]).toEqual([
    { ok: false, failure: { code: 'label-taken', label: 'home' } },
    true,
  ]);
});

test('Logins.start() gives two different labels to logins of the same user that end together', async () => {
  const world = makeSignInWorld();
  startLogin(world);
  startLogin(world);
  await finish(world, 2);
  expect(labels(world).sort()).toEqual(['alice active', 'alice.example.org active']);
});

test('Logins.start() brings a signed-out account back, by its label or by its user', async () => {
  const ends: unknown[] = [];
  for (const label of ['work', null]) {
    const world = withAccount(makeSignInWorld(), signedOut);
    startLogin(world, '@alice:example.org', label);
    await finish(world);
    const [record] = [...world.vault.records.values()];
    ends.push([labels(world), world.vault.records.size, record?.addedAt === signedOut.addedAt]);
  }
  expect(ends).toEqual([
    [['work active'], 1, true],
    [['work active'], 1, true],
  ]);
});

test('Logins.start() reuses the place of a signed-out account once if two logins end together', async () => {
  const world = withAccount(makeSignInWorld(), signedOut);
  startLogin(world);
  startLogin(world);
  await finish(world, 2);
  expect([labels(world).sort(), world.vault.records.size]).toEqual([
    ['alice active', 'work active'],
    2,
  ]);
});

test('Logins.start() leaves the signed-out account alone when the sign-in fails', async () => {
  const world = withAccount(makeSignInWorld({ token: oauthError('access_denied') }), signedOut);
  startLogin(world, '@alice:example.org', 'work');
  await until(() => world.state().step === 'waiting');
  await world.clock.advance(5 * SECOND);
  await until(() => world.state().step === 'failed');
  expect([labels(world), world.vault.records.size]).toEqual([['work signed-out'], 1]);
});

test('Logins.again() uses the same server as the first login, and asks for confirmation if the user differs', async () => {
  const former = account(
    { kind: 'signed-out', why: 'ended-by-server' },
    {
      label: 'work',
      typed: 'https://matrix.example.org',
      session: session({ userId: '@bob:example.org' }),
    },
  );
  const world = withAccount(makeSignInWorld(), former);
  world.logins.signInAgain('work');
  await until(() => world.state().step === 'waiting');
  await world.clock.advance(5 * SECOND);
  await until(() => world.state().step === 'confirming');
  const [login] = world.logins.snapshots({ now: 0, monotonic: 0 });
  expect(login).toMatchObject({
    typed: 'https://matrix.example.org',
    label: 'work',
    state: { expected: '@bob:example.org', actual: '@alice:example.org' },
  });
});

test('Logins.retry() asks for a new code, for the same server and label', async () => {
  const world = makeSignInWorld({ token: oauthError('expired_token') });
  const id = startLogin(world, '@alice:example.org', 'home');
  await until(() => world.state().step === 'waiting');
  await world.clock.advance(5 * SECOND);
  await until(() => world.state().step === 'failed');
  const again = world.logins.retry(id);
  await until(() => world.state().step === 'waiting');
  const moment = { now: 0, monotonic: 0 };
  expect([
    again.ok && again.value !== id,
    world.logins.snapshots(moment).map((one) => [one.typed, one.label, one.state.step]),
  ]).toEqual([
    true,
    [
      ['@alice:example.org', 'home', 'failed'],
      ['@alice:example.org', 'home', 'waiting'],
    ],
  ]);
});

test('Logins report an unknown login, and an answer to a login that asked nothing', () => {
  const world = makeSignInWorld();
  const id = startLogin(world);
  const unknown = { ok: false, failure: { code: 'login-unknown', login: 'nobody' } };
  expect([
    world.logins.cancel('nobody'),
    world.logins.answer('nobody', true),
    world.logins.retry('nobody'),
    world.logins.snapshot('nobody', { now: 0, monotonic: 0 }),
    world.logins.answer(id, true),
  ]).toEqual([
    unknown,
    unknown,
    unknown,
    unknown,
    { ok: false, failure: { code: 'request-invalid', why: 'this login asked nothing' } },
  ]);
});

test('Logins list the last eight that ended', async () => {
  const world = makeSignInWorld({ 'well-known': offline });
  const ids: string[] = [];
  for (let n = 0; n < 11; n += 1) {
    ids.push(startLogin(world));
    await settle();
  }
  const shown = world.logins.snapshots({ now: 0, monotonic: 0 }).map(({ id }) => id);
  expect(shown).toEqual(ids.slice(3));
});

test('Logins.stop() cancels running logins and waits for requests in progress', async () => {
  const slow = gated(json({ client_id: 'client-1' }, 201));
  const world = makeSignInWorld({ registration: slow.answer });
  startLogin(world);
  await until(() => world.asked.some(({ step }) => step === 'registration'));
  let stopped = false;
  const stopping = world.logins.stop().then(() => (stopped = true));
  await settle();
  const before = [stopped, world.state().step];
  slow.open();
  await stopping;
  await world.clock.advance(MINUTE);
  expect([before, world.clock.sleepers, world.asked.at(-1)?.step]).toEqual([
    [false, 'cancelled'],
    0,
    'registration',
  ]);
});

test('Logins log a bug, and leave its account to the schedule, which does not run wild', async () => {
  const world = makeSignInWorld({ profile: [] });
  startLogin(world);
  await until(() => world.state().step === 'waiting');
  await world.clock.advance(5 * SECOND);
  await until(() => world.state().step === 'cancelled');
  await world.clock.advance(MINUTE);
  expect([world.logged.map(({ level, event }) => [level, event]), labels(world)]).toEqual([
    [
      ['bug', 'a login could not go on'],
      ['bug', 'a background action failed'],
    ],
    ['alice unverified'],
  ]);
});
