import { expect, test } from 'vitest';
import { canHandOut, localMoment, proofText, stateText } from '../../common/account-text.ts';
import type { AccountStateSnapshot } from '../../common/snapshots.ts';
import { DAY } from '../../common/time.ts';
import { NOW } from '../fixtures/fake-engine.ts';

const at = (code: string) => ({ code, message: 'm', hint: 'h' });
const active = (
  expiresAt: number | null,
  ...heldBy: readonly (readonly [string, number | null])[]
): AccountStateSnapshot => ({
  kind: 'active',
  expiresAt,
  heldBy: heldBy.map(([consumer, untilAt]) => ({ consumer, untilAt })),
});
const retrying = (
  code: string,
  retryAt: number,
  expiresAt: number | null = null,
): AccountStateSnapshot => ({
  kind: 'retrying',
  attempt: 1,
  retryAt,
  expiresAt,
  notice: at(code),
});

const STATES: readonly (readonly [string, AccountStateSnapshot])[] = [
  ['Valid for 4 min 12 s', active(NOW + 252_000)],
  ['Valid for 6 d 23 h', active(NOW + 7 * DAY - 1)],
  ['Valid (no expiry given)', active(null)],
  ['Expired, renews on next use', active(NOW)],
  ['Held by Postman until 14:05', active(NOW + 252_000, ['Postman', NOW + 252_000])],
  [
    'Held by Postman and curl until 14:05',
    active(NOW + 252_000, ['Postman', NOW + 252_000], ['curl', NOW + 10_000]),
  ],
  [
    'Held by a and 2 others until 14:05',
    active(NOW + 252_000, ['a', NOW + 1], ['b', NOW + 252_000], ['c', NOW + 2], ['a', NOW + 9]),
  ],
  ['Held by curl', active(null, ['curl', null])],
  ['Valid for 4 min 12 s', active(NOW + 252_000, ['Postman', NOW])],
  ['Refreshing', { kind: 'refreshing', expiresAt: NOW }],
  ['Signed in, not verified yet', { kind: 'unverified', notice: null }],
  [
    "Disk full: can't save the new tokens, so none are handed out",
    { kind: 'unsaved', notice: at('disk-full') },
  ],
  ["Can't reach the server, retrying in 20 s", retrying('unreachable', NOW + 20_000)],
  ["Can't reach the server, retrying now", retrying('unreachable', NOW - 5_000)],
  ['Rate limited by the server, retrying in 2 min 0 s', retrying('rate-limited', NOW + 120_000)],
  [
    'The server reported an error, retrying in 5 s',
    retrying('server-unavailable', NOW + 5_000, NOW + 9_000),
  ],
  ['Response too large, retrying in 5 s', retrying('too-large', NOW + 5_000)],
  ['Disk full, retrying in 8 s', retrying('disk-full', NOW + 8_000, NOW)],
  [
    "Valid for 6 d 23 h (last refresh failed: can't reach the server)",
    retrying('unreachable', NOW + 7 * DAY - 1, NOW + 7 * DAY - 1),
  ],
  ["Can't reach the server, retrying now", retrying('unreachable', NOW, NOW)],
  [
    'Locked by the server, retrying in 5 s',
    { kind: 'locked', retryAt: NOW + 5_000, notice: at('account-locked') },
  ],
  ['Signed out', { kind: 'signed-out', why: 'by-user' }],
  ['Signed out by the server', { kind: 'signed-out', why: 'ended-by-server' }],
  ['Signed out, the server forgot this app', { kind: 'signed-out', why: 'registration-gone' }],
  [
    'Signed out here only, the server did not end the session',
    { kind: 'signed-out', why: 'unconfirmed' },
  ],
  ['Signing out', { kind: 'signing-out', revoked: false, retryAt: null, notice: null }],
  [
    'Signing out, not verified yet, retrying in 5 s',
    { kind: 'signing-out', revoked: true, retryAt: NOW + 5_000, notice: null },
  ],
];

test.each(STATES)('stateText() says "%s"', (text, state) => {
  const utc = (moment: number) => new Date(moment).toISOString().slice(11, 16);
  expect(stateText(state, NOW, utc)).toBe(text);
});

test('localMoment() names the day only when it is another one', () => {
  const morning = new Date(2026, 9, 3, 9, 5).getTime();
  const nextDay = new Date(2026, 9, 4, 14, 5).getTime();
  expect([localMoment(morning, morning), localMoment(nextDay, morning)]).toEqual([
    '09:05',
    '4 Oct 14:05',
  ]);
});

test('canHandOut() is true where a token can be had, perhaps after a refresh', () => {
  const notice = at('unreachable');
  const states: readonly AccountStateSnapshot[] = [
    { kind: 'active', expiresAt: 0, heldBy: [] },
    { kind: 'refreshing', expiresAt: null },
    { kind: 'retrying', attempt: 1, retryAt: 0, expiresAt: 0, notice },
    { kind: 'unverified', notice: null },
    { kind: 'locked', retryAt: 0, notice },
    { kind: 'unsaved', notice },
    { kind: 'signed-out', why: 'by-user' },
    { kind: 'signing-out', revoked: true, retryAt: null, notice: null },
  ];
  expect(states.filter(canHandOut).map(({ kind }) => kind)).toEqual([
    'active',
    'refreshing',
    'retrying',
  ]);
});

test.each([
  ['refused', /^Signed out\. Verified/],
  ['pending', /^Signed out\. The server confirmed the end, but may accept the old token/],
  ['queued', /^Not signed out on the server yet/],
  ['unconfirmed', /^Forgotten here, but the server did not end the session/],
  ['already-signed-out', /^Already signed out/],
] as const)('proofText() claims no more than %s proves', (proof, words) => {
  expect(proofText(proof)).toMatch(words);
});
