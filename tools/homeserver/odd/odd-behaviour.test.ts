import { expect, test } from 'vitest';

import { deviceOnly, everyGrant, scopeFor, windableClock } from '../caller.ts';
import { isRecord } from '../auth/forms.ts';
import { startHomeserver } from '../homeserver.ts';
import type { HomeserverOptions, TestHomeserver } from '../homeserver.ts';
import { findOddBehaviour, oddBehaviours } from './odd-behaviour.ts';
import type { OddBehaviour } from './odd-behaviour.ts';

/** Entries that match what MAS does anyway: they are there to complete their row. */
const ordinary = [
  'device answer without complete link',
  'poll pending as 403',
  'revocation answers 200 without a body',
];

const seenHeaders = ['content-type', 'date', 'location', 'retry-after', 'set-cookie'];
const unstable = '/_matrix/client/unstable/org.matrix.msc2965';
const discovery = [
  '/.well-known/matrix/client',
  '/_matrix/client/versions',
  '/_matrix/client/v1/auth_metadata',
  `${unstable}/auth_metadata`,
  `${unstable}/auth_issuer`,
  '/.well-known/openid-configuration',
];

/** One exchange, without what differs from run to run. */
async function exchange(chance: Chance, base: string, path: string, init: RequestInit = {}) {
  try {
    const signal = AbortSignal.timeout(1000);
    const response = await fetch(`${base}${path}`, { redirect: 'manual', signal, ...init });
    const body = await readSome(response);
    const headers = seenHeaders.map((name) => response.headers.get(name));
    return { body, line: [path, response.status, ...headers, chance.hide(body, base)].join(' ') };
  } catch {
    return { body: '', line: `${path} broken` };
  }
}

/** The first 100 kB, or as much as arrives within the time. */
async function readSome(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    chunks.push(part.value);
    size += part.value.length;
    if (size > 100_000) break;
    if (chunks.length > 2 && size < 200) break; // drop by drop
  }
  await reader?.cancel();
  return Buffer.concat(chunks).toString('latin1');
}

/** Replaces random values with numbers, by first appearance. */
class Chance {
  readonly #seen = new Map<string, number>();

  hide(body: string, base: string): string {
    const number = (value: string) => {
      const known = this.#seen.get(value) ?? this.#seen.size;
      this.#seen.set(value, known);
      return `#${known}`;
    };
    return body
      .replaceAll(new URL(base).host, 'HOST')
      .replaceAll(/(?<=_(?:token|code)":")[A-Za-z0-9_-]{6,80}(?=")/g, number)
      .replaceAll(/(?<="client_id":")[0-9A-Z]{26}/g, number);
  }
}

function post(fields: Record<string, unknown>): RequestInit {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) body.set(name, String(value));
  return { method: 'POST', body };
}

function read(body: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(body);
    return isRecord(json) ? json : {};
  } catch {
    return {}; // the transcript has it already
  }
}

type Go = (path: string, init?: RequestInit) => Promise<Record<string, unknown>>;

/** From discovery to tokens, at the usual endpoints, whatever the responses are. */
async function signIn(server: TestHomeserver, go: Go): Promise<unknown> {
  for (const path of discovery) await go(path);
  const register = (metadata: unknown) =>
    go('/oauth2/registration', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata),
    });
  await register(deviceOnly);
  const { client_id: clientId } = await register(everyGrant);
  const form = { client_id: clientId, scope: scopeFor('KEYFOBTEST') };
  const { device_code: code, user_code: userCode } = await go('/oauth2/device', post(form));
  const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
  const poll = { grant_type: grantType, device_code: code, client_id: clientId };
  await go('/oauth2/token', post(poll));
  await go('/oauth2/token', post(poll));
  server.approve(String(userCode), 'alice');
  await go('/oauth2/token', post(poll));
  return clientId;
}

/** A whole session on a homeserver, exchange by exchange. */
async function live(server: TestHomeserver, arrange: (at: 'start' | 'session') => void) {
  const lines: string[] = [];
  const chance = new Chance();
  const go: Go = async (path, init) => {
    const { body, line } = await exchange(chance, server.baseUrl, path, init);
    lines.push(line);
    return read(body);
  };
  arrange('start');
  const clientId = await signIn(server, go);
  arrange('session');
  const session = () => server.sessions()[0] ?? { accessToken: '', refreshToken: '' };
  const whoami = () => {
    const headers = { authorization: `Bearer ${session().accessToken}` };
    return go('/_matrix/client/v3/account/whoami', { headers });
  };
  await whoami();
  const refresh = { grant_type: 'refresh_token', refresh_token: session().refreshToken };
  await go('/oauth2/token', post({ ...refresh, client_id: clientId }));
  await whoami();
  for (const path of discovery) await go(path);
  await go('/oauth2/revoke', post({ token: session().refreshToken, client_id: clientId }));
  return lines;
}

async function transcript(options: HomeserverOptions, entry: OddBehaviour | null) {
  const server = await startHomeserver({ now: windableClock().now, ...options });
  try {
    return await live(server, (at) => {
      if (entry !== null && (entry.at ?? 'start') === at) entry.arrange(server);
    });
  } finally {
    await server.close();
  }
}

test('oddBehaviours has every row of the table, with unique names', () => {
  const rows = new Set(oddBehaviours.map(({ row }) => row));
  const names = new Set(oddBehaviours.map(({ name }) => name));
  const missing = Array.from({ length: 58 }, (_, index) => index + 1).filter(
    (row) => !rows.has(row),
  );
  expect({ missing, duplicates: oddBehaviours.length - names.size }).toEqual({
    missing: [],
    duplicates: 0,
  });
});

test('findOddBehaviour() finds entries by name, and by row if the row has one entry', () => {
  expect([
    findOddBehaviour('versions end at v1.12')?.row,
    findOddBehaviour('8')?.name,
    findOddBehaviour('22'),
    findOddBehaviour('nothing'),
  ]).toEqual([8, 'versions end at v1.12', null, null]);
});

const plain = await transcript({}, null);

test('a session on an ordinary homeserver is the same each time', async () => {
  expect(await transcript({}, null)).toEqual(plain);
});

test.each(oddBehaviours.filter(({ name }) => !ordinary.includes(name)))(
  'row $row: $name: the homeserver differs from usual',
  async (entry) => {
    expect(await transcript(entry.options ?? {}, entry)).not.toEqual(plain);
  },
);

test.each(oddBehaviours.filter(({ name }) => ordinary.includes(name)))(
  'row $row: $name: the homeserver behaves as usual',
  async (entry) => {
    const lines = await transcript(entry.options ?? {}, entry);
    expect(lines.map((line) => line.split(' ', 2))).toEqual(
      plain.map((line) => line.split(' ', 2)),
    );
  },
);
