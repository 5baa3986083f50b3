import { expect, test } from 'vitest';
import { BEFORE_RESTART } from '../../main/accounts/lease.ts';
import { settle } from '../fixtures/fake-clock.ts';
import {
  account,
  counts,
  itIsAlice,
  leasesOf,
  MINUTE,
  newTokens,
  noAnswer,
  SECOND,
  session,
  stateOf,
  storedWords,
  tokens,
} from '../fixtures/world.ts';
import { makeAccounts, onlyAccount, restartAccounts } from '../fixtures/accounts.ts';

test('Accounts hand out no expired token if the clock was set back during a restart', async () => {
  const first = makeAccounts({}, { account: account(undefined, { policy: 'on-demand' }) });
  await first.clock.advance(5 * MINUTE - 10 * SECOND);
  await first.accounts.stop();
  first.clock.setWallClock(first.clock.now() - 4 * MINUTE);
  const next = restartAccounts(first.vault, { refresh: [newTokens(1)] }, first.clock);
  await first.clock.advance(MINUTE);
  const taken = await onlyAccount(next).getToken(0, 'curl');
  expect(taken.ok && taken.value.access.reveal()).toBe('A1');
});

test('Accounts refresh first if a crash interrupted the refresh of an unverified account', async () => {
  const unknown = account(
    { kind: 'unverified', tokens: tokens(0), waiting: null },
    { session: session({ userId: null }) },
  );
  const first = makeAccounts({
    refresh: [noAnswer('timeout'), () => new Promise(() => undefined)],
  });
  const managed = first.accounts.adopt(unknown);
  await managed.save();
  void managed.refresh();
  await settle();
  const next = restartAccounts(first.vault, {
    refresh: [newTokens(1)],
    whoami: [itIsAlice],
    profile: [itIsAlice],
  });
  await next.clock.advance(SECOND);
  expect([next.journal.filter((act) => act.startsWith('ask')), stateOf(onlyAccount(next))]).toEqual(
    [['ask refresh', 'ask whoami', 'ask profile'], { kind: 'active', tokens: 'A1 R1' }],
  );
});

test('Accounts keep a token handed out before a restart until it expires, then refresh it', async () => {
  const first = makeAccounts({}, { account: account() });
  await onlyAccount(first).getToken(0, 'curl');
  await first.accounts.stop();
  const next = restartAccounts(first.vault, { refresh: [newTokens(1)] }, first.clock);
  await first.clock.advance(5 * MINUTE - 1);
  const spared = [counts(next.asked), leasesOf(next, onlyAccount(next))];
  await first.clock.advance(1);
  expect([spared, stateOf(onlyAccount(next)), leasesOf(next, onlyAccount(next))]).toEqual([
    [{}, [{ consumer: BEFORE_RESTART, until: 5 * MINUTE }]],
    { kind: 'active', tokens: 'A1 R1' },
    [],
  ]);
});

test('Accounts log who held a token before a crash when a caller needs a new one', async () => {
  const first = makeAccounts({}, { account: account() });
  await onlyAccount(first).getToken(0, 'curl');
  await settle();
  const next = restartAccounts(first.vault, { refresh: [newTokens(1)] }, first.clock);
  await onlyAccount(next).getToken(0, 'Postman');
  await first.clock.advance(2 * MINUTE);
  await onlyAccount(next).getToken(4 * MINUTE, 'curl');
  await next.accounts.stop();
  expect([next.logged, [...next.vault.records.values()].map(storedWords)]).toEqual([
    [
      {
        level: 'info',
        event: 'a new token replaced one still held',
        fields: { account: 'alice', heldBy: `${BEFORE_RESTART}, Postman` },
      },
    ],
    ['active A1 R1, held'],
  ]);
});

test('Accounts refresh a token early after a restart if it was not handed out', async () => {
  const first = makeAccounts({ refresh: [newTokens(1)] }, { account: account() });
  await onlyAccount(first).getToken(0, 'curl');
  await first.clock.advance(5 * MINUTE);
  await first.accounts.stop();
  const next = restartAccounts(first.vault, { refresh: [newTokens(2)] }, first.clock);
  await first.clock.advance(4 * MINUTE);
  expect([counts(next.asked), leasesOf(next, onlyAccount(next))]).toEqual([{ refresh: 1 }, []]);
});

test('Accounts write once that a token is in use, and do not keep callers waiting for it', async () => {
  const world = makeAccounts({}, { account: account() });
  let written: () => void = () => undefined;
  world.vault.held = new Promise((done) => (written = done));
  const taken = await Promise.all(
    ['curl', 'Postman'].map((name) => onlyAccount(world).getToken(0, name)),
  );
  const before = world.vault.acts.length;
  written();
  await onlyAccount(world).getToken(0, 'curl');
  await world.accounts.stop();
  expect([taken.map(({ ok }) => ok), before, world.journal]).toEqual([
    [true, true],
    0,
    ['saved active A0 R0, held'],
  ]);
});
