import { expect, test } from 'vitest';
import { exitCodeOf } from '../../common/failure-codes.ts';
import { isTransient } from '../../common/failure.ts';
import type { Failure } from '../../common/failure.ts';
import { EVERY_FAILURE } from './every-failure.ts';

test('exitCodeOf() tells scripts what a failure asks of them', () => {
  expect({
    unreachable: exitCodeOf('unreachable'),
    usage: exitCodeOf('not-a-server'),
    noAgent: exitCodeOf('agent-not-running'),
    signedOut: exitCodeOf('signed-out'),
    ended: exitCodeOf('session-ended'),
    unknown: exitCodeOf('account-unknown'),
    ambiguous: exitCodeOf('account-ambiguous'),
    locked: exitCodeOf('account-locked'),
    vaultLocked: exitCodeOf('vault-locked'),
    denied: exitCodeOf('login-denied'),
    timedOut: exitCodeOf('timed-out'),
    full: exitCodeOf('disk-full'),
  }).toEqual({
    unreachable: 7,
    usage: 2,
    noAgent: 3,
    signedOut: 4,
    ended: 4,
    unknown: 5,
    ambiguous: 5,
    locked: 6,
    vaultLocked: 6,
    denied: 6,
    timedOut: 124,
    full: 1,
  });
});

test('exitCodeOf() promises that a retry is sensible only where time heals', () => {
  const retried = Object.values<Failure>(EVERY_FAILURE).filter(
    ({ code }) => exitCodeOf(code) === 7,
  );
  expect(retried.filter((failure) => !isTransient(failure))).toEqual([]);
});
