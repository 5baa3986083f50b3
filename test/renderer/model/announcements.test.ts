import { expect, test } from 'vitest';
import { MINUTE } from '../../../common/time.ts';
import type { WindowSnapshot } from '../../../preload/contract.ts';
import type { LoginStateSnapshot } from '../../../common/snapshots.ts';
import { announcements } from '../../../renderer/model/announcements.ts';
import { account, FRESH, login, NOW, notice, snapshotOf } from '../gallery/scene.ts';

type Waiting = Extract<LoginStateSnapshot, { step: 'waiting' }>;

const WAITING: Waiting = {
  step: 'waiting',
  homeserver: 'https://matrix.example.org/',
  issuer: 'https://auth.example.org/',
  clientId: 'client',
  userCode: 'K7QD0R',
  verificationUri: 'https://auth.example.org/link',
  verificationUriComplete: null,
  expiresAt: NOW + 20 * MINUTE,
  intervalMs: 5_000,
  poll: { state: 'waiting', polls: 1, nextAt: NOW + 5_000 },
};

function withLogin(state: LoginStateSnapshot): WindowSnapshot {
  return snapshotOf({ logins: [login(state)] });
}

test('announcements() spells the code once, and nothing on each poll', () => {
  const polled = { ...WAITING, poll: { ...WAITING.poll, polls: 2 } };
  expect([
    announcements(withLogin({ step: 'discovering' }), withLogin(WAITING)),
    announcements(withLogin(WAITING), withLogin(polled)),
  ]).toEqual([['Your code is K 7 Q D 0 R.'], []]);
});

test('announcements() reports a change of the poll state, and how a login ends', () => {
  const silent: Waiting = { ...WAITING, poll: { ...WAITING.poll, state: 'unreachable' } };
  const failure = notice('login-denied', 'It was declined.', 'Start again.');
  expect([
    announcements(withLogin(WAITING), withLogin(silent)),
    announcements(withLogin(silent), withLogin({ step: 'failed', failure })),
  ]).toEqual([
    ["Can't reach the server; the code is still valid"],
    ['It was declined. Start again.'],
  ]);
});

test('announcements() ignores routine refreshes', () => {
  const refreshing = account('alice', { kind: 'refreshing', expiresAt: NOW });
  const ended = account('alice', { kind: 'signed-out', why: 'ended-by-server' });
  const fresh = snapshotOf({ accounts: [account('alice', FRESH)] });
  expect([
    announcements(fresh, snapshotOf({ accounts: [refreshing] })),
    announcements(snapshotOf({ accounts: [refreshing] }), fresh),
    announcements(fresh, snapshotOf({ accounts: [ended] })),
    announcements(fresh, snapshotOf({})),
  ]).toEqual([[], [], ['alice: Signed out by the server.'], ['alice was removed.']]);
});

test('announcements() reports a copy and when it is cleared', () => {
  const copied = snapshotOf({ shell: { copied: { what: 'token for alice', clearsAt: NOW + 1 } } });
  expect([
    announcements(snapshotOf({}), copied),
    announcements(copied, copied),
    announcements(copied, snapshotOf({})),
  ]).toEqual([['On the clipboard: token for alice'], [], ['Clipboard cleared.']]);
});

test('announcements() reports the outcome of a menu action once', () => {
  const result = notice('sign-out-result', 'alice: Signed out.', '');
  const said = snapshotOf({ shell: { outcomes: [{ ...result, tone: 'good' }] } });
  expect([announcements(snapshotOf({}), said), announcements(said, said)]).toEqual([
    ['alice: Signed out.'],
    [],
  ]);
});
