import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  catchNetworkError,
  describeFetchError,
  NetworkError,
  networkFailureOfStatus,
} from '../../../main/protocol/http/network-error.ts';

const HOST = 'example.org';

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

test.each([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connect-timeout'],
  ['ETIMEDOUT', 'timeout'],
  ['ENETUNREACH', 'offline'],
  ['EHOSTUNREACH', 'offline'],
  ['ENETDOWN', 'offline'],
  ['HPE_INVALID_CONSTANT', 'other'],
  ['constructor', 'other'],
])('describeFetchError() reads the cause %s as %s', (code, why) => {
  const error = new TypeError('fetch failed', { cause: coded(code) });
  expect(describeFetchError(HOST, error)).toEqual({ code: 'unreachable', host: HOST, why });
});

test('describeFetchError() tells a failed connection from a broken one by the system call', () => {
  const calls = [
    ['ETIMEDOUT', 'connect'],
    ['ETIMEDOUT', 'read'],
    ['ETIMEDOUT', 'write'],
    ['EHOSTUNREACH', 'connect'],
    ['EHOSTUNREACH', 'read'],
    ['ENETUNREACH', 'write'],
    ['ENETDOWN', 'read'],
  ] as const;
  const told = calls.map(([code, syscall]) => {
    const failure = describeFetchError(HOST, Object.assign(coded(code), { syscall }));
    return failure.code === 'unreachable' && failure.why;
  });
  expect(told).toEqual([
    'connect-timeout',
    'timeout',
    'timeout',
    'offline',
    'reset',
    'reset',
    'reset',
  ]);
});

test('describeFetchError() takes an AggregateError for attempts to connect', () => {
  const list = Object.assign(new AggregateError([coded('ETIMEDOUT'), coded('ECONNREFUSED')]), {
    code: 'ETIMEDOUT',
  });
  expect(describeFetchError(HOST, new TypeError('fetch failed', { cause: list }))).toEqual({
    code: 'unreachable',
    host: HOST,
    why: 'connect-timeout',
  });
});

test('describeFetchError() looks into an AggregateError, and recognizes a time-out by its name', () => {
  const list = new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]);
  const errors = [
    new TypeError('fetch failed', { cause: list }),
    new DOMException('late', 'TimeoutError'),
  ];
  expect(errors.map((error) => describeFetchError(HOST, error))).toEqual([
    { code: 'unreachable', host: HOST, why: 'refused' },
    { code: 'unreachable', host: HOST, why: 'timeout' },
  ]);
});

test('describeFetchError() ends for circular causes, and for anything thrown', () => {
  const circle = new Error('circle');
  circle.cause = circle;
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.constant(circle)), (thrown) => {
      expect(describeFetchError(HOST, thrown)).toEqual({
        code: 'unreachable',
        host: HOST,
        why: 'other',
      });
    }),
  );
});

test('catchNetworkError() turns a NetworkError into a value, and passes results and other errors through', async () => {
  const failure = { code: 'unreachable', host: HOST, why: 'dns' } as const;
  const bug = new TypeError('bug');
  expect(await catchNetworkError(() => Promise.resolve(1))).toEqual({ ok: true, value: 1 });
  expect(await catchNetworkError(() => Promise.reject(new NetworkError(failure)))).toEqual({
    ok: false,
    failure,
  });
  await expect(catchNetworkError(() => Promise.reject(bug))).rejects.toBe(bug);
});

function answer(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers });
}

test('networkFailureOfStatus() recognizes the statuses that need no body', () => {
  const statuses = [200, 204, 301, 308, 400, 401, 403, 404, 405, 408, 422, 429, 500, 503];
  const codes = statuses.map(
    (status) => networkFailureOfStatus(HOST, answer(status))?.code ?? null,
  );
  expect(Object.fromEntries(statuses.map((status, i) => [status, codes[i]]))).toEqual({
    200: null,
    204: null,
    301: 'redirect-refused',
    308: 'redirect-refused',
    400: null,
    401: null,
    403: null,
    404: 'endpoint-gone',
    405: 'endpoint-gone',
    408: 'rate-limited',
    422: null,
    429: 'rate-limited',
    500: 'server-unavailable',
    503: 'server-unavailable',
  });
});

test.each([
  ['seconds', { 'retry-after': '120' }, 120_000],
  ['no wait', { 'retry-after': '0' }, 0],
  ['more than a year', { 'retry-after': '9'.repeat(400) }, 31_536_000_000],
  ['a negative number', { 'retry-after': '-5' }, null],
  ['a fraction', { 'retry-after': '1.5' }, null],
  ['words', { 'retry-after': 'soon' }, null],
  ['an absent header', {}, null],
  ['a date, by our clock', { 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT' }, 30_000],
  [
    'a date, by the clock of the server',
    { 'retry-after': 'Wed, 21 Oct 2015 07:28:10 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' },
    10_000,
  ],
  ['a date long past', { 'retry-after': 'Wed, 21 Oct 2015 07:28:10 GMT' }, 0],
  ['a date that is none', { 'retry-after': 'Wed, 99 Abc 2015 07:28:10 GMT' }, null],
])('networkFailureOfStatus() reads Retry-After: %s', (_what, headers, retryAfterMs) => {
  const now = Date.UTC(2026, 9, 21, 7, 28, 0);
  expect([
    networkFailureOfStatus(HOST, answer(429, headers), now),
    networkFailureOfStatus(HOST, answer(503, headers), now),
  ]).toEqual([
    { code: 'rate-limited', host: HOST, retryAfterMs },
    { code: 'server-unavailable', host: HOST, status: 503, retryAfterMs },
  ]);
});

test('networkFailureOfStatus() ignores a date without a clock to compare it with', () => {
  const dated = answer(429, { 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT' });
  expect(networkFailureOfStatus(HOST, dated)).toEqual({
    code: 'rate-limited',
    host: HOST,
    retryAfterMs: null,
  });
});
