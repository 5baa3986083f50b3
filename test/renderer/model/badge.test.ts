import { expect, test } from 'vitest';
import type { AccountStateSnapshot } from '../../../common/snapshots.ts';
import { badgeOf, noticeOf } from '../../../renderer/model/badge.ts';

const NOW = 1_000_000;
const NOTICE = { code: 'unreachable', message: 'No answer.', hint: 'Wait.' };

const STATES: readonly AccountStateSnapshot[] = [
  { kind: 'active', expiresAt: NOW + 1, heldBy: [] },
  { kind: 'active', expiresAt: NOW + 1, heldBy: [{ consumer: 'a tool', untilAt: NOW + 1 }] },
  { kind: 'active', expiresAt: NOW + 1, heldBy: [{ consumer: 'a tool', untilAt: NOW }] },
  { kind: 'active', expiresAt: null, heldBy: [{ consumer: 'a tool', untilAt: null }] },
  { kind: 'active', expiresAt: NOW, heldBy: [] },
  { kind: 'refreshing', expiresAt: null },
  { kind: 'unverified', notice: null },
  { kind: 'unverified', notice: NOTICE },
  { kind: 'retrying', attempt: 1, retryAt: NOW, expiresAt: NOW, notice: NOTICE },
  { kind: 'locked', retryAt: NOW, notice: NOTICE },
  { kind: 'unsaved', notice: NOTICE },
  { kind: 'signed-out', why: 'by-user' },
  { kind: 'signed-out', why: 'ended-by-server' },
  { kind: 'signing-out', revoked: true, retryAt: null, notice: null },
];

test('badgeOf() gives every state a colour and a shape', () => {
  expect(STATES.map((state) => Object.values(badgeOf(state, NOW)).join(' '))).toEqual([
    'good check',
    'good held',
    'good check',
    'good held',
    'calm clock',
    'calm turning',
    'calm turning',
    'warn turning',
    'warn offline',
    'bad lock',
    'bad alert',
    'off out',
    'bad out',
    'off turning',
  ]);
});

test('badgeOf() draws a failed refresh by its cause: only a lost connection is offline', () => {
  const lookAfter = (code: string, retryAt = NOW + 1) => {
    const notice = { ...NOTICE, code };
    const state = { kind: 'retrying', attempt: 1, retryAt, expiresAt: NOW + 9, notice } as const;
    return Object.values(badgeOf(state, NOW)).join(' ');
  };
  expect({
    unreachable: lookAfter('unreachable'),
    rateLimited: lookAfter('rate-limited'),
    malformed: lookAfter('malformed-response'),
    diskFull: lookAfter('disk-full'),
    issuerChanged: lookAfter('issuer-changed'),
    // The token is leased, so nothing is tried before it expires.
    postponed: lookAfter('unreachable', NOW + 9),
  }).toEqual({
    unreachable: 'warn offline',
    rateLimited: 'warn alert',
    malformed: 'warn alert',
    diskFull: 'bad alert',
    issuerChanged: 'bad alert',
    postponed: 'warn held',
  });
});

test('noticeOf() finds the notice of the states that have one', () => {
  const kinds = STATES.filter((state) => noticeOf(state) !== null).map(({ kind }) => kind);
  expect(kinds).toEqual(['unverified', 'retrying', 'locked', 'unsaved']);
});
