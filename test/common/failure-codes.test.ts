import { expect, test } from 'vitest';
import { exitCodeOf, httpStatusOf, isFailureCode } from '../../common/failure-codes.ts';
import { isTransient } from '../../common/failure.ts';
import type { Failure } from '../../common/failure.ts';
import { EVERY_FAILURE } from './every-failure.ts';

test('exitCodeOf() tells scripts what to do about a failure', () => {
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

test('exitCodeOf() promises that a retry is sensible only for transient failures', () => {
  const retried = Object.values<Failure>(EVERY_FAILURE).filter(
    ({ code }) => exitCodeOf(code) === 7,
  );
  expect(retried.filter((failure) => !isTransient(failure))).toEqual([]);
});

test('httpStatusOf() is finer than the exit code where HTTP has a status of its own', () => {
  expect({
    usage: httpStatusOf('label-invalid'),
    taken: httpStatusOf('label-taken'),
    full: httpStatusOf('disk-full'),
    signedOut: httpStatusOf('signed-out'),
    unreachable: httpStatusOf('unreachable'),
  }).toEqual({ usage: 400, taken: 409, full: 507, signedOut: 401, unreachable: 503 });
});

test('isFailureCode() accepts our codes, and no inherited property', () => {
  expect({
    ours: isFailureCode('unreachable'),
    newer: isFailureCode('invented-later'),
    inherited: isFailureCode('constructor'),
  }).toEqual({ ours: true, newer: false, inherited: false });
});
