import { expect, test } from 'vitest';
import type { PendingWrite } from '../../../main/accounts/account.ts';
import { actionDueAt, actionDueWithin } from '../../../main/accounts/refresh/next-action.ts';
import type { BareState } from '../../fixtures/world.ts';
import { account, HOUR, MINUTE, SECOND, tokens } from '../../fixtures/world.ts';

const host = 'auth.example.org';
const failure = { code: 'rate-limited', host, retryAfterMs: HOUR } as const;
const waiting = { attempt: 1, retryAt: 30 * SECOND, failure };
const retryGate = { failure, failedAt: 0, notBefore: HOUR };
const pendingRefresh = { at: 1, sent: 0 };
const leases = [{ consumer: 'curl', until: 5 * MINUTE }];
const now = 10 * SECOND;
const held = { tokens: tokens(0) };
const ending = { since: 1, revokedAt: null };

/** When an account in this state is next due, as seen at 10 s. */
function next(state: BareState): number | null {
  return actionDueAt(account(state), now);
}

test('actionDueAt() follows the state and the facts about its tokens', () => {
  const lock = { attempt: 1, retryAt: 40 * SECOND, failure: { code: 'account-locked' } } as const;
  const disk = {
    attempt: 1,
    retryAt: 2 * SECOND,
    failure: { code: 'disk-full', path: '/' },
  } as const;
  expect({
    active: next({ ...held, kind: 'active' }),
    heldToken: next({ ...held, kind: 'active', leases }),
    inDoubt: next({ ...held, kind: 'active', leases, pendingRefresh }),
    retrying: next({ ...held, kind: 'retrying', waiting }),
    retryingHeld: next({ ...held, kind: 'retrying', waiting, leases }),
    retryingAskedToWait: next({ ...held, kind: 'retrying', waiting, retryGate }),
    locked: next({ ...held, kind: 'locked', waiting: lock }),
    lockedAskedToWait: next({ ...held, kind: 'locked', waiting: lock, retryGate }),
    unsaved: next({ ...held, kind: 'unsaved', waiting: disk, lock: null }),
    unverified: next({ ...held, kind: 'unverified', waiting: null }),
    unverifiedAskedToWait: next({ ...held, kind: 'unverified', waiting, retryGate }),
    signingOut: next({ ...held, ...ending, kind: 'signing-out', waiting: null }),
    signingOutWaits: next({ ...held, ...ending, kind: 'signing-out', waiting, retryGate }),
    refreshing: next({ ...held, kind: 'refreshing', attempt: 0, retryAt: null }),
    brokenOff: next({ ...held, kind: 'refreshing', attempt: 0, retryAt: 5 * MINUTE }),
    signedOut: next({ kind: 'signed-out', why: 'by-user' }),
  }).toEqual({
    active: 4 * MINUTE,
    heldToken: 5 * MINUTE,
    inDoubt: now,
    retrying: 30 * SECOND,
    retryingHeld: 5 * MINUTE,
    retryingAskedToWait: HOUR,
    locked: 40 * SECOND,
    lockedAskedToWait: HOUR,
    unsaved: 2 * SECOND,
    unverified: now,
    unverifiedAskedToWait: 30 * SECOND,
    signingOut: now,
    signingOutWaits: 30 * SECOND,
    refreshing: null,
    brokenOff: 5 * MINUTE,
    signedOut: null,
  });
});

test('actionDueAt() retries a pending write first, even for a signed-out account', () => {
  const pendingWrite: PendingWrite = {
    attempt: 1,
    retryAt: 20 * SECOND,
    failure: { code: 'disk-full', path: '/vault' },
  };
  const signedOut = account({ kind: 'signed-out', why: 'by-user' }, { pendingWrite });
  const soon = account({ ...held, kind: 'unverified', waiting: null }, { pendingWrite });
  expect({
    active: actionDueAt(account(undefined, { pendingWrite }), now),
    signedOut: actionDueAt(signedOut, now),
    soon: actionDueAt(soon, now),
  }).toEqual({ active: 20 * SECOND, signedOut: 20 * SECOND, soon: now });
});

test('actionDueAt() spreads accounts by their jitter', () => {
  const at = (spread: number) => actionDueAt(account(undefined, { spread }), now);
  expect({ first: at(0), middle: at(0.5) }).toEqual({
    first: 4 * MINUTE,
    middle: 4 * MINUTE - 3 * SECOND,
  });
});

test('actionDueWithin() does not rush token holders, and waits after a bug', () => {
  const hurry = { notBefore: null, notAfter: 15 * SECOND };
  const retrying = account({ ...held, kind: 'retrying', waiting });
  const spared = account({ ...held, kind: 'retrying', waiting, leases });
  const idle = account({ kind: 'signed-out', why: 'by-user' });
  expect({
    hurried: actionDueWithin(retrying, now, hurry),
    spared: actionDueWithin(spared, now, hurry),
    afterBug: actionDueWithin(retrying, now, { notBefore: 6 * MINUTE, notAfter: 15 * SECOND }),
    idle: actionDueWithin(idle, now, hurry),
  }).toEqual({ hurried: 15 * SECOND, spared: 5 * MINUTE, afterBug: 6 * MINUTE, idle: null });
});
