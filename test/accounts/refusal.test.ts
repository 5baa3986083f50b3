import { expect, test } from 'vitest';
import { pauseOf, refusalOf } from '../../main/accounts/refusal.ts';
import type { Failure } from '../../main/protocol/failure.ts';
import { everyState } from './account-events.ts';
import { account, SECOND, session, tokens } from './arrange.ts';

const host = 'auth.example.org';

test('refusalOf() says why nothing can be handed out, in every state', () => {
  const codes = everyState.map((state) => {
    const known = refusalOf(account(state))?.code ?? null;
    const unknown = refusalOf(account(state, { session: session({ userId: null }) }))?.code ?? null;
    return [state.kind, known, unknown];
  });
  expect(codes).toEqual([
    ['unverified', 'not-verified-yet', 'not-verified-yet'],
    ['unverified', 'unreachable', 'unreachable'],
    ['active', null, 'not-verified-yet'],
    ['refreshing', null, 'not-verified-yet'],
    ['unsaved', null, 'not-verified-yet'],
    ['unreachable', null, 'not-verified-yet'],
    ['locked', 'account-locked', 'account-locked'],
    ['signed-out', 'signed-out', 'signed-out'],
    ['signing-out', 'signing-out', 'signing-out'],
    ['signing-out', 'signing-out', 'signing-out'],
  ]);
});

function pauseAt(elapsed: number, failure: Failure): string | null {
  const waiting = { attempt: 1, retry: 30 * SECOND, failure };
  const state = { kind: 'unreachable', tokens: tokens(0), waiting } as const;
  return pauseOf(state, 10 * SECOND, elapsed)?.code ?? null;
}

test('pauseOf() lets nobody ask before the time that the server named', () => {
  const failure: Failure = { code: 'rate-limited', host, retryAfterMs: 20 * SECOND };
  expect([10, 29.999, 30].map((seconds) => pauseAt(seconds * SECOND, failure))).toEqual([
    'rate-limited',
    'rate-limited',
    null,
  ]);
});

test('pauseOf() lets callers ask once a second where the server named no time', () => {
  const failure: Failure = { code: 'unreachable', host, why: 'dns' };
  expect([10, 10.999, 11].map((seconds) => pauseAt(seconds * SECOND, failure))).toEqual([
    'unreachable',
    'unreachable',
    null,
  ]);
});

test('pauseOf() concerns only accounts whose last refresh failed', () => {
  const others = everyState.filter(({ kind }) => kind !== 'unreachable');
  expect(others.map((state) => pauseOf(state, 0, 0))).toEqual(others.map(() => null));
});
