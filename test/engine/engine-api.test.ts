import { expect, onTestFinished, test } from 'vitest';
import type { EngineApi } from '../../main/engine/engine-api.ts';
import { EngineWorld, right } from '../fixtures/engine-world.ts';
import { cloning } from '../fixtures/cloning-engine.ts';
import { settle, until } from '../fixtures/fake-clock.ts';
import { MINUTE, SECOND } from '../fixtures/world.ts';

test('EngineApi carries only plain data, so a client in another process sees the same values', async () => {
  const world = await EngineWorld.open();
  onTestFinished(() => world.close());
  let crossings = 0;
  const engine = cloning(world.engine, (value, clone) => {
    crossings += 1;
    expect(clone).toStrictEqual(value); // also the classes: a clone of an instance is a plain object
  });
  let pushes = 0;
  const unsubscribe = engine.subscribe(() => (pushes += 1));
  const login = await loginCalls(engine, world);
  const account = await accountCalls(engine, world);
  await world.clock.advance(SECOND);
  await settle();
  unsubscribe();
  const counts = { crossings: crossings > 30, pushes: pushes > 10 };
  expect({ login, account, counts }).toEqual({
    login: { server: world.server.baseUrl, answered: 'request-invalid', cancelled: true },
    account: {
      found: 'alice',
      status: 200,
      refreshed: true,
      checked: true,
      updated: 'home',
      signedIn: 'label-taken',
      consumers: ['curl'],
      signedOut: 'refused',
      unknown: 'account-unknown',
      left: 0,
    },
    counts: { crossings: true, pushes: true },
  });
});

async function loginCalls(engine: EngineApi, world: EngineWorld) {
  world.server.autoApprove(null);
  const client = { client_name: 'Tests', contacts: ['a@example.org'] };
  const request = { server: world.server.baseUrl, label: 'work', client };
  const first = right(await engine.startLogin(request));
  await until(() => world.latest?.logins[0]?.state.step === 'waiting', 'a code');
  const second = right(await engine.retryLogin(first.id));
  const answered = await engine.answerLogin(second.id, true);
  const cancelled = await engine.cancelLogin(second.id);
  return { server: second.typed, answered: codeOf(answered), cancelled: cancelled.ok };
}

async function accountCalls(engine: EngineApi, world: EngineWorld) {
  const label = await world.signIn();
  const found = right(await engine.find(label)).label;
  const handed = right(await engine.tokenFor(label, { minValidMs: MINUTE, consumer: 'curl' }));
  const status = await world.whoami(handed);
  const refreshed = (await engine.refresh(label)).ok;
  const checked = (await engine.check(label)).ok;
  const updated = right(await engine.updateAccount(label, { label: 'home' })).label;
  const signedIn = codeOf(await engine.signInAgain('home'));
  const consumers = (await engine.handOuts()).map(({ consumer }) => consumer);
  const signedOut = right(await engine.signOut('home')).proof;
  const unknown = codeOf(await engine.find('nobody'));
  const left = (await engine.snapshot()).accounts.length;
  return {
    found,
    status,
    refreshed,
    checked,
    updated,
    signedIn,
    consumers,
    signedOut,
    unknown,
    left,
  };
}

function codeOf(result: Awaited<ReturnType<EngineApi['find' | 'cancelLogin' | 'signInAgain']>>) {
  return result.ok ? null : result.failure.code;
}
