import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchRoute } from '../../main/agent/routes.ts';

const METHODS = ['GET', 'POST', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', '__proto__'];

test('matchRoute() finds an account by any label that a path can hold', () => {
  const label = fc.string({ unit: 'grapheme', minLength: 1 });
  fc.assert(
    fc.property(label, (account) => {
      expect(matchRoute('DELETE', `/v1/accounts/${encodeURIComponent(account)}`)).toEqual({
        ok: true,
        value: { route: 'DELETE /v1/accounts/*', name: account, query: { forget: false } },
      });
    }),
    { numRuns: 10_000 },
  );
});

test('matchRoute() reads whether to forget the account even if the server cannot be reached', () => {
  expect(matchRoute('DELETE', '/v1/accounts/alice?forget=1')).toEqual({
    ok: true,
    value: { route: 'DELETE /v1/accounts/*', name: 'alice', query: { forget: true } },
  });
});

test.each(['.', '..', '%2e%2e', 'a%2Fb', 'a b', 'a?b'])(
  'matchRoute() treats %j as a label, not as a path step',
  (account) => {
    const path = `/v1/accounts/${encodeURIComponent(account)}/token?min_valid=5m&for=x`;
    expect(matchRoute('GET', path)).toEqual({
      ok: true,
      value: {
        route: 'GET /v1/accounts/*/token',
        name: account,
        query: { minValidMs: 300_000, consumer: 'x' },
      },
    });
  },
);

test('matchRoute() accepts a target with a host', () => {
  expect(matchRoute('GET', 'http://keyfob/v1/status?x=1')).toEqual({
    ok: true,
    value: { route: 'GET /v1/status', name: '', query: { x: '1' } },
  });
});

test.each(['constructor', '__proto__', 'get', ''])(
  'matchRoute() refuses the method %j',
  (method) => {
    expect(matchRoute(method, '/v1/status')).toMatchObject({ ok: false, failure: { status: 405 } });
  },
);

test('matchRoute() never throws, whatever the request line', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('v1', 'accounts', 'token', 'logins', '%', '%00', '?', '?min_valid=', '*'),
  );
  const target = fc.array(part, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
  fc.assert(
    fc.property(fc.constantFrom(...METHODS), target, (method, path) => {
      const route = matchRoute(method, path);
      expect(route.ok || [400, 404, 405].includes(route.failure.status)).toBe(true);
    }),
    { numRuns: 10_000 },
  );
});
