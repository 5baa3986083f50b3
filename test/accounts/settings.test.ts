import { expect, test } from 'vitest';
import type { Account } from '../../main/accounts/account.ts';
import { isReplaced, settingsFor } from '../../main/accounts/settings.ts';
import { account, session, tokens } from '../fixtures/world.ts';

const own = account(
  { kind: 'unverified', tokens: tokens(1), waiting: null },
  { id: 'new', label: 'example.org', addedAt: 9, session: session({ userId: null }) },
);
const signedOut = account(
  { kind: 'signed-out', why: 'by-user' },
  { id: 'old', label: 'work', policy: 'on-demand', addedAt: 5 },
);

function place(others: readonly Account[], label: string | null = null): unknown {
  const found = settingsFor(own, others, label, '@alice:example.org');
  return { ...found.settings, former: found.former?.id ?? null };
}

test('settingsFor() makes a label from the user id', () => {
  expect(place([])).toEqual({
    label: 'alice',
    policy: 'keep-fresh',
    addedAt: 9,
    former: null,
  });
});

test("settingsFor() gives a new session the place of the same user's signed-out account", () => {
  expect(place([signedOut])).toEqual({
    label: 'work',
    policy: 'on-demand',
    addedAt: 5,
    former: 'old',
  });
});

test('settingsFor() does not take the place of another user, or of the same user on another server', () => {
  const server = { ...session().server, homeserver: 'https://other.example' };
  const elsewhere = { ...signedOut, session: session({ server }) };
  const other = { ...signedOut, session: session({ userId: '@bob:example.org' }) };
  const label = (others: readonly Account[]) =>
    settingsFor(own, others, null, '@alice:x').settings.label;
  expect([label([elsewhere]), label([other])]).toEqual(['alice', 'alice']);
});

test('settingsFor() uses the requested label, with the place of the signed-out account that has it', () => {
  const bob = { ...signedOut, session: session({ userId: '@bob:example.org' }) };
  expect([place([bob], 'work'), place([bob], 'home')]).toEqual([
    { label: 'work', policy: 'on-demand', addedAt: 5, former: 'old' },
    { label: 'home', policy: 'keep-fresh', addedAt: 9, former: null },
  ]);
});

test('settingsFor() gives each label once, even while the former account is still being removed', () => {
  const successor = account(undefined, { id: 'first', label: 'work' });
  expect([place([signedOut, successor]), place([signedOut, successor], 'work')]).toEqual([
    { label: 'alice', policy: 'keep-fresh', addedAt: 9, former: null },
    { label: 'alice', policy: 'keep-fresh', addedAt: 9, former: null },
  ]);
});

test('isReplaced() detects a signed-out account whose label another one has', () => {
  const successor = account(undefined, { id: 'first', label: 'work' });
  const other = account(undefined, { id: 'other', label: 'home' });
  const all = [signedOut, successor, other];
  expect([
    isReplaced(signedOut, [signedOut, other]),
    ...all.map((one) => isReplaced(one, all)),
  ]).toEqual([false, true, false, false]);
});
