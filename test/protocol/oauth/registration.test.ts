import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuthServer } from '../../../main/protocol/discovery/server-metadata.ts';
import {
  DEFAULT_CLIENT,
  metadataHash,
  supersetOf,
} from '../../../main/protocol/oauth/client-metadata.ts';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import { register } from '../../../main/protocol/oauth/registration.ts';
import { FUZZ, FUZZ_MS, hostileAnswer, PLANTED } from '../hostile.ts';
import type { Answer } from '../http/scripted-network.ts';
import { broken, json, raw, scriptedNetwork } from '../http/scripted-network.ts';

function serverAt(base: string): AuthServer {
  const at = (path: string) => new URL(path, base);
  return {
    homeserver: 'https://hs.example',
    issuer: base,
    registrationEndpoint: at('/register'),
    deviceAuthorizationEndpoint: at('/device'),
    tokenEndpoint: at('/token'),
    revocationEndpoint: null,
    accountManagementUri: null,
    accountManagementActions: [],
    metadata: { issuer: base, registration_endpoint: at('/register').href },
  };
}

const HOST = 'auth.example';
const server = serverAt(`https://${HOST}/`);
const minimalHash = await metadataHash(DEFAULT_CLIENT);
const supersetHash = await metadataHash(supersetOf(DEFAULT_CLIENT));

async function registering(...answers: Answer[]) {
  const { network, asked } = scriptedNetwork({ registration: answers });
  const outcome = await register(server, DEFAULT_CLIENT, network);
  return { outcome, bodies: asked.map(({ body }) => JSON.parse(body) as unknown) };
}

const minimal: unknown = DEFAULT_CLIENT;
const superset: unknown = supersetOf(DEFAULT_CLIENT);

test('register() posts the metadata as JSON', async () => {
  const { network, asked } = scriptedNetwork({ registration: json({ client_id: 'abc' }, 201) });
  const outcome = await register(server, DEFAULT_CLIENT, network);
  expect(outcome).toEqual({ ok: true, value: { clientId: 'abc', metadataHash: minimalHash } });
  const [request] = asked;
  expect({ ...request, body: JSON.parse(request!.body) as unknown }).toEqual({
    step: 'registration',
    method: 'POST',
    url: 'https://auth.example/register',
    headers: expect.objectContaining({
      accept: 'application/json',
      'content-type': 'application/json',
    }) as unknown,
    body: minimal,
  });
});

test('register() speaks plain http to a server on this machine', async () => {
  const { network } = scriptedNetwork({ registration: json({ client_id: 'abc' }, 201) });
  expect(await register(serverAt('http://127.0.0.1:8080'), DEFAULT_CLIENT, network)).toMatchObject({
    ok: true,
  });
});

describe('register() accepts', () => {
  test.each<[string, Answer, string]>([
    ['200', json({ client_id: 'x' }), 'x'],
    ['standard base64', json({ client_id: 'a+/b=' }, 201), 'a+/b='],
    ['a strange ID', json({ client_id: 'a &%b' }, 201), 'a &%b'],
    ['the longest ID', json({ client_id: 'x'.repeat(4_096) }, 201), 'x'.repeat(4_096)],
    ['any content type', raw('\ufeff{"client_id":"x"}', 201), 'x'],
    [
      'null members, rewritten ones, pruned grants and a secret',
      json(
        {
          client_id: 'x',
          client_name: 'Rewritten',
          client_uri: null,
          logo_uri: null,
          grant_types: ['authorization_code'],
          client_secret: 5,
          surprise: {},
        },
        201,
      ),
      'x',
    ],
  ])('%s', async (_what, answer, clientId) => {
    expect(await registering(answer)).toEqual({
      outcome: { ok: true, value: { clientId, metadataHash: minimalHash } },
      bodies: [minimal],
    });
  });
});

describe('register() refuses a registration', () => {
  test.each<[string, Answer, string]>([
    ['without an ID', json({}, 201), 'client_id'],
    ['with null as ID', json({ client_id: null }, 201), 'client_id'],
    ['with an empty ID', json({ client_id: '' }, 201), 'client_id'],
    ['with a number as ID', json({ client_id: 5 }, 201), 'client_id'],
    ['with an endless ID', json({ client_id: 'x'.repeat(4_097) }, 201), 'client_id'],
    ['with a line break in the ID', json({ client_id: 'a\r\nb' }, 201), 'client_id'],
    ['in HTML', raw('<html>', 201), 'body'],
    ['in a list', json([{ client_id: 'x' }], 201), 'body'],
  ])('%s', async (_what, answer, field) => {
    expect((await registering(answer)).outcome).toEqual({
      ok: false,
      failure: { code: 'malformed-response', host: HOST, field },
    });
  });
});

const oauthError = { error: 'invalid_redirect_uri', error_description: 'missing\nredirect_uris' };
const created = json({ client_id: 'x' }, 201);

describe('register() tries the superset, once, after', () => {
  test.each<[string, Answer]>([
    ['400 from OAuth', json(oauthError, 400)],
    [
      '422 in plain text',
      raw('missing field `redirect_uris`', 422, { 'content-type': 'text/plain' }),
    ],
    ['400 from Matrix', json({ errcode: 'M_BAD_JSON', error: 'x' }, 400)],
    ['404', raw('', 404)],
    ['413', raw('', 413)],
  ])('%s', async (_what, refusal) => {
    expect(await registering(refusal, created)).toEqual({
      outcome: { ok: true, value: { clientId: 'x', metadataHash: supersetHash } },
      bodies: [minimal, superset],
    });
  });

  test('a refusal, and then reports the second', async () => {
    const second = { error: 'invalid_client_metadata', error_description: 'invalid client_uri' };
    expect(await registering(json(oauthError, 400), json(second, 400))).toEqual({
      outcome: {
        ok: false,
        failure: {
          code: 'registration-refused',
          host: HOST,
          status: 400,
          error: 'invalid_client_metadata',
          description: 'invalid client_uri',
        },
      },
      bodies: [minimal, superset],
    });
  });
});

function refused(status: number, error: string | null, description: string | null) {
  return { code: 'registration-refused', host: HOST, status, error, description };
}

describe('register() reports', () => {
  test.each<[string, Answer, object]>([
    ['401', json({ error: 'invalid_token' }, 401), refused(401, 'invalid_token', null)],
    [
      '403 from Matrix',
      json({ errcode: 'M_FORBIDDEN', error: 'Not here' }, 403),
      refused(403, 'M_FORBIDDEN', 'Not here'),
    ],
    ['403 in HTML', raw('<html>secret page', 403), refused(403, null, null)],
    [
      '403 in plain text',
      raw('no\u202e entry', 403, { 'content-type': 'text/plain; charset=utf-8' }),
      refused(403, null, 'no entry'),
    ],
    ['an error that is no code', json({ error: { a: 1 } }, 403), refused(403, null, null)],
    [
      '429',
      json({ errcode: 'M_LIMIT_EXCEEDED' }, 429, { 'retry-after': '3' }),
      { code: 'rate-limited', host: HOST, retryAfterMs: 3_000 },
    ],
    [
      '500',
      raw('', 500),
      { code: 'server-unavailable', host: HOST, status: 500, retryAfterMs: null },
    ],
    ['a redirect', raw('', 307), { code: 'redirect-refused', host: HOST, status: 307 }],
    ['204', raw('', 204), refused(204, null, null)],
    [
      'no connection',
      broken(new NetworkError({ code: 'unreachable', host: HOST, why: 'reset' })),
      { code: 'unreachable', host: HOST, why: 'reset' },
    ],
  ])('%s, without a second try', async (_what, answer, failure) => {
    expect(await registering(answer)).toEqual({
      outcome: { ok: false, failure },
      bodies: [minimal],
    });
  });

  test('that the connection broke at the second try', async () => {
    const failure = { code: 'unreachable', host: HOST, why: 'timeout' } as const;
    const { outcome } = await registering(json(oauthError, 400), broken(new NetworkError(failure)));
    expect(outcome).toEqual({ ok: false, failure });
  });
});

test('register() ends with the abort of its caller', async () => {
  const abort = new DOMException('enough', 'AbortError');
  await expect(registering(broken(abort))).rejects.toBe(abort);
});

const names = ['client_name', 'grant_types', 'error', 'errcode', 'client_id_issued_at'];
const pair = fc.tuple(hostileAnswer([...names, 'client_id']), hostileAnswer(names));

test(
  'register() gives an ID or a coded failure for any answers, and no secret',
  async () => {
    await fc.assert(
      fc.asyncProperty(pair, async (answers) => {
        const script = answers.map(({ bytes, status, type }) =>
          raw(bytes, status, { 'content-type': type }),
        );
        const { outcome } = await registering(...script);
        if (!outcome.ok) expect(outcome.failure.code).toMatch(/^[a-z-]+$/);
        const shown = outcome.ok ? { ...outcome.value, clientId: '' } : outcome;
        expect(JSON.stringify(shown)).not.toContain(PLANTED);
      }),
      FUZZ,
    );
  },
  FUZZ_MS,
);
