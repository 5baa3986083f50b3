import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUserId, fetchProfile, fetchWhoami } from '../../main/protocol/client-server.ts';
import type { Failure } from '../../common/failure.ts';
import { NetworkError } from '../../main/protocol/http/network-error.ts';
import { Secret } from '../../main/protocol/secret.ts';
import { FUZZ, FUZZ_TIMEOUT_MS, PLANTED, anyEcho, shows } from './oauth/oauth-parts.ts';
import type { Answer } from './http/scripted-network.ts';
import { broken, json, raw, scriptedNetwork } from './http/scripted-network.ts';

const HOMESERVER = 'https://matrix.example.org/base';
const host = 'matrix.example.org';
const TOKEN = new Secret('mat_1');
const ALICE = '@alice:example.org';

async function ask(answer: Answer, token = TOKEN): ReturnType<typeof fetchWhoami> {
  return fetchWhoami(HOMESERVER, token, scriptedNetwork({ whoami: answer }).network);
}

async function name(answer: Answer, userId = ALICE): ReturnType<typeof fetchProfile> {
  return fetchProfile(HOMESERVER, userId, TOKEN, scriptedNetwork({ profile: answer }).network);
}

describe('fetchWhoami()', () => {
  test('sends the token in the header, and reads the user', async () => {
    const body = { user_id: ALICE, device_id: 'ABC', is_guest: true };
    const date = 'Sun, 06 Nov 1994 08:49:37 GMT';
    const { network, asked } = scriptedNetwork({ whoami: json(body, 200, { date }) });
    expect(await fetchWhoami(HOMESERVER, TOKEN, network)).toEqual({
      ok: true,
      value: { userId: ALICE, deviceId: 'ABC', isGuest: true, serverDateAt: 784111777000 },
    });
    expect(asked).toEqual([
      {
        step: 'whoami',
        method: 'GET',
        url: 'https://matrix.example.org/base/_matrix/client/v3/account/whoami',
        headers: { authorization: 'Bearer mat_1', accept: 'application/json' },
        body: '',
      },
    ]);
  });

  test('accepts a response with only the user ID', async () => {
    expect(await ask(json({ user_id: ALICE, device_id: 7, is_guest: 'yes' }))).toEqual({
      ok: true,
      value: { userId: ALICE, deviceId: null, isGuest: false, serverDateAt: null },
    });
  });

  const errcode = (code: string, status: number, more = {}) =>
    json({ errcode: code, error: 'No', ...more }, status);

  test.each<[string, Answer, Failure]>([
    [
      'an unknown token',
      errcode('M_UNKNOWN_TOKEN', 401),
      { code: 'token-rejected', errcode: 'M_UNKNOWN_TOKEN', softLogout: false },
    ],
    [
      'a soft logout',
      errcode('M_UNKNOWN_TOKEN', 401, { soft_logout: true }),
      { code: 'token-rejected', errcode: 'M_UNKNOWN_TOKEN', softLogout: true },
    ],
    [
      'a locked account',
      errcode('M_USER_LOCKED', 401, { soft_logout: true }),
      { code: 'account-locked' },
    ],
    [
      'a missing token',
      errcode('M_MISSING_TOKEN', 401),
      { code: 'whoami-rejected', errcode: 'M_MISSING_TOKEN' },
    ],
    [
      'another refusal',
      errcode('M_INVALID_PARAM', 400),
      { code: 'whoami-rejected', errcode: 'M_INVALID_PARAM' },
    ],
    ['a good answer without a user', json({}), { code: 'whoami-rejected', errcode: null }],
    [
      'a user id that is none',
      json({ user_id: 'alice' }),
      { code: 'whoami-rejected', errcode: null },
    ],
    [
      'a 401 of a proxy',
      raw('<html>', 401),
      { code: 'malformed-response', host, field: 'errcode' },
    ],
    [
      'a 401 that is JSON but not of Matrix',
      json({ error: 'no' }, 401),
      { code: 'malformed-response', host, field: 'errcode' },
    ],
    ['a page', raw('<html>'), { code: 'malformed-response', host, field: 'body' }],
    [
      'a 403',
      errcode('M_FORBIDDEN', 403),
      { code: 'server-unavailable', host, status: 403, retryAfterMs: null },
    ],
    [
      'a 429',
      errcode('M_LIMIT_EXCEEDED', 429, { retry_after_ms: 2_000 }),
      { code: 'rate-limited', host, retryAfterMs: 2_000 },
    ],
    ['a 503', raw('', 503), { code: 'server-unavailable', host, status: 503, retryAfterMs: null }],
    ['a 404', errcode('M_UNRECOGNIZED', 404), { code: 'endpoint-gone', host, status: 404 }],
    [
      'no network',
      broken(new NetworkError({ code: 'unreachable', host, why: 'offline' })),
      { code: 'unreachable', host, why: 'offline' },
    ],
  ])('fails for %s', async (_what, answer, failure) => {
    expect(await ask(answer)).toEqual({ ok: false, failure });
  });

  test('throws for a token that would break its header, without quoting it', async () => {
    const broken = ask(json({}), new Secret(`${PLANTED}\r\nx: y`));
    await expect(broken).rejects.toThrow(
      new TypeError('The access token does not fit in a header'),
    );
  });

  test(
    'makes an outcome of whatever comes, and shows no secret',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyEcho, async (answer) => {
          const outcome = await ask(answer, new Secret(PLANTED));
          expect(outcome.ok || typeof outcome.failure.code === 'string').toBe(true);
          expect(shows(outcome)).toBe(false);
        }),
        FUZZ,
      );
    },
    FUZZ_TIMEOUT_MS,
  );
});

describe('profile()', () => {
  test('sends the token, and cleans the name', async () => {
    const { network, asked } = scriptedNetwork({ profile: json({ displayname: 'Al\u202eice\n' }) });
    const shown = await fetchProfile(
      HOMESERVER,
      '@a/b c:example.org'.replace(' ', '+'),
      TOKEN,
      network,
    );
    expect(shown).toEqual({ displayName: 'Alice' });
    expect(asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      [
        'https://matrix.example.org/base/_matrix/client/v3/profile/%40a%2Fb%2Bc%3Aexample.org',
        'Bearer mat_1',
      ],
    ]);
  });

  test.each<[string, Answer]>([
    ['a 404', json({ errcode: 'M_NOT_FOUND' }, 404)],
    ['a 403 with a name', json({ displayname: 'Mallory' }, 403)],
    ['a name that is a number', json({ displayname: 7 })],
    ['a page', raw('<html>')],
    ['no network', broken(new NetworkError({ code: 'unreachable', host, why: 'dns' }))],
  ])('has no name after %s', async (_what, answer) => {
    expect(await name(answer)).toEqual({ displayName: null });
  });

  test('sends no request for what is not a user ID', async () => {
    const { network, asked } = scriptedNetwork({});
    const shown = await fetchProfile(HOMESERVER, '@\ud800:example.org', TOKEN, network);
    expect([shown, asked]).toEqual([{ displayName: null }, []]);
  });

  test(
    'never fails, whatever comes and whoever is asked for',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyEcho, fc.string({ unit: 'binary' }), async (answer, localpart) => {
          const userId = `@${localpart}:example.org`;
          expect(Object.keys(await name(answer, userId))).toEqual(['displayName']);
        }),
        FUZZ,
      );
    },
    FUZZ_TIMEOUT_MS,
  );
});

test('isUserId() accepts historical user IDs, and nothing deceptive', () => {
  const good = [
    ALICE,
    '@Alice/+=._-:example.org:8448',
    '@a:[2001:db8::1]:8448',
    '@a:1.2.3.4',
    '@ä:example.org',
    `@${'a'.repeat(242)}:example.org`,
  ];
  const bad = [
    undefined,
    7,
    '',
    'alice:example.org',
    '@alice',
    '@:example.org',
    '@alice:',
    '@al ice:example.org',
    '@al\nice:example.org',
    '@al\u202eice:example.org',
    '@al\ud800ice:example.org',
    '@alice:exam ple.org',
    '@alice:example.org/x',
    `@${'a'.repeat(243)}:example.org`,
    `@${'ä'.repeat(125)}:example.org`,
  ];
  expect([good.filter((id) => !isUserId(id)), bad.filter(isUserId)]).toEqual([[], []]);
});
