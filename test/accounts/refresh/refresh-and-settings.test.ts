import { expect, test } from 'vitest';
import {
  account,
  makeWorld,
  manage,
  MINUTE,
  newTokens,
  offline,
  storedWords,
} from '../../fixtures/world.ts';
import { settle } from '../../fixtures/fake-clock.ts';

test('ManagedAccount never overwrites a new pair that is being saved with an old one', async () => {
  const world = makeWorld({ refresh: newTokens(1) });
  const managed = manage(world);
  const renewed = managed.forceRefresh();
  await settle(2); // the start is on disk, the response has arrived, its write has begun
  let open: () => void = () => undefined;
  world.vault.held = new Promise((resolve) => (open = resolve));
  await settle(4);
  managed.apply({ kind: 'settings-changed', label: 'alice', policy: 'on-demand' });
  const saved = managed.save();
  await settle();
  open();
  await Promise.all([renewed, saved]);
  const records = world.vault.acts.map((act) => act.kind === 'save' && storedWords(act.account));
  expect([records.at(-1), managed.account.policy]).toEqual(['active A1 R1', 'on-demand']);
});

test('ManagedAccount does not kill a token in use by retrying a refresh that another caller was refused', async () => {
  const world = makeWorld({ refresh: offline });
  const managed = manage(world);
  await managed.getToken(0, 'Postman');
  await managed.forceRefresh();
  expect([managed.account.state.kind, managed.nextActionAt()]).toEqual(['retrying', 5 * MINUTE]);
});

test('ManagedAccount hands out no token that expired while it was being saved', async () => {
  const world = makeWorld({ refresh: [newTokens(1), newTokens(2)] });
  const managed = manage(world, account());
  world.clock.suspend(6 * MINUTE);
  const taken = managed.getToken(0, 'curl');
  await settle(2);
  let open: () => void = () => undefined;
  world.vault.held = new Promise((resolve) => (open = resolve));
  await settle(4);
  world.clock.suspend(6 * MINUTE);
  open();
  const got = await taken;
  expect(got.ok && got.value.access.reveal()).toBe('A2');
});
