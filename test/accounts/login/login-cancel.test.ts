import { expect, test } from 'vitest';
import type { Step } from '../../../main/protocol/http/network.ts';
import { settle, until } from '../../fixtures/fake-clock.ts';
import { json } from '../../protocol/http/scripted-network.ts';
import type { Answer } from '../../protocol/http/scripted-network.ts';
import {
  formOf,
  gated,
  itIsAlice,
  MINUTE,
  newTokens,
  offline,
  SECOND,
  unknownToken,
} from '../../fixtures/world.ts';
import type { SignInWorld } from '../../fixtures/sign-in-world.ts';
import { aCode, metadata, makeSignInWorld, startLogin } from '../../fixtures/sign-in-world.ts';

/** What is left after everything has settled. */
function remains({ accounts, vault, clock, asked, state }: SignInWorld): unknown {
  return {
    step: state().step,
    accounts: accounts.all().length,
    records: vault.records.size,
    timers: clock.sleepers,
    revoked: asked.filter(({ step }) => step === 'revocation').map((one) => formOf(one).token),
  };
}

const goodAnswers: Partial<Record<Step, Answer>> = {
  'well-known': json({ 'm.homeserver': { base_url: 'https://matrix.example.org' } }),
  versions: json({ versions: [] }),
  'auth-metadata': json(metadata),
  registration: json({ client_id: 'client-1' }, 201),
  'device-authorization': aCode,
  token: newTokens(1),
  whoami: itIsAlice,
  profile: json({}),
};

/** Cancels a login while the `step` request is pending; the response arrives after that. */
async function cancelDuring(step: Step, answer: Answer): Promise<unknown> {
  const slow = gated(answer);
  // Once revoked, the token is refused.
  const later = step === 'whoami' ? [slow.answer, unknownToken] : [itIsAlice, unknownToken];
  const world = makeSignInWorld({
    whoami: later,
    ...(step === 'whoami' ? {} : { [step]: slow.answer }),
  });
  const id = startLogin(world);
  const isAsked = () => world.asked.some((one) => one.step === step);
  const isWaiting = () => world.state().step === 'waiting';
  await until(() => isAsked() || isWaiting(), step);
  await world.clock.advance(5 * SECOND);
  await until(isAsked, step);
  world.logins.cancel(id);
  const atOnce = world.state().step;
  slow.open();
  await world.logins.stop();
  await world.clock.advance(MINUTE);
  return { atOnce, ...(remains(world) as object) };
}

test('Login cancelled before there are tokens leaves nothing behind', async () => {
  const steps = ['well-known', 'versions', 'auth-metadata', 'registration'] as const;
  const ends: unknown[] = [];
  for (const step of [...steps, 'device-authorization' as const])
    ends.push(await cancelDuring(step, goodAnswers[step] ?? offline));
  const nothing = { step: 'cancelled', accounts: 0, records: 0, timers: 0, revoked: [] };
  expect(ends).toEqual(ends.map(() => ({ atOnce: 'cancelled', ...nothing })));
});

test('Login cancelled while a poll is in progress revokes the tokens when they arrive', async () => {
  const ends: unknown[] = [];
  for (const step of ['token', 'whoami', 'profile'] as const)
    ends.push(await cancelDuring(step, goodAnswers[step] ?? offline));
  const revoked = { step: 'cancelled', accounts: 0, records: 0, timers: 0, revoked: ['R1'] };
  expect(ends).toEqual(ends.map(() => ({ atOnce: 'cancelled', ...revoked })));
});

test('Login cancelled between two polls ends at once', async () => {
  const world = makeSignInWorld();
  const id = startLogin(world);
  await until(() => world.state().step === 'waiting');
  world.logins.cancel(id);
  await world.logins.stop();
  expect(remains(world)).toEqual({
    step: 'cancelled',
    accounts: 0,
    records: 0,
    timers: 0,
    revoked: [],
  });
});

test("Login cancelled while waiting for the user's confirmation revokes the session", async () => {
  const world = makeSignInWorld({ whoami: [itIsAlice, unknownToken] });
  const id = startLogin(world, '@bob:example.org');
  await until(() => world.state().step === 'waiting');
  await world.clock.advance(5 * SECOND);
  await until(() => world.state().step === 'confirming');
  world.logins.cancel(id);
  await world.logins.stop();
  expect(remains(world)).toEqual({
    step: 'cancelled',
    accounts: 0,
    records: 0,
    timers: 0,
    revoked: ['R1'],
  });
});

test('Login cancelled during the last write revokes the session it was about to keep', async () => {
  const world = makeSignInWorld({ whoami: [itIsAlice, unknownToken] });
  const id = startLogin(world);
  await until(() => world.state().step === 'waiting');
  await world.clock.advance(4 * SECOND);
  let release: () => void = () => undefined;
  const isProfileAsked = () => world.asked.some(({ step }) => step === 'profile');
  const advanced = world.clock.advance(SECOND);
  await until(isProfileAsked);
  world.vault.held = new Promise((resolve) => (release = resolve));
  await advanced;
  world.logins.cancel(id);
  release();
  await world.logins.stop();
  expect(remains(world)).toEqual({
    step: 'cancelled',
    accounts: 0,
    records: 0,
    timers: 0,
    revoked: ['R1'],
  });
});

test('Login cancelled while offline leaves the sign-out queued until the network is back', async () => {
  const world = makeSignInWorld({
    whoami: [offline, unknownToken],
    revocation: [offline, json({})],
  });
  const id = startLogin(world);
  await until(() => world.state().step === 'waiting');
  await world.clock.advance(5 * SECOND);
  await until(() => world.asked.some(({ step }) => step === 'whoami'));
  world.logins.cancel(id);
  await world.logins.stop();
  const queued = remains(world);
  await world.clock.advance(2 * SECOND);
  expect([queued, remains(world)]).toEqual([
    { step: 'cancelled', accounts: 1, records: 1, timers: 1, revoked: ['R1'] },
    { step: 'cancelled', accounts: 0, records: 0, timers: 0, revoked: ['R1', 'R1'] },
  ]);
});

test('Login ends if its account is signed out before the user is known', async () => {
  const slow = gated(json({ displayname: 'Alice' }));
  const world = makeSignInWorld({ profile: slow.answer, whoami: [itIsAlice, unknownToken] });
  startLogin(world);
  await until(() => world.state().step === 'waiting');
  await world.clock.advance(5 * SECOND);
  await until(() => world.asked.some(({ step }) => step === 'profile'));
  const [managed] = world.accounts.all();
  const end = managed === undefined ? null : await world.accounts.signOut(managed);
  slow.open();
  await until(() => world.state().step === 'failed');
  await settle();
  expect([end, remains(world)]).toEqual([
    'refused',
    { step: 'failed', accounts: 0, records: 0, timers: 0, revoked: ['R1'] },
  ]);
});
