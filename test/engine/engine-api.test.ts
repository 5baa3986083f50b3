import { expect, onTestFinished, test } from 'vitest';
import { MINUTE, SECOND } from '../fixtures/world.ts';
import { EngineWorld, right } from '../fixtures/engine-world.ts';
import { cloning } from '../fixtures/cloning-engine.ts';
import { settle, until } from '../fixtures/fake-clock.ts';

test('EngineApi carries only plain data: a client in another process sees the same as one here', async () => {
  const room = await EngineWorld.open();
  onTestFinished(() => room.close());
  let crossings = 0;
  const engine = cloning(room.engine, (value, clone) => {
    crossings += 1;
    expect(clone).toStrictEqual(value); // also the classes: a clone of one is a plain object
  });
  let pushes = 0;
  const leave = engine.subscribe(() => (pushes += 1));
  const wish = { minValidMs: MINUTE, consumer: 'curl' };
  room.server.autoApprove(null);
  const client = { client_name: 'Tests', contacts: ['a@example.org'] };
  const request = { server: room.server.baseUrl, label: 'work', client };
  const first = right(await engine.startLogin(request));
  await until(() => room.latest?.logins[0]?.state.step === 'waiting', 'a code');
  const next = right(await engine.retryLogin(first.id));
  const answered = await engine.answerLogin(next.id, true);
  const cancelled = await engine.cancelLogin(next.id);
  const label = await room.signIn();
  const found = right(await engine.find(label));
  const handed = right(await engine.tokenFor(label, wish));
  const status = await room.whoami(handed);
  const refreshed = await engine.refresh(label);
  const checked = await engine.check(label);
  const updated = right(await engine.updateAccount(label, { label: 'home' }));
  const signedIn = await engine.signInAgain('home');
  const handOuts = await engine.handOuts();
  const signedOut = await engine.signOut('home');
  const unknown = await engine.find('nobody');
  const { accounts } = await engine.snapshot();
  await room.clock.advance(SECOND);
  await settle();
  leave();
  expect({
    login: next.typed,
    answered: answered.ok,
    cancelled: cancelled.ok,
    found: found.label,
    status,
    refreshed: refreshed.ok,
    checked: checked.ok,
    updated: updated.label,
    signedIn: !signedIn.ok && signedIn.failure.code,
    consumers: handOuts.map(({ consumer }) => consumer),
    signedOut: signedOut.ok,
    unknown: !unknown.ok && unknown.failure.code,
    left: accounts.length,
    crossings: crossings > 30,
    pushes: pushes > 10,
  }).toEqual({
    login: room.server.baseUrl,
    answered: false,
    cancelled: true,
    found: 'alice',
    status: 200,
    refreshed: true,
    checked: true,
    updated: 'home',
    signedIn: 'label-taken',
    consumers: ['curl'],
    signedOut: true,
    unknown: 'account-unknown',
    left: 0,
    crossings: true,
    pushes: true,
  });
});
