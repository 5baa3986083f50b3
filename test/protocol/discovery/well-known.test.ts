import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import { parseServerInput } from '../../../common/server-input.ts';
import type { TypedServer } from '../../../common/server-input.ts';
import type { WellKnown } from '../../../main/protocol/discovery/well-known.ts';
import { fetchWellKnown } from '../../../main/protocol/discovery/well-known.ts';
import { FUZZ, FUZZ_MS, hostileAnswer, PLANTED } from '../hostile.ts';
import type { Answer } from '../http/scripted-network.ts';
import { broken, json, raw, scriptedNetwork } from '../http/scripted-network.ts';

function typed(input: string): TypedServer {
  const read = parseServerInput(input);
  if (!read.ok) throw new Error(`Unusable input: ${input}`);
  return read.value;
}

async function ask(answer: Answer, input = 'example.org'): Promise<WellKnown> {
  return fetchWellKnown(typed(input), scriptedNetwork({ 'well-known': answer }).network);
}

function homeserver(base_url: unknown) {
  return json({ 'm.homeserver': { base_url } });
}

function invalid(why: string) {
  return { kind: 'failure', failure: { code: 'well-known-invalid', host: 'example.org', why } };
}

function unusable(address: string) {
  const failure = { code: 'homeserver-unusable', homeserver: address, why: 'address' };
  return { kind: 'failure', failure };
}

test('fetchWellKnown() sends its request to the host without the port of the server name, and without a token', async () => {
  const { network, asked } = scriptedNetwork({ 'well-known': homeserver('https://hs.example') });
  await fetchWellKnown(typed('@alice:example.org:8448'), network);
  expect(asked).toEqual([
    {
      step: 'well-known',
      method: 'GET',
      url: 'https://example.org/.well-known/matrix/client',
      headers: {},
      body: '',
    },
  ]);
});

test('fetchWellKnown() sends no request if the person typed the homeserver itself', async () => {
  const { network, asked } = scriptedNetwork({});
  expect(await fetchWellKnown(typed('https://example.org/matrix'), network)).toEqual({
    kind: 'ignore',
  });
  expect(asked).toEqual([]);
});

test('fetchWellKnown() reads the base URL, whatever the content type', async () => {
  const body = JSON.stringify({
    'm.homeserver': { base_url: 'https://hs.example/matrix///' },
    'm.identity_server': 5,
  });
  expect(await ask(raw(`\ufeff${body}`, 200, { 'content-type': 'text/plain' }))).toEqual({
    kind: 'homeserver',
    baseUrl: new URL('https://hs.example/matrix///'),
    authentication: null,
  });
});

test.each(['org.matrix.msc2965.authentication', 'm.authentication'])(
  'fetchWellKnown() reads the issuer announced as %s',
  async (key) => {
    const announced = { issuer: 'https://auth.example/', account: 'https://auth.example/account' };
    const found = await ask(
      json({ 'm.homeserver': { base_url: 'https://hs.example' }, [key]: announced }),
    );
    expect(found).toEqual({
      kind: 'homeserver',
      baseUrl: new URL('https://hs.example'),
      authentication: announced,
    });
  },
);

test.each([{}, { issuer: 5 }, { issuer: 'https://x', account: [] }, 'x', null])(
  'fetchWellKnown() does without an announcement like %j',
  async (announcement) => {
    const found = await ask(
      json({
        'm.homeserver': { base_url: 'https://hs.example' },
        'm.authentication': announcement,
      }),
    );
    expect(found).toEqual({
      kind: 'homeserver',
      baseUrl: new URL('https://hs.example'),
      authentication: null,
    });
  },
);

describe('fetchWellKnown() follows the table of the specification:', () => {
  test.each<[string, Answer, object]>([
    ['404', raw('', 404), { kind: 'ignore' }],
    ['404 with JSON', json({}, 404), { kind: 'ignore' }],
    ['500', raw('', 500), invalid('the server responded with status 500')],
    [
      '403 with a good body',
      json({ 'm.homeserver': {} }, 403),
      invalid('the server responded with status 403'),
    ],
    ['204', raw('', 204), invalid('the server responded with status 204')],
    ['an empty body', raw(''), invalid('it is not a JSON object')],
    ['HTML', raw('<!doctype html>'), invalid('it is not a JSON object')],
    ['a list', json([]), invalid('it is not a JSON object')],
    ['a text', json('x'), invalid('it is not a JSON object')],
    ['no homeserver', json({}), invalid('it has no usable m.homeserver')],
    [
      'a homeserver as text',
      json({ 'm.homeserver': 'x' }),
      invalid('it has no usable m.homeserver'),
    ],
    ['no base URL', homeserver(undefined), invalid('it has no usable m.homeserver.base_url')],
    ['null as base URL', homeserver(null), invalid('it has no usable m.homeserver.base_url')],
    ['a number as base URL', homeserver(5), invalid('it has no usable m.homeserver.base_url')],
    ['an empty base URL', homeserver(''), unusable('example.org')],
    ['a relative base URL', homeserver('hs.example'), unusable('example.org')],
    ['a script', homeserver('javascript:alert(1)'), unusable('example.org')],
    ['another scheme', homeserver('ftp://hs.example'), unusable('ftp://hs.example')],
    ['plain http', homeserver('http://hs.example/'), unusable('http://hs.example')],
    ['userinfo', homeserver('https://u:pw@hs.example/'), unusable('https://hs.example')],
    ['a query', homeserver('https://hs.example/?x'), unusable('https://hs.example')],
    ['this machine', homeserver('https://localhost:1/'), unusable('https://localhost:1')],
  ])('%s', async (_what, answer, expected) => {
    expect(await ask(answer)).toEqual(expected);
  });
});

test('fetchWellKnown() accepts a plain http homeserver on this machine from a server on this machine', async () => {
  const found = await ask(homeserver('http://127.0.0.1:8008'), 'localhost:8080');
  expect(found).toMatchObject({ baseUrl: new URL('http://127.0.0.1:8008/') });
});

test.each([
  [
    { code: 'unreachable', host: 'example.org', why: 'tls' },
    { code: 'unreachable', host: 'example.org', why: 'tls', isTypedServer: true },
  ],
  [
    { code: 'redirect-refused', host: 'example.org', status: 302 },
    {
      code: 'well-known-invalid',
      host: 'example.org',
      why: 'it redirects to an address that Keyfob does not follow',
    },
  ],
  [
    { code: 'too-large', host: 'example.org', limitBytes: 65_536 },
    { code: 'well-known-invalid', host: 'example.org', why: 'it is too large' },
  ],
] as const)('fetchWellKnown() never ignores trouble on the way: %j', async (failure, expected) => {
  expect(await ask(broken(new NetworkError(failure)))).toEqual({
    kind: 'failure',
    failure: expected,
  });
});

test('fetchWellKnown() ends with the abort of its caller', async () => {
  const abort = new DOMException('enough', 'AbortError');
  await expect(ask(broken(abort))).rejects.toBe(abort);
});

const names = ['m.homeserver', 'base_url', 'm.authentication', 'issuer', 'account'];

test(
  'fetchWellKnown() gives one of its kinds for any answer, and no secret',
  async () => {
    await fc.assert(
      fc.asyncProperty(hostileAnswer(names), async ({ status, bytes, type }) => {
        const found = await ask(raw(bytes, status, { 'content-type': type }));
        expect(found.kind).toMatch(/^(homeserver|ignore|failure)$/);
        // What is announced is checked when it is used.
        const checked = found.kind === 'homeserver' ? found.baseUrl : found;
        expect(JSON.stringify(checked)).not.toContain(PLANTED);
      }),
      FUZZ,
    );
  },
  FUZZ_MS,
);
