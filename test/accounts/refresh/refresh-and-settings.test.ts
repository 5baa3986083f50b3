import { expect, test } from 'vitest';
import {
  account,
  bench,
  liveOn,
  MINUTE,
  newTokens,
  offline,
  storedWords,
} from '../../fixtures/world.ts';
import { settle } from '../../fixtures/fake-clock.ts';

test('ManagedAccount never writes an old pair over a new one that is on its way to the disk', async () => {
  const room = bench({ refresh: newTokens(1) });
  const live = liveOn(room);
  const renewed = live.forceRefresh();
  await settle(2); // the start is on disk, the answer is there, its writing has begun
  let open: () => void = () => undefined;
  room.vault.held = new Promise((resolve) => (open = resolve));
  await settle(4);
  live.apply({ kind: 'arranged', label: 'alice', policy: 'on-demand' });
  const saved = live.save();
  await settle();
  open();
  await Promise.all([renewed, saved]);
  const records = room.vault.acts.map((act) => act.kind === 'save' && storedWords(act.account));
  expect([records.at(-1), live.account.policy]).toEqual(['active A1 R1', 'on-demand']);
});

test('ManagedAccount does not cut a holder short by retrying what somebody else was refused', async () => {
  const room = bench({ refresh: offline });
  const live = liveOn(room);
  await live.getToken(0, 'Postman');
  await live.forceRefresh();
  expect([live.account.state.kind, live.nextActionAt()]).toEqual(['retrying', 5 * MINUTE]);
});

test('ManagedAccount hands out no token that expired while it was being saved', async () => {
  const room = bench({ refresh: [newTokens(1), newTokens(2)] });
  const live = liveOn(room, account());
  room.clock.suspend(6 * MINUTE);
  const taken = live.getToken(0, 'curl');
  await settle(2);
  let open: () => void = () => undefined;
  room.vault.held = new Promise((resolve) => (open = resolve));
  await settle(4);
  room.clock.suspend(6 * MINUTE);
  open();
  const got = await taken;
  expect(got.ok && got.value.access.reveal()).toBe('A2');
});
