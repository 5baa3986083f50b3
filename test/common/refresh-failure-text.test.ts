import { expect, test } from 'vitest';
import type { Failure } from '../../common/failure.ts';
import { refreshBlocker, refreshFailureText } from '../../common/refresh-failure-text.ts';
import { EVERY_FAILURE } from './every-failure.ts';

const EVERY: readonly Failure[] = Object.values(EVERY_FAILURE);

/** Everything that `requestNewTokens` and the save before it can fail with, and that leaves the session standing. */
const RETRIED: readonly Failure['code'][] = [
  'unreachable',
  'too-large',
  'redirect-refused',
  'server-unavailable',
  'rate-limited',
  'malformed-response',
  'endpoint-gone',
  'oauth-unsupported',
  'device-grant-unsupported',
  'metadata-invalid',
  'issuer-mismatch',
  'issuer-changed',
  'disk-full',
  'disk-denied',
  'disk-failed',
  'vault-locked',
  'vault-corrupt',
  'vault-newer',
  'vault-in-use',
];

test('refreshFailureText() has words of its own for every failure that a refresh is retried after', () => {
  const unknown = refreshFailureText('a-code-of-a-newer-version');
  const texts = RETRIED.map(refreshFailureText);
  expect({
    different: new Set(texts).size,
    known: EVERY.map(({ code }) => code).filter((code) => refreshFailureText(code) !== unknown)
      .length,
    endedOrOdd: ['session-ended', 'toString', '__proto__'].map(refreshFailureText),
    // It stands inside a sentence.
    shouted: texts.filter((text) => /^[A-Z]|[.:]$/.test(text)),
  }).toEqual({
    different: RETRIED.length,
    known: RETRIED.length,
    endedOrOdd: [unknown, unknown, unknown],
    shouted: [],
  });
});

test('refreshBlocker() blames the connection for nothing but unreachable', () => {
  const blockedBy = (blocker: string) => RETRIED.filter((code) => refreshBlocker(code) === blocker);
  expect({ connection: blockedBy('connection'), person: blockedBy('person') }).toEqual({
    connection: ['unreachable'],
    person: [
      'issuer-changed',
      'disk-full',
      'disk-denied',
      'disk-failed',
      'vault-locked',
      'vault-corrupt',
      'vault-newer',
      'vault-in-use',
    ],
  });
});
