import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawHttpExchange } from '../../../main/protocol/http/http-log.ts';
import { asCurl, redactExchange } from '../../../main/protocol/http/http-log.ts';
import { FUZZ, FUZZ_MS } from '../hostile.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
const JSON_TYPE = { 'content-type': 'application/json' };

type Parts = Partial<
  Omit<RawHttpExchange, 'url' | 'requestHeaders' | 'responseHeaders' | 'responseBody'>
> & {
  url?: string;
  requestHeaders?: Record<string, string>;
  responseHeaders?: Record<string, string>;
  responseBody?: string | Uint8Array<ArrayBuffer> | null;
};

function redacted(parts: Parts) {
  const { url, requestHeaders, responseHeaders, responseBody = null, ...rest } = parts;
  return redactExchange({
    step: 'token',
    loginId: 'login-1',
    method: 'POST',
    requestBody: null,
    status: 200,
    startedAt: 1_000,
    tookMs: 20,
    failure: null,
    ...rest,
    url: new URL(url ?? 'https://auth.example/token'),
    requestHeaders: new Headers(requestHeaders),
    responseHeaders: new Headers(responseHeaders),
    responseBody:
      typeof responseBody === 'string' ? new TextEncoder().encode(responseBody) : responseBody,
  });
}

test('redactExchange() keeps what is needed for support, and no secret', () => {
  const exchange = redacted({
    url: 'https://auth.example/token?code=SECRET1&x=y',
    requestHeaders: { ...FORM, authorization: 'Bearer SECRET2', accept: 'application/json' },
    requestBody: 'grant_type=refresh_token&refresh_token=SECRET3&client_id=a%2Bb',
    responseHeaders: {
      ...JSON_TYPE,
      'set-cookie': 'session=SECRET4',
      location: '/a?user_code=SECRET5',
    },
    responseBody: JSON.stringify({
      access_token: 'SECRET6',
      expires_in: 300,
      refresh_token: null,
      inner: [{ Device_Code: ['SECRET7'] }],
      verification_uri_complete: 'https://auth.example/link?code=SECRET8',
      error_description: 'Unknown token SECRET3.',
    }),
  });
  expect(exchange).toEqual({
    step: 'token',
    loginId: 'login-1',
    method: 'POST',
    url: 'https://auth.example/token?code=[redacted]&x=y',
    requestHeaders: { ...FORM, authorization: '[redacted]', accept: 'application/json' },
    requestBody: 'grant_type=refresh_token&refresh_token=[redacted]&client_id=a%2Bb',
    status: 200,
    responseHeaders: {
      ...JSON_TYPE,
      'set-cookie': '[redacted]',
      location: '/a?user_code=[redacted]',
    },
    responseBody: JSON.stringify({
      access_token: '[redacted]',
      expires_in: 300,
      refresh_token: null,
      inner: [{ Device_Code: '[redacted]' }],
      verification_uri_complete: 'https://auth.example/link?code=[redacted]',
      error_description: 'Unknown token [redacted].',
    }),
    startedAt: 1_000,
    tookMs: 20,
    failure: null,
  });
});

test('redactExchange() only measures a body that is neither JSON nor a form', () => {
  const bodies = [
    redacted({ responseBody: '<p>SECRET</p>', responseHeaders: { 'content-type': 'text/html' } }),
    redacted({ responseBody: '"SECRET"', responseHeaders: JSON_TYPE }),
    redacted({ responseBody: '{"access_token":"SECRET', responseHeaders: JSON_TYPE }),
    redacted({ responseBody: Uint8Array.from([255, 254]) }),
    redacted({ responseBody: '' }),
    redacted({ responseBody: null, status: null }),
  ];
  expect(bodies.map(({ responseBody }) => responseBody)).toEqual([
    '(13 bytes of text/html)',
    '(8 bytes of application/json)',
    '(23 bytes of application/json)',
    '(2 bytes of unknown type)',
    null,
    null,
  ]);
});

test('redactExchange() empties the place of a secret however short or oddly written', () => {
  const exchange = redacted({
    url: 'https://auth.example/?code=ab&%63ode=cd&x=code',
    requestHeaders: FORM,
    requestBody: 'token=1&%75ser_code=2',
    responseBody: '{"code":7,"any":"see https://u:p@auth.example/?user_code=3#code=4"}',
  });
  expect([exchange.url, exchange.requestBody, exchange.responseBody]).toEqual([
    'https://auth.example/?code=[redacted]&%63ode=[redacted]&x=code',
    'token=[redacted]&user_code=[redacted]',
    JSON.stringify({
      code: '[redacted]',
      any: 'see https://[redacted]@auth.example/?user_code=[redacted]#code=[redacted]',
    }),
  ]);
});

test('redactExchange() cuts long bodies and headers after it has cleaned them', () => {
  const filler = 'x'.repeat(4_070);
  const exchange = redacted({
    responseHeaders: { long: 'x'.repeat(2_000) },
    responseBody: JSON.stringify({ filler, access_token: 'SECRET-SECRET', more: filler }),
  });
  expect([exchange.responseBody?.length, exchange.responseHeaders.long?.length]).toEqual([
    4_097, 1_025,
  ]);
  expect(JSON.stringify(exchange)).not.toContain('SECRET');
});

test('asCurl() writes a command with placeholders that tell what was there', () => {
  const exchange = redacted({
    requestHeaders: { ...FORM, authorization: 'Bearer SECRET', accept: "it's", cookie: 'SECRET' },
    requestBody: 'device_code=SECRET&client_id=abc',
    url: 'https://auth.example/token?user_code=SECRET',
  });
  expect(asCurl(exchange)).toBe(
    [
      `curl --globoff --request 'POST' --header 'accept: it'\\''s'`,
      `--header 'authorization: Bearer <access_token>'`,
      `--header 'content-type: application/x-www-form-urlencoded;charset=UTF-8'`,
      `--data-raw 'device_code=<device_code>&client_id=abc'`,
      `'https://auth.example/token?user_code=<user_code>'`,
    ].join(' '),
  );
});

test('asCurl() names the secrets of a JSON body too', () => {
  const exchange = redacted({
    requestHeaders: JSON_TYPE,
    requestBody: '{"a":[{"token":"SECRET"}]}',
  });
  expect(asCurl(exchange)).toContain(`--data-raw '{"a":[{"token":"<token>"}]}'`);
});

test.skipIf(process.platform === 'win32')(
  'asCurl() is one command to a shell, whatever a client may be called',
  () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        "'; touch /tmp/x; '",
        '$(id)',
        '`id`',
        "\\'",
        '"',
        '\n',
        '!!',
        '@/etc/passwd',
      ),
    );
    fc.assert(
      fc.property(names, names, (name, value) => {
        const exchange = redacted({
          requestHeaders: JSON_TYPE,
          requestBody: JSON.stringify({ [name]: value, client_name: value }),
        });
        const words = execFileSync('sh', [
          '-c',
          `curl() { printf '%s\\n' "$#"; }; ${asCurl(exchange)}`,
        ]);
        expect(words.toString()).toBe('8\n');
      }),
      { numRuns: 100 },
    );
  },
);

const secretNames = [
  ...['access_token', 'refresh_token', 'device_code', 'user_code', 'id_token', 'token', 'code'],
  ...['client_secret', 'registration_access_token', 'ACCESS_TOKEN', 'User_Code'],
] as const;

/** Long enough to be no accident, and with what encodings change. */
const secrets = fc
  .tuple(
    fc.stringMatching(/^[A-Za-z0-9]{8}$/),
    fc.constantFrom('', '+/=', ' é', '&x', '%41', '"\\', '🙂'),
  )
  .map(([start, end]) => `S${start}${end}`);

test(
  'redactExchange() and asCurl() let no secret through, wherever one has its place',
  () => {
    const places = fc.record({
      secret: secrets,
      name: fc.constantFrom(...secretNames),
      place: fc.constantFrom('url', 'form', 'json', 'nested', 'link', 'header', 'cookie'),
      echo: fc.constantFrom('json', 'url', 'header', 'key', 'none'),
    });
    fc.assert(
      fc.property(places, ({ secret, name, place, echo }) => {
        const encoded = encodeURIComponent(secret);
        const form = new URLSearchParams([[name, secret]]).toString();
        const headers: Record<string, string> =
          place === 'header' ? { authorization: `Bearer ${encoded}`, cookie: `a=${encoded}` } : {};
        const url =
          place === 'url' ? `?x=y&${form}` : echo === 'url' ? `${encoded}?q=${encoded}` : '';
        const nested = { list: [{ deep: { [name]: { any: [secret] } } }] };
        const link = { any: `https://auth.example/link?${form}` };
        const body =
          place === 'json'
            ? { [name]: secret }
            : place === 'nested'
              ? nested
              : place === 'link'
                ? link
                : {};
        const heard =
          echo === 'json' ? { sentence: `No ${secret}!` } : echo === 'key' ? { [secret]: 1 } : {};
        const exchange = redacted({
          url: `https://auth.example/${url}`,
          requestHeaders: { ...FORM, ...headers },
          requestBody: place === 'form' ? `a=b&${form}` : null,
          responseHeaders: {
            ...JSON_TYPE,
            ...(place === 'cookie' ? { 'set-cookie': `sid=${encoded}; path=/` } : {}),
            ...(echo === 'header' ? { location: `/x/${encoded}` } : {}),
          },
          responseBody: JSON.stringify({ ...body, ...heard }),
        });
        const shown = `${JSON.stringify(exchange)} ${asCurl(exchange)}`;
        expect(shown).not.toContain(secret.slice(0, 9));
      }),
      FUZZ,
    );
  },
  FUZZ_MS,
);

test('redactExchange() leaves out of sentences what may be the token of another exchange', () => {
  const { responseBody } = redacted({
    responseHeaders: JSON_TYPE,
    responseBody: JSON.stringify({
      error: 'invalid_grant',
      error_description: 'Access token mat_8NjBEKEqpzkN3qEZ0pLc was revoked',
      client_id: '01JV7XK0QBD3N5T8Z9W2Y4R6M1',
    }),
  });
  expect(JSON.parse(responseBody ?? '')).toEqual({
    error: 'invalid_grant',
    error_description: 'Access token […] was revoked',
    client_id: '01JV7XK0QBD3N5T8Z9W2Y4R6M1',
  });
});
