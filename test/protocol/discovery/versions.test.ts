import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import { fetchVersions } from '../../../main/protocol/discovery/versions.ts';
import { FUZZ, FUZZ_MS, hostileAnswer, PLANTED } from '../hostile.ts';
import type { Answer } from '../http/scripted-network.ts';
import { broken, json, raw, scriptedNetwork } from '../http/scripted-network.ts';

const HOST = 'hs.example';

function ask(answer: Answer) {
  return fetchVersions(`https://${HOST}/base`, scriptedNetwork({ versions: answer }).network);
}

test('fetchVersions() sends its request under the base URL, without a token', async () => {
  const { network, asked } = scriptedNetwork({ versions: json({ versions: ['v1.12'] }) });
  const versions = await fetchVersions('https://hs.example/base', network);
  expect([versions, asked]).toEqual([
    { ok: true, value: ['v1.12'] },
    [
      {
        step: 'versions',
        method: 'GET',
        url: 'https://hs.example/base/_matrix/client/versions',
        headers: {},
        body: '',
      },
    ],
  ]);
});

test('fetchVersions() returns what looks like a version, and accepts an empty list', async () => {
  const versions = ['r0.6.1', 'v1.18', '<b>v1</b>', '', 'v'.repeat(50), 'v1.1\u202e'];
  expect(await ask(json({ versions, unstable_features: 5 }))).toEqual({
    ok: true,
    value: ['r0.6.1', 'v1.18'],
  });
  expect(await ask(json({ versions: [] }))).toEqual({ ok: true, value: [] });
});

test.each<[string, Answer, object]>([
  ['no versions', json({}), { code: 'malformed-response', host: HOST, field: 'versions' }],
  ['null', json({ versions: null }), { code: 'malformed-response', host: HOST, field: 'versions' }],
  [
    'a text',
    json({ versions: 'v1' }),
    { code: 'malformed-response', host: HOST, field: 'versions' },
  ],
  [
    'numbers',
    json({ versions: [1] }),
    { code: 'malformed-response', host: HOST, field: 'versions' },
  ],
  ['HTML', raw('<html>'), { code: 'malformed-response', host: HOST, field: 'body' }],
  ['401', json({}, 401), { code: 'malformed-response', host: HOST, field: 'status' }],
  ['204', raw('', 204), { code: 'malformed-response', host: HOST, field: 'status' }],
  ['404', json({ versions: [] }, 404), { code: 'endpoint-gone', host: HOST, status: 404 }],
  [
    '503',
    raw('', 503, { 'retry-after': '7' }),
    { code: 'server-unavailable', host: HOST, status: 503, retryAfterMs: 7_000 },
  ],
  [
    'no connection',
    broken(new NetworkError({ code: 'unreachable', host: HOST, why: 'refused' })),
    { code: 'unreachable', host: HOST, why: 'refused' },
  ],
])('fetchVersions() fails for %s', async (_what, answer, failure) => {
  expect(await ask(answer)).toEqual({ ok: false, failure });
});

test(
  'fetchVersions() gives a value or a coded failure for any answer, and no secret',
  async () => {
    await fc.assert(
      fc.asyncProperty(hostileAnswer(['versions', 'unstable_features']), async (answer) => {
        const asked = await ask(raw(answer.bytes, answer.status, { 'content-type': answer.type }));
        expect(asked.ok || typeof asked.failure.code === 'string').toBe(true);
        expect(JSON.stringify(asked)).not.toContain(PLANTED);
      }),
      FUZZ,
    );
  },
  FUZZ_MS,
);
