import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  effectiveAttempt,
  MAX_PAUSE_MS,
  mayBeLostResponse,
  mayHaveSpentToken,
  backoffMs,
} from '../../../main/accounts/refresh/backoff.ts';
import type { Failure } from '../../../common/failure.ts';
import { failures } from '../../fixtures/account-events.ts';
import { HOUR, MINUTE, SECOND } from '../../fixtures/world.ts';

const host = 'auth.example.org';
const timeout: Failure = { code: 'unreachable', host, why: 'timeout' };

test('backoffMs() starts short, doubles, and stops growing at five minutes', () => {
  const attempts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 50];
  const middling = attempts.map((attempt) => backoffMs(attempt, timeout, 0.5) / SECOND);
  expect(middling).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});

test('backoffMs() spreads later retries by a fifth either way, but not the first three', () => {
  const spread = [1, 2, 3, 4, 9].map((attempt) =>
    [0, 0.999_999].map((chance) => Math.round(backoffMs(attempt, timeout, chance) / 100)),
  );
  expect(spread).toEqual([
    [10, 10],
    [20, 20],
    [40, 40],
    [64, 96],
    [2_048, 3_072],
  ]);
});

test('backoffMs() never waits less than the server asked for, up to an hour', () => {
  const asked = (retryAfterMs: number | null) =>
    backoffMs(1, { code: 'rate-limited', host, retryAfterMs }, 0.5);
  expect([asked(null), asked(10), asked(30 * SECOND), asked(24 * HOUR)]).toEqual([
    SECOND,
    SECOND,
    30 * SECOND,
    HOUR,
  ]);
});

test('backoffMs() is always between a second and an hour', () => {
  const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), failures, chances, (attempt, failure, chance) => {
      const pauseMs = backoffMs(attempt, failure, chance);
      return pauseMs >= SECOND && pauseMs <= 60 * MINUTE && pauseMs <= MAX_PAUSE_MS * 1.2;
    }),
    { numRuns: 10_000 },
  );
});

test('mayBeLostResponse() is true only where the server may have seen the request', () => {
  const whys = [
    'dns',
    'refused',
    'reset',
    'tls',
    'connect-timeout',
    'timeout',
    'offline',
    'other',
  ] as const;
  const unreachable = whys.filter((why) => mayBeLostResponse({ code: 'unreachable', host, why }));
  const asked = [500, 501, 502, 503, 504, 505, 520, 521, 522, 523, 524, 525, 526, 527, 530, 599];
  const statuses = asked.filter((status) =>
    mayBeLostResponse({ code: 'server-unavailable', host, status, retryAfterMs: null }),
  );
  const others: Failure[] = [
    { code: 'malformed-response', host, field: 'body' },
    { code: 'too-large', host, limitBytes: 1 },
    { code: 'rate-limited', host, retryAfterMs: null },
    { code: 'redirect-refused', host, status: 302 },
    { code: 'endpoint-gone', host, status: 404 },
    { code: 'session-ended', error: 'invalid_grant' },
    { code: 'disk-full', path: '/vault' },
  ];
  expect([unreachable, statuses, others.map(mayBeLostResponse)]).toEqual([
    ['reset', 'timeout', 'other'],
    [502, 504, 520, 521, 522, 523, 524, 527],
    [true, true, false, false, false, false, false],
  ]);
});

test('mayHaveSpentToken() is true for every server failure, and for no refusal', () => {
  const statuses = [400, 403, 499, 500, 502, 503, 504, 507, 520, 524, 525, 530, 599].filter(
    (status) => mayHaveSpentToken({ code: 'server-unavailable', host, status, retryAfterMs: null }),
  );
  const others = [timeout, { code: 'rate-limited', host, retryAfterMs: null } as const];
  expect([statuses, others.map(mayHaveSpentToken)]).toEqual([
    [500, 502, 504, 507, 520, 524, 525, 530, 599],
    [true, false],
  ]);
});

test('effectiveAttempt() keeps retries close together while Tuwunel would forgive a lost response', () => {
  const at = (sinceSentMs: number | null) =>
    [1, 2, 9].map((attempt) => effectiveAttempt(attempt, sinceSentMs));
  expect([at(null), at(0), at(14_999), at(15_000)]).toEqual([
    [1, 2, 9],
    [1, 2, 2],
    [1, 2, 2],
    [1, 2, 9],
  ]);
});
