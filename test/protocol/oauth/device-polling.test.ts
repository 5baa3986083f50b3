import { describe, expect, test } from 'vitest';
import type { NetworkFailure } from '../../../common/failure.ts';
import type { PollState, PollStep } from '../../../main/protocol/oauth/device-polling.ts';
import { nextPoll } from '../../../main/protocol/oauth/device-polling.ts';
import type { TokenEndpointResult } from '../../../main/protocol/oauth/token-response.ts';
import { Secret } from '../../../main/protocol/secret.ts';

const START: PollState = { intervalMs: 5_000, delayMs: 5_000, responseLost: false };
const host = 'auth.example.org';

function says(
  error: string,
  status = 400,
  retryAfterMs: number | null = null,
): TokenEndpointResult {
  return { kind: 'oauth-error', error, description: 'In words', status, retryAfterMs };
}

function trouble(failure: NetworkFailure, status: number | null = null): TokenEndpointResult {
  return { kind: 'transient', failure, status };
}

function unreachable(
  why: Extract<NetworkFailure, { code: 'unreachable' }>['why'],
): TokenEndpointResult {
  return trouble({ code: 'unreachable', host, why });
}

function unavailable(status: number, retryAfterMs: number | null = null): TokenEndpointResult {
  return trouble({ code: 'server-unavailable', host, status, retryAfterMs }, status);
}

function rateLimited(status: number, retryAfterMs: number | null = null): TokenEndpointResult {
  return trouble({ code: 'rate-limited', host, retryAfterMs }, status);
}

function malformed(status: number): TokenEndpointResult {
  return trouble({ code: 'malformed-response', host, field: 'body' }, status);
}

/** The step after each of the results, one after the other. */
function after(...answers: TokenEndpointResult[]): PollStep {
  let state = START;
  let step: PollStep = { kind: 'wait', state, note: 'waiting' };
  for (const answer of answers) {
    step = nextPoll(answer, state);
    if (step.kind === 'wait') state = step.state;
  }
  return step;
}

function waits(
  delayMs: number,
  note: 'waiting' | 'slowed-down' | 'unreachable',
  more: Partial<PollState> = {},
): PollStep {
  return { kind: 'wait', note, state: { ...START, delayMs, ...more } };
}

describe('nextPoll()', () => {
  test('ends with the tokens', () => {
    const grant = {
      accessToken: new Secret('a'),
      refreshToken: null,
      lifetimeMs: null,
      scope: null,
      tokenType: 'bearer',
      host,
    };
    expect(after({ kind: 'granted', grant })).toEqual({ kind: 'granted', grant });
  });

  test.each([400, 401, 403, 428, 200])('waits while pending, said with status %i', (status) => {
    expect(after(says('authorization_pending', status))).toEqual(waits(5_000, 'waiting'));
  });

  test('adds five seconds to every interval after slow_down', () => {
    const slow = says('slow_down');
    const pending = says('authorization_pending');
    expect(after(slow, slow, pending)).toEqual(waits(15_000, 'waiting', { intervalMs: 15_000 }));
  });

  test('waits the longer of interval and Retry-After when slow_down comes with 429', () => {
    expect(after(says('slow_down', 429, 42_000))).toEqual(
      waits(42_000, 'slowed-down', { intervalMs: 10_000 }),
    );
    expect(after(says('slow_down', 429, 2_000))).toEqual(
      waits(10_000, 'slowed-down', { intervalMs: 10_000 }),
    );
  });

  test('waits as long as a 429 without slow_down requests plus five seconds, once', () => {
    const pending = says('authorization_pending');
    expect(after(rateLimited(429))).toEqual(waits(10_000, 'slowed-down'));
    expect(after(rateLimited(429, 30_000))).toEqual(waits(35_000, 'slowed-down'));
    expect(after(says('too_many_requests', 429, 30_000))).toEqual(waits(35_000, 'slowed-down'));
    expect(after(rateLimited(429, 30_000), pending)).toEqual(waits(5_000, 'waiting'));
  });

  test.each([
    ['access_denied', { code: 'login-denied' }],
    ['expired_token', { code: 'login-expired' }],
    ['invalid_grant', { code: 'login-code-invalid', maybeSignedIn: false }],
  ])('stops on %s, whatever the status', (error, failure) => {
    const stop = { kind: 'stop', failure };
    const steps = [400, 403, 500].map((status) => after(says(error, status)));
    expect(steps).toStrictEqual([stop, stop, stop]);
  });

  test.each([
    'invalid_client',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_request',
    'invalid_scope',
    'something_nobody_knows',
  ])('stops on %s with the message of the server', (error) => {
    expect(after(says(error))).toEqual({
      kind: 'stop',
      failure: { code: 'login-refused', error, description: 'In words' },
    });
  });

  test.each([
    ['server_error', says('server_error', 500)],
    ['temporarily_unavailable', says('temporarily_unavailable', 400)],
    ['an unknown error with a 5xx', says('something_nobody_knows', 503)],
    ['a 5xx', unavailable(500)],
    ['a 408', rateLimited(408)],
    ['a 408 with an error', says('request_timeout', 408)],
    ['a refused connection', unreachable('refused')],
    ['a name without address', unreachable('dns')],
    ['a server that cannot be connected to', unreachable('connect-timeout')],
    ['a computer without a network', unreachable('offline')],
    ['a page of a proxy', malformed(403)],
    ['a redirect', trouble({ code: 'redirect-refused', host, status: 307 }, 307)],
    ['a missing endpoint', trouble({ code: 'endpoint-gone', host, status: 404 }, 404)],
  ])('backs off and goes on after %s', (_what, answer) => {
    expect(after(answer)).toEqual(waits(10_000, 'unreachable'));
  });

  test.each([
    ['a time-out', unreachable('timeout')],
    ['a broken connection', unreachable('reset')],
    ['a page in place of the tokens', malformed(200)],
    ['an answer that was cut', trouble({ code: 'too-large', host, limitBytes: 65_536 })],
    ['a gateway that gave up', unavailable(504)],
    ['a proxy of Cloudflare that gave up', unavailable(524)],
  ])('reports a possible session when the code has expired after %s', (_what, answer) => {
    const pending = says('authorization_pending');
    expect(after(answer, pending)).toEqual(waits(5_000, 'waiting', { responseLost: true }));
    expect(after(answer, pending, says('invalid_grant'))).toEqual({
      kind: 'stop',
      failure: { code: 'login-code-invalid', maybeSignedIn: true },
    });
    expect(after(answer, pending, says('expired_token'))).toEqual({
      kind: 'stop',
      failure: { code: 'login-expired', maybeSignedIn: true },
    });
  });

  test('doubles the delay with each poll without a response, up to a minute, then starts over', () => {
    const lost = unreachable('dns');
    const pending = says('authorization_pending');
    const delays = [1, 2, 3, 4, 5].map((n) => after(...Array<TokenEndpointResult>(n).fill(lost)));
    const expected = [10_000, 20_000, 40_000, 60_000, 60_000];
    expect(delays).toEqual(expected.map((ms) => waits(ms, 'unreachable')));
    expect(after(lost, lost, pending)).toEqual(waits(5_000, 'waiting'));
  });

  test('never backs off to less than the interval or than Retry-After', () => {
    const state = { intervalMs: 120_000, delayMs: 120_000, responseLost: false };
    expect(nextPoll(unreachable('dns'), state)).toEqual({
      kind: 'wait',
      note: 'unreachable',
      state,
    });
    expect(after(unavailable(503, 300_000))).toEqual(waits(300_000, 'unreachable'));
  });
});
