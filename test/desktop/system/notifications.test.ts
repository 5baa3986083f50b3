import { expect, test } from 'vitest';
import type { AccountStateSnapshot, LoginSnapshot } from '../../../common/snapshots.ts';
import { AlertTracker, alertsOf } from '../../../main/desktop/system/notifications.ts';
import { accountOf, FakeEngine, NOW, waitingState } from '../../fixtures/fake-engine.ts';

const notice = { code: 'disk-full', message: 'The disk is full.', hint: 'Make room.' };
const retrying = (code: string): AccountStateSnapshot => ({
  kind: 'retrying',
  attempt: 9,
  retryAt: NOW,
  expiresAt: null,
  notice: { ...notice, code },
});
const active: AccountStateSnapshot = { kind: 'active', expiresAt: NOW, heldBy: [] };
const ended: AccountStateSnapshot = { kind: 'signed-out', why: 'ended-by-server' };

const someoneElse = {
  step: 'confirming',
  homeserver: 'https://example.org',
  expected: '@alice:example.org',
  actual: '@mallory:example.org',
} as const;

function app(state: AccountStateSnapshot, logins: readonly LoginSnapshot[] = []) {
  const engine = new FakeEngine();
  engine.accounts = [accountOf('alice', { state })];
  engine.logins = logins;
  return engine.current();
}

test('AlertTracker reports an alert once, withdraws it when resolved, and reports it again when it returns', () => {
  const desk = new AlertTracker(app(active));
  const changes = [ended, ended, active, ended].map((state) => {
    const { show, withdraw } = desk.next(app(state), true);
    return [show.map(({ key }) => key), withdraw];
  });
  expect(changes).toEqual([
    [['signed-out:id-alice'], []],
    [[], []],
    [[], ['signed-out:id-alice']],
    [['signed-out:id-alice'], []],
  ]);
});

test('AlertTracker neither withdraws nor repeats a failed refresh while retries fail too', () => {
  const desk = new AlertTracker(app(active));
  const refreshing: AccountStateSnapshot = { kind: 'refreshing', expiresAt: NOW };
  const moved = retrying('issuer-changed');
  const changes = [moved, refreshing, moved, refreshing, active].map((state) => {
    const { show, withdraw } = desk.next(app(state), true);
    return { show: show.map(({ body }) => body), withdraw };
  });
  const body = "Keyfob can't refresh the token for alice: the sign-in server has moved. Make room.";
  expect(changes).toEqual([
    { show: [body], withdraw: [] },
    { show: [], withdraw: [] },
    { show: [], withdraw: [] },
    { show: [], withdraw: [] },
    { show: [], withdraw: ['retrying:id-alice'] },
  ]);
});

test('AlertTracker reports nothing that exists at the start, and nothing while notifications are off', () => {
  const seen = new AlertTracker(app(ended)).next(app(ended), true);
  const off = new AlertTracker(app(active));
  const unwanted = off.next(app(ended), false);
  const later = off.next(app(ended), true);
  expect([seen.show, unwanted.show, later.show]).toEqual([[], [], []]);
});

test.each<[string, AccountStateSnapshot, string[]]>([
  ['a failing disk', { kind: 'unsaved', notice }, ["Can't save tokens"]],
  ['a lock by the server', { kind: 'locked', retryAt: NOW, notice }, ['Account locked']],
  [
    'a session that the server would not end',
    { kind: 'signed-out', why: 'unconfirmed' },
    ['Session still active'],
  ],
  ['a sign-out by the user', { kind: 'signed-out', why: 'by-user' }, []],
  ['a refresh', { kind: 'refreshing', expiresAt: NOW }, []],
  ['no network', retrying('unreachable'), []],
  ['a rate limit', retrying('rate-limited'), []],
  ['a full disk before a refresh', retrying('disk-full'), ["Can't refresh a token"]],
  ['a sign-in server that moved', retrying('issuer-changed'), ["Can't refresh a token"]],
])('alertsOf speaks only where a person must act: %s', (_what, state, titles) => {
  expect(alertsOf(app(state)).map(({ title }) => title)).toEqual(titles);
});

test('alertsOf() opens the view where the user can act: the sign-in, or else the accounts', () => {
  const logins = [{ id: 'l1', typed: '@alice:example.org', label: null, state: someoneElse }];
  expect(alertsOf(app(ended, logins)).map(({ view }) => view)).toEqual(['accounts', 'login/l1']);
});

test('alertsOf() asks about another user, and never contains a code', () => {
  const logins = [
    { id: 'a', typed: '@alice:example.org', label: null, state: someoneElse },
    { id: 'b', typed: 'example.org', label: null, state: waitingState() },
  ];
  const alerts = alertsOf(app(active, logins));
  expect(alerts.map(({ body }) => body)).toEqual([
    '@mallory:example.org signed in, not @alice:example.org. Decide whether to keep the session.',
  ]);
});
