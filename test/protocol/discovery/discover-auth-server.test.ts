import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discoverAuthServer } from '../../../main/protocol/discovery/discover.ts';
import type { NetworkFailure } from '../../../common/failure.ts';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import {
  DOCUMENT,
  document,
  ISSUER,
  issuer,
  LOGIN,
  notHere,
  server,
  serving,
  UNSTABLE,
  V1,
} from './discovery-parts.ts';
import { FUZZ, FUZZ_MS, hostileAnswer, PLANTED } from '../hostile.ts';
import type { Answer } from '../http/scripted-network.ts';
import { broken, json, raw, scriptedNetwork } from '../http/scripted-network.ts';

async function find(paths: Record<string, Answer>, authentication: string | null = null) {
  const { network, paths: asked } = serving(paths);
  const announced = authentication === null ? null : { issuer: authentication, account: null };
  const found = await discoverAuthServer('https://hs.example/', announced, network, {
    loopback: false,
  });
  return { found, asked: asked() };
}

const found = { ok: true, value: server };

describe('discoverAuthServer() finds the metadata', () => {
  test('at the stable path, and sends no further request', async () => {
    expect(await find({ [V1]: json(document) })).toEqual({ found, asked: [V1] });
  });

  test.each<[string, Answer]>([
    ['404 M_UNRECOGNIZED', notHere],
    ['404 M_NOT_FOUND', json({ errcode: 'M_NOT_FOUND' }, 404)],
    ['404 without JSON', raw('Not found', 404)],
    ['405', raw('', 405)],
    ['400', json({ errcode: 'M_UNRECOGNIZED' }, 400)],
    ['401', json({ errcode: 'M_MISSING_TOKEN' }, 401)],
    ['403', raw('<html>', 403)],
    ['an HTML page', raw('<!doctype html>')],
    ['JSON of something else', json({ errcode: 'M_UNKNOWN' })],
    ['a list', json([document])],
    ['nothing', raw('')],
  ])('at the unstable path if the stable one responds with %s', async (_what, answer) => {
    expect(await find({ [V1]: answer, [UNSTABLE]: json(document) })).toEqual({
      found,
      asked: [V1, UNSTABLE],
    });
  });

  test('by the issuer that the homeserver names', async () => {
    const answers = { [ISSUER]: json({ issuer }), [DOCUMENT]: json(document) };
    expect(await find(answers)).toEqual({
      found,
      asked: [V1, UNSTABLE, ISSUER, `https://auth.example${DOCUMENT}`],
    });
  });

  test('by the issuer that .well-known names, its account page included', async () => {
    const { network } = serving({
      [`/tenant${DOCUMENT}`]: json({ ...document, issuer: 'https://auth.example/tenant' }),
    });
    const announced = { issuer: 'https://auth.example/tenant', account: 'https://auth.example/me' };
    const outcome = await discoverAuthServer('https://hs.example', announced, network, {
      loopback: false,
    });
    expect(outcome).toEqual({
      ok: true,
      value: {
        ...server,
        issuer: 'https://auth.example/tenant',
        accountManagementUri: new URL('https://auth.example/me'),
        metadata: { ...document, issuer: 'https://auth.example/tenant' },
      },
    });
  });

  test('of a homeserver under a path', async () => {
    const { network } = serving({ [`/matrix${V1}`]: json(document) });
    const outcome = await discoverAuthServer(new URL('https://hs.example/matrix/'), null, network, {
      loopback: false,
    });
    expect(outcome).toEqual({
      ok: true,
      value: { ...server, homeserver: 'https://hs.example/matrix' },
    });
  });

  test('over plain http on this machine, documents of fallbacks included', async () => {
    const here = 'http://127.0.0.1:8008/';
    const { network } = serving({
      [ISSUER]: json({ issuer: here }),
      [DOCUMENT]: json({ ...document, issuer: here }),
    });
    const outcome = await discoverAuthServer(here, null, network, { loopback: true });
    expect(outcome).toMatchObject({ ok: true, value: { issuer: here } });
  });
});

describe('discoverAuthServer() compares the issuer byte for byte', () => {
  test.each(['https://auth.example', 'https://AUTH.example/', 'https://auth.example:443/'])(
    'and refuses %s',
    async (other) => {
      const outcome = await find({ [DOCUMENT]: json({ ...document, issuer: other }) }, issuer);
      expect(outcome.found).toEqual({
        ok: false,
        failure: { code: 'issuer-mismatch', announced: issuer, found: other },
      });
    },
  );
});

describe('discoverAuthServer() fails', () => {
  test.each([
    ['password', ['m.login.password', 'm.login.sso']],
    ['sso', ['m.login.sso']],
    ['unknown', []],
  ])('that there is no OAuth, but %s', async (legacy, types) => {
    const flows = { flows: types.map((type) => ({ type })) };
    expect(await find({ [LOGIN]: json(flows) })).toEqual({
      found: {
        ok: false,
        failure: { code: 'oauth-unsupported', homeserver: 'https://hs.example', legacy },
      },
      asked: [V1, UNSTABLE, ISSUER, LOGIN],
    });
  });

  test('that the metadata is hidden where the login flows speak of OAuth', async () => {
    const flow = { type: 'm.login.sso', oauth_aware_preferred: true };
    expect((await find({ [LOGIN]: json({ flows: [flow] }) })).found).toEqual({
      ok: false,
      failure: { code: 'metadata-invalid', host: 'hs.example', field: 'auth_metadata' },
    });
  });

  test('that there is no device grant here', async () => {
    const without = { ...document, device_authorization_endpoint: undefined };
    expect(await find({ [V1]: json(without) })).toEqual({
      found: { ok: false, failure: { code: 'device-grant-unsupported', issuer } },
      asked: [V1],
    });
  });

  test.each<[string, NetworkFailure]>([
    [V1, { code: 'server-unavailable', host: 'hs.example', status: 500, retryAfterMs: null }],
    [
      UNSTABLE,
      { code: 'server-unavailable', host: 'hs.example', status: 502, retryAfterMs: 9_000 },
    ],
    [ISSUER, { code: 'server-unavailable', host: 'hs.example', status: 503, retryAfterMs: null }],
    [V1, { code: 'rate-limited', host: 'hs.example', retryAfterMs: 9_000 }],
    [V1, { code: 'unreachable', host: 'hs.example', why: 'timeout' }],
    [ISSUER, { code: 'too-large', host: 'hs.example', limitBytes: 1 }],
  ])('at %s that it is worth another try: %j', async (path, failure) => {
    expect((await find({ [path]: answering(failure) })).found).toEqual({ ok: false, failure });
  });

  test.each<[string, Answer, object]>([
    ['is gone', notHere, { code: 'endpoint-gone', host: 'auth.example', status: 404 }],
    [
      'is down',
      raw('', 503),
      { code: 'server-unavailable', host: 'auth.example', status: 503, retryAfterMs: null },
    ],
    ['is HTML', raw('<html>'), { code: 'metadata-invalid', host: 'auth.example', field: 'body' }],
    ['is refused', raw('', 403), { code: 'metadata-invalid', host: 'auth.example', field: 'body' }],
    [
      'has no issuer',
      json({ ...document, issuer: null }),
      { code: 'metadata-invalid', host: 'auth.example', field: 'issuer' },
    ],
    [
      'has a bad endpoint',
      json({ ...document, token_endpoint: '/token' }),
      { code: 'metadata-invalid', host: 'auth.example', field: 'token_endpoint' },
    ],
  ])('that the document of an announced issuer %s', async (_what, answer, failure) => {
    expect((await find({ [DOCUMENT]: answer }, issuer)).found).toEqual({ ok: false, failure });
  });

  test.each(['http://auth.example/', 'https://localhost/', 'https://auth.example/?x', '/x'])(
    'that an announced issuer cannot be one: %s',
    async (announced) => {
      expect((await find({}, announced)).found).toEqual({
        ok: false,
        failure: { code: 'metadata-invalid', host: 'hs.example', field: 'issuer' },
      });
    },
  );
});

function answering(failure: NetworkFailure): Answer {
  const waits = 'retryAfterMs' in failure && failure.retryAfterMs !== null;
  const headers: Record<string, string> = waits ? { 'retry-after': '9' } : {};
  if (failure.code === 'rate-limited') return raw('', 429, headers);
  if (failure.code === 'server-unavailable') return raw('', failure.status, headers);
  return broken(new NetworkError(failure));
}

const names = [...Object.keys(document), 'grant_types_supported', 'issuer', 'flows', 'type'];
const answers = fc.array(hostileAnswer(names), { minLength: 5, maxLength: 5 });

test(
  'discoverAuthServer() gives a server or a coded failure for any answers, and no secret',
  async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (bodies) => {
        let turn = 0;
        const next: Answer = (asked) => {
          const { bytes, status, type } = bodies[turn++ % bodies.length]!;
          return raw(bytes, status, { 'content-type': type })(asked);
        };
        const script = { 'auth-metadata': next, 'login-flows': next };
        const { network } = scriptedNetwork(script);
        const announced = { issuer, account: null };
        const outcome = await discoverAuthServer('https://hs.example', announced, network, {
          loopback: false,
        });
        if (!outcome.ok) expect(outcome.failure.code).toMatch(/^[a-z-]+$/);
        expect(JSON.stringify(outcome)).not.toContain(PLANTED);
      }),
      FUZZ,
    );
  },
  FUZZ_MS,
);
