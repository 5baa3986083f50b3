import fc from 'fast-check';
import { test } from 'vitest';
import type { NetworkFailure } from '../../../common/failure.ts';
import { retryAfterMs } from '../../../common/failure.ts';
import type { PollState } from '../../../main/protocol/oauth/device-polling.ts';
import { nextPoll } from '../../../main/protocol/oauth/device-polling.ts';
import type { TokenEndpointResult } from '../../../main/protocol/oauth/token-response.ts';
import { FUZZ } from './oauth-parts.ts';

const START: PollState = { intervalMs: 5_000, delayMs: 5_000, responseLost: false };
const host = 'auth.example.org';

const anyMs = fc.integer({ min: 1_000, max: 10_000_000 });
const anyState = fc
  .record({
    intervalMs: fc.integer({ min: 1_000, max: 300_000 }),
    more: anyMs,
    responseLost: fc.boolean(),
  })
  .map(({ intervalMs, more, responseLost }) => ({
    intervalMs,
    delayMs: intervalMs + more,
    responseLost,
  }));
const anyError = fc.oneof(
  fc.string(),
  fc.constantFrom('authorization_pending', 'slow_down', 'server_error', 'invalid_grant'),
);
const anyRetry = fc.option(fc.nat(), { nil: null });
const anyStatus = fc.integer({ min: 200, max: 599 });
const anyFailure: fc.Arbitrary<NetworkFailure> = fc.oneof(
  fc.constantFrom<NetworkFailure>(
    { code: 'unreachable', host, why: 'timeout' },
    { code: 'unreachable', host, why: 'dns' },
    { code: 'too-large', host, limitBytes: 1 },
    { code: 'malformed-response', host, field: 'body' },
    { code: 'redirect-refused', host, status: 302 },
    { code: 'endpoint-gone', host, status: 404 },
  ),
  anyRetry.map((retryAfterMs) => ({ code: 'rate-limited', host, retryAfterMs }) as const),
  fc
    .record({ status: anyStatus, retryAfterMs: anyRetry })
    .map((rest) => ({ code: 'server-unavailable', host, ...rest }) as const),
);
const anyTokenAnswer: fc.Arbitrary<TokenEndpointResult> = fc.oneof(
  fc
    .record({ error: anyError, status: anyStatus, retryAfterMs: anyRetry })
    .map((rest) => ({ kind: 'oauth-error', description: null, ...rest }) as const),
  fc
    .record({ failure: anyFailure, status: fc.option(anyStatus, { nil: null }) })
    .map((rest) => ({ kind: 'transient', ...rest }) as const),
);

function asked(answer: TokenEndpointResult): number {
  if (answer.kind === 'granted') return 0;
  const ms = answer.kind === 'transient' ? retryAfterMs(answer.failure) : answer.retryAfterMs;
  return ms ?? 0;
}

test('nextPoll() never polls faster than told, never forgets, and always stops or waits', () => {
  fc.assert(
    fc.property(anyTokenAnswer, anyState, (answer, state) => {
      const step = nextPoll(answer, state);
      if (step.kind !== 'wait') return step.kind === 'stop' && answer.kind === 'oauth-error';
      const { intervalMs, delayMs, responseLost } = step.state;
      const slowEnough = delayMs >= intervalMs && delayMs >= asked(answer);
      return (
        slowEnough &&
        Number.isFinite(delayMs) &&
        intervalMs >= state.intervalMs &&
        (responseLost || !state.responseLost)
      );
    }),
    FUZZ,
  );
});

test('nextPoll() ends at every server that repeats the same response for ever', () => {
  fc.assert(
    fc.property(anyTokenAnswer, (answer) => {
      let state = START;
      let waitedMs = 0;
      for (let polls = 0; polls < 400; polls += 1) {
        const step = nextPoll(answer, state);
        if (step.kind !== 'wait') return true;
        ({ state } = step);
        waitedMs += state.delayMs;
        if (waitedMs > 1_200_000) return true; // the code has died meanwhile
      }
      return false;
    }),
  );
});
