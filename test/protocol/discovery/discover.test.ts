import { describe, expect, test } from 'vitest';
import { discover } from '../../../main/protocol/discovery/discover.ts';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import { parseServerInput } from '../../../common/server-input.ts';
import { document, notHere, server, serving, V1 } from './discovery-parts.ts';
import type { Answer } from '../http/scripted-network.ts';
import { broken, json, raw } from '../http/scripted-network.ts';

const WELL_KNOWN = '/.well-known/matrix/client';
const VERSIONS = '/_matrix/client/versions';
const versions = json({ versions: ['v1.12'] });
const wellKnown = json({ 'm.homeserver': { base_url: 'https://hs.example/' } });

async function discovering(input: string, paths: Record<string, Answer>) {
  const typed = parseServerInput(input);
  if (!typed.ok) throw new Error(`Unusable input: ${input}`);
  const { network, paths: asked } = serving(paths);
  return { outcome: await discover(typed.value, network), asked: asked() };
}

describe('discover() finds the authorization server', () => {
  test('from a user ID over .well-known', async () => {
    const paths = { [WELL_KNOWN]: wellKnown, [VERSIONS]: versions, [V1]: json(document) };
    expect(await discovering('@alice:example.org:8448', paths)).toEqual({
      outcome: {
        ok: true,
        value: { server, serverName: 'example.org:8448', versions: ['v1.12'] },
      },
      asked: [`https://example.org${WELL_KNOWN}`, VERSIONS, V1],
    });
  });

  test('at the server name itself, with its port, if there is no document', async () => {
    const { outcome, asked } = await discovering('example.org:8448', {
      [VERSIONS]: versions,
      [V1]: json(document),
    });
    expect(asked).toEqual([
      `https://example.org${WELL_KNOWN}`,
      `https://example.org:8448${VERSIONS}`,
      `https://example.org:8448${V1}`,
    ]);
    expect(outcome).toMatchObject({ ok: true, value: { serverName: 'example.org:8448' } });
  });

  test('from a URL with a path, which is the homeserver', async () => {
    const { outcome, asked } = await discovering('https://hs.example/matrix/', {
      [`/matrix${VERSIONS}`]: versions,
      [`/matrix${V1}`]: json(document),
    });
    expect(asked).toEqual([`/matrix${VERSIONS}`, `/matrix${V1}`]);
    expect(outcome).toMatchObject({ ok: true, value: { serverName: null } });
  });

  test('to an address typed in full, although .well-known there is a web page', async () => {
    const page = { [WELL_KNOWN]: raw('<html>'), [VERSIONS]: versions, [V1]: json(document) };
    expect((await discovering('https://hs.example', page)).outcome).toMatchObject({ ok: true });
    expect((await discovering('hs.example', page)).outcome).toEqual({
      ok: false,
      failure: { code: 'well-known-invalid', host: 'hs.example', why: 'it is not a JSON object' },
    });
  });
});

const down = { code: 'server-unavailable', status: 503, retryAfterMs: null } as const;
const unusable = { code: 'homeserver-unusable', homeserver: 'https://hs.example' } as const;
const absent = { code: 'homeserver-not-found', server: 'example.org' } as const;

describe('discover() fails', () => {
  test.each<[string, Answer, Answer, object]>([
    ['FAIL_ERROR, no versions', wellKnown, json({}), { ...unusable, why: 'malformed-response' }],
    ['FAIL_ERROR, 404', wellKnown, notHere, { ...unusable, why: 'endpoint-gone' }],
    ['FAIL_ERROR, 401', wellKnown, json({}, 401), { ...unusable, why: 'malformed-response' }],
    ['a homeserver that is down', wellKnown, raw('', 503), { ...down, host: 'hs.example' }],
    ['no document, no versions', notHere, json({}), absent],
    ['no document, 404', notHere, notHere, absent],
    ['no document, and down', notHere, raw('', 503), { ...down, host: 'example.org' }],
    [
      'FAIL_PROMPT',
      raw('', 500),
      versions,
      {
        code: 'well-known-invalid',
        host: 'example.org',
        why: 'the server responded with status 500',
      },
    ],
  ])('with %s', async (_what, document_, versions_, failure) => {
    const paths = { [WELL_KNOWN]: document_, [VERSIONS]: versions_, [V1]: json(document) };
    const { outcome } = await discovering('example.org', paths);
    expect(outcome).toEqual({ ok: false, failure });
  });

  test('with a mark for the hint if only a server name was typed, and no URL', async () => {
    const unreachable = { code: 'unreachable', host: 'example.org', why: 'refused' } as const;
    const refused = broken(new NetworkError(unreachable));
    const paths = { [WELL_KNOWN]: notHere, [VERSIONS]: refused };
    const named = await discovering('example.org', paths);
    const addressed = await discovering('https://example.org', paths);
    expect({ named: named.outcome, addressed: addressed.outcome }).toEqual({
      named: { ok: false, failure: { ...unreachable, isTypedServer: true } },
      addressed: { ok: false, failure: unreachable },
    });
  });

  test('with the failure of .well-known if the typed URL is not a homeserver either', async () => {
    const failure = { code: 'unreachable', host: 'hs.example', why: 'refused' } as const;
    const paths = { [WELL_KNOWN]: broken(new NetworkError(failure)) };
    expect((await discovering('https://hs.example:8448', paths)).outcome).toEqual({
      ok: false,
      failure,
    });
  });

  test('at FAIL_ERROR even if a URL was typed', async () => {
    const elsewhere = json({ 'm.homeserver': { base_url: 'http://hs.example' } });
    const paths = { [WELL_KNOWN]: elsewhere, [VERSIONS]: versions, [V1]: json(document) };
    expect((await discovering('https://hs.example', paths)).outcome).toEqual({
      ok: false,
      failure: { code: 'homeserver-unusable', homeserver: 'http://hs.example', why: 'address' },
    });
  });

  test('if a server on the internet points to this machine', async () => {
    const here = { ...document, token_endpoint: 'http://127.0.0.1:1/' };
    const paths = { [WELL_KNOWN]: wellKnown, [VERSIONS]: versions, [V1]: json(here) };
    expect((await discovering('example.org', paths)).outcome).toEqual({
      ok: false,
      failure: { code: 'metadata-invalid', host: 'hs.example', field: 'token_endpoint' },
    });
  });
});

test("discover() rejects with the caller's abort", async () => {
  const abort = new DOMException('enough', 'AbortError');
  const paths = { [WELL_KNOWN]: wellKnown, [VERSIONS]: versions, [V1]: broken(abort) };
  await expect(discovering('example.org', paths)).rejects.toBe(abort);
});
