import { expect, test } from 'vitest';
import type {
  AccountSnapshot,
  AccountStateSnapshot,
  AppSnapshot,
} from '../../../common/snapshots.ts';
import type { MenuEntry } from '../../../main/desktop/tray/tray-menu.ts';
import { trayMenu } from '../../../main/desktop/tray/tray-menu.ts';
import { localMoment } from '../../../common/account-text.ts';
import { trayState, trayTooltip } from '../../../main/desktop/tray/tray-state.ts';
import { accountOf, FakeEngine, NOW, waitingState } from '../../fixtures/fake-engine.ts';

const notice = { code: 'unreachable', message: 'No connection.', hint: 'Wait.' };

function snapshotOf(accounts: readonly AccountSnapshot[]): AppSnapshot {
  const engine = new FakeEngine();
  engine.accounts = accounts;
  return engine.current();
}

function app(states: readonly AccountStateSnapshot[], logins: AppSnapshot['logins'] = []) {
  const engine = new FakeEngine();
  const labels = ['alice', 'bob', 'carol'];
  engine.accounts = states.map((state, index) => accountOf(labels[index]!, { state }));
  engine.logins = logins;
  return engine.current();
}

const soon = localMoment(NOW + 252_000, NOW);
const fresh: AccountStateSnapshot & { kind: 'active' } = {
  kind: 'active',
  expiresAt: NOW + 252_000,
  heldBy: [],
};
const ended: AccountStateSnapshot = { kind: 'signed-out', why: 'ended-by-server' };
const byUser: AccountStateSnapshot = { kind: 'signed-out', why: 'by-user' };
const away: AccountStateSnapshot = {
  kind: 'retrying',
  attempt: 2,
  retryAt: NOW + 20_000,
  expiresAt: NOW,
  notice,
};
/** Retrying after a refresh that failed with `code`; the token lives `validMs` longer. */
const failing = (code: string, validMs: number, retryMs = 20_000): AccountStateSnapshot => ({
  ...away,
  retryAt: NOW + retryMs,
  expiresAt: NOW + validMs,
  notice: { ...notice, code },
});
const leaving: AccountStateSnapshot = {
  kind: 'signing-out',
  revoked: false,
  retryAt: NOW + 20_000,
  notice,
};
const unverified: AccountStateSnapshot = { kind: 'unverified', notice: null };
const expired: AccountStateSnapshot = { kind: 'active', expiresAt: NOW - 1_000, heldBy: [] };
const mixed = snapshotOf([
  accountOf('a', { state: fresh }),
  accountOf('b', { state: fresh, policy: 'on-demand' }),
  accountOf('c', { state: expired, policy: 'on-demand' }),
  accountOf('d', { state: unverified }),
  accountOf('e', { state: leaving }),
  accountOf('f', { state: byUser }),
]);
const waiting = { id: 'l1', typed: 'example.org', label: null, state: waitingState() };

test.each([
  ['nobody', app([]), 'empty', 'Keyfob: no account is signed in'],
  ['one that was signed out on purpose', app([byUser]), 'empty', 'Keyfob: no account is signed in'],
  ['two that are well', app([fresh, fresh]), 'fresh', 'Keyfob: 2 accounts kept fresh'],
  [
    'one that has only just signed in',
    app([unverified]),
    'empty',
    'Keyfob: 1 account not verified yet',
  ],
  ['one that signs out', app([leaving]), 'empty', 'Keyfob: 1 account signing out'],
  [
    'one in each state',
    mixed,
    'fresh',
    'Keyfob: 1 account kept fresh, 2 refreshed on demand, 1 not verified yet, 1 signing out',
  ],
  [
    'one out of reach',
    app([fresh, away]),
    'offline',
    "Keyfob: can't reach the server, retrying bob",
  ],
  [
    'a rate limit while the token is good',
    app([failing('rate-limited', 60_000)]),
    'fresh',
    'Keyfob: 1 account retrying',
  ],
  [
    'a rate limit after the token expired',
    app([failing('rate-limited', 0)]),
    'empty',
    'Keyfob: 1 account retrying',
  ],
  [
    'a server that fails beside an account that is well',
    app([fresh, failing('server-unavailable', 0)]),
    'fresh',
    'Keyfob: 1 account kept fresh, 1 retrying',
  ],
  [
    'a full disk before a refresh',
    app([fresh, failing('disk-full', 60_000), away]),
    'attention',
    'Keyfob: bob needs attention',
  ],
  [
    'a sign-in server that moved',
    app([failing('issuer-changed', 60_000)]),
    'attention',
    'Keyfob: alice needs attention',
  ],
  [
    'a retry that waits until a token in use expires',
    app([failing('unreachable', 60_000, 60_000)]),
    'fresh',
    'Keyfob: 1 account kept fresh',
  ],
  [
    'a login that waits',
    app([away], [waiting]),
    'waiting',
    'Keyfob: 1 sign-in is waiting for your approval',
  ],
  [
    'sessions that a server ended',
    app([ended, ended, fresh], [waiting]),
    'attention',
    'Keyfob: alice and 1 other need attention',
  ],
])('trayState and trayTooltip say the most urgent thing: %s', (_what, snapshot, state, tooltip) => {
  expect([trayState(snapshot), trayTooltip(snapshot)]).toEqual([state, tooltip]);
});

function lines(entries: readonly MenuEntry[], depth = 0): string[] {
  return entries.flatMap((entry) => {
    const indent = '  '.repeat(depth);
    if (entry.kind === 'separator') return [`${indent}---`];
    const inner = entry.kind === 'submenu' ? lines(entry.entries, depth + 1) : [];
    return [`${indent}${entry.label}${entry.kind === 'text' ? ' (text)' : ''}`, ...inner];
  });
}

/** What the menu shows and offers for an account. */
function linesOf(account: AccountSnapshot): string[] {
  const entry = trayMenu(snapshotOf([account])).find(
    (one) => one.kind === 'submenu' && one.label === account.label,
  );
  return entry?.kind === 'submenu' ? lines(entry.entries) : [];
}

test('trayMenu() offers to forget an account whose session could not be ended, in a submenu', () => {
  expect(linesOf(accountOf('alice', { state: leaving }))).toEqual([
    '@alice:example.org: Signing out (text)',
    'Open account page',
    'Forget anyway',
    '  Yes, forget alice, even if its session stays active on the server',
  ]);
});

test.each<[string, AccountStateSnapshot, string]>([
  [
    'locked',
    { kind: 'locked', retryAt: NOW + 20_000, notice },
    '@alice:example.org: Locked by the server (text)',
  ],
  [
    'unverified',
    { kind: 'unverified', notice: null },
    '@alice:example.org: Signed in, not verified yet (text)',
  ],
  [
    'unsaved',
    { kind: 'unsaved', notice },
    "@alice:example.org: Can't reach the server: can't save the new tokens, so none are handed out (text)",
  ],
])('trayMenu offers no token where none can be had: %s', (_what, state, words) => {
  expect(linesOf(accountOf('alice', { state }))).toEqual([
    words,
    'Open account page',
    'Sign out',
    '  Yes, sign out alice',
  ]);
});

test.each<[string, AccountStateSnapshot, AccountSnapshot['policy'], string]>([
  ['kept fresh', fresh, 'keep-fresh', `Valid until ${soon}`],
  ['on demand', fresh, 'on-demand', `Valid until ${soon}, then renews on next use`],
  ['expired on demand', expired, 'on-demand', 'Expired, renews on next use'],
  [
    'with a tool',
    { ...fresh, heldBy: [{ consumer: 'Postman', untilAt: NOW + 252_000 }] },
    'on-demand',
    `Held by Postman until ${soon}`,
  ],
  [
    'with a tool that gave it back',
    { ...fresh, heldBy: [{ consumer: 'Postman', untilAt: NOW }] },
    'on-demand',
    `Valid until ${soon}, then renews on next use`,
  ],
])(
  'trayMenu describes a token in terms that stay true without a redraw: %s',
  (_what, state, policy, words) => {
    expect(linesOf(accountOf('alice', { state, policy }))[0]).toBe(
      `@alice:example.org: ${words} (text)`,
    );
  },
);

test.each<[string, AccountStateSnapshot, string]>([
  ['no connection', away, "Can't reach the server, retrying"],
  ['a full disk', failing('disk-full', 0), 'Disk full, retrying'],
  ['a rate limit', failing('rate-limited', 0), 'Rate limited by the server, retrying'],
  [
    'a retry that waits until the token expires',
    failing('unreachable', 252_000, 252_000),
    `Valid until ${soon} (last refresh failed: can't reach the server)`,
  ],
])('trayMenu says why a refresh failed: %s', (_what, state, words) => {
  expect(linesOf(accountOf('alice', { state }))[0]).toBe(`@alice:example.org: ${words} (text)`);
});

test('trayMenu() offers every action', () => {
  const menu = lines(trayMenu(app([fresh, ended], [waiting])));
  expect(menu.map((line) => line.replace(/until .*/, 'until …'))).toEqual([
    'Bob needs attention (text)',
    '---',
    'Sign-in to example.org',
    '  Copy code and open page',
    '  Show code',
    '  Cancel sign-in',
    'alice',
    '  @alice:example.org: Valid until …',
    '  ---',
    '  Copy token',
    '  Copy Authorization header',
    '  Copy environment variables',
    '  Copy curl command',
    '  Copy JSON',
    '  ---',
    '  Refresh now',
    '  Open account page',
    '  Sign out',
    '    Yes, sign out alice',
    'bob',
    '  @bob:example.org: Signed out by the server (text)',
    '  Sign in again',
    '  Open account page',
    '  Remove',
    '---',
    'Add account…',
    'Settings…',
    'Open Keyfob',
    '---',
    'Quit Keyfob',
  ]);
});

test('trayMenu() gives every entry a unique id, and never shows a code', () => {
  const snapshot = app([fresh, ended, away], [waiting]);
  const ids = (entries: readonly MenuEntry[]): string[] =>
    entries.flatMap((entry) => {
      if (entry.kind === 'separator') return [];
      return [entry.id, ...(entry.kind === 'submenu' ? ids(entry.entries) : [])];
    });
  const all = ids(trayMenu(snapshot));
  expect(new Set(all).size).toBe(all.length);
  expect(JSON.stringify(trayMenu(snapshot))).not.toContain('7XK0QB');
});

test('trayMenu() doubles an ampersand in a label, so that it is no access key', () => {
  const menu = trayMenu(snapshotOf([accountOf('bread & butter')]));
  expect(JSON.stringify(menu)).toContain('"label":"bread && butter"');
});
