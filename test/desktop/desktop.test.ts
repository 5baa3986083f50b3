import { expect, test } from 'vitest';
import { FakeClock } from '../fixtures/fake-clock.ts';
import { accountOf, NOW } from '../fixtures/fake-engine.ts';
import { makeDesktop } from './make-desktop.ts';

test('Desktop.snapshot() shows what the engine pushed last, and its time runs on', async () => {
  const clock = new FakeClock(NOW);
  const { desktop, engine } = makeDesktop({ clock });
  await clock.advance(5_000);
  const later = desktop.snapshot().app;
  engine.accounts = [accountOf('bob')];
  const unpushed = desktop.snapshot().app;
  engine.changed();
  const pushed = desktop.snapshot().app;
  const labelsOf = ({ accounts }: typeof later) => accounts.map(({ label }) => label);
  expect({
    laterMs: later.madeAt - NOW,
    unpushed: labelsOf(unpushed),
    pushed: labelsOf(pushed),
    pushedMs: pushed.madeAt - NOW,
  }).toEqual({ laterMs: 5_000, unpushed: ['alice'], pushed: ['bob'], pushedMs: 0 });
});

test('app:snapshot requests a fresh snapshot, and an older one never replaces a newer one', async () => {
  const { ask, desktop, engine } = makeDesktop();
  engine.accounts = [accountOf('bob')];
  const fresh = await ask('app:snapshot');
  const old = engine.current();
  engine.accounts = [accountOf('carol')];
  engine.changed();
  engine.snapshot = () => Promise.resolve(old);
  await ask('app:snapshot');
  const labels = [fresh, desktop.snapshot()].map(({ app }) => app.accounts[0]?.label);
  expect({ labels }).toEqual({ labels: ['bob', 'carol'] });
});

test('Desktop.subscribe() calls back after every push of the engine, until it is undone', () => {
  const { desktop, engine } = makeDesktop();
  let calls = 0;
  const unsubscribe = desktop.subscribe(() => (calls += 1));
  engine.changed();
  unsubscribe();
  engine.changed();
  expect({ calls }).toEqual({ calls: 1 });
});
