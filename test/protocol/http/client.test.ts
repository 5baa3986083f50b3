import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { HttpExchange } from '../../../main/protocol/http/http-log.ts';
import { failureOf, networkWith, redirect, scriptedFetch, serve } from './client-parts.ts';

describe('boundedFetch() sends', () => {
  test('who we are, what we read, no cookies, and the body as it is', async () => {
    const seen: unknown[] = [];
    const base = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { method, headers } = request;
        const { accept, cookie } = headers;
        seen.push({ method, agent: headers['user-agent'], accept, cookie, body });
        response.setHeader('set-cookie', 'a=b').end('{}');
      });
    });
    const network = networkWith();
    const init = { method: 'POST', body: new URLSearchParams({ a: '+ /' }) };
    await network('token', new URL(base), init);
    const answer = await network('whoami', new URL(base), { headers: { 'user-agent': 'x' } });
    const agent = 'Keyfob/0.1.0 (Desktop; Test 1)';
    expect(seen).toEqual([
      { method: 'POST', agent, accept: 'application/json', body: 'a=%2B+%2F' },
      { method: 'GET', agent, accept: 'application/json', body: '' },
    ]);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  test('with the safest settings that fetch has', async () => {
    const { fetch: fake, asked } = scriptedFetch({
      'https://a.example/': () => new Response('{}'),
    });
    await networkWith({ fetch: fake })('whoami', new URL('https://a.example/'));
    expect(asked[0]?.init).toMatchObject({
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    });
  });
});

describe('boundedFetch() returns', () => {
  test('with status, headers and the decompressed body', async () => {
    const base = await serve((_request, response) => {
      response.writeHead(418, { 'content-encoding': 'gzip', 'retry-after': '5' });
      response.end(gzipSync('{"a":1}'));
    });
    const answer = await networkWith()('token', new URL(base));
    const { status, headers } = answer;
    expect([status, headers.get('retry-after'), headers.get('content-encoding')]).toEqual([
      418,
      '5',
      null,
    ]);
    expect(await answer.json()).toEqual({ a: 1 });
  });

  test.each([204, 205, 304])('with %i, which has no body', async (status) => {
    const base = await serve((_request, response) => response.writeHead(status).end());
    const answer = await networkWith()('revocation', new URL(base), { method: 'POST' });
    expect([answer.status, await answer.text()]).toEqual([status, '']);
  });

  test.each([301, 302, 303, 307, 308])('a POST with a %i as it is', async (status) => {
    let asked = 0;
    const base = await serve((_request, response) => {
      asked += 1;
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    const answer = await networkWith()('token', new URL(base), { method: 'POST', body: 'token=x' });
    expect([answer.status, answer.headers.get('location'), asked]).toEqual([
      status,
      '/elsewhere',
      1,
    ]);
  });
});

describe('boundedFetch() refuses', () => {
  test.each([
    ['http://example.org/', true],
    ['ftp://example.org/', true],
    ['https://user:pw@example.org/', true],
    ['http://127.0.0.1:1/', false],
    ['https://localhost/', false],
  ])('to go to %s', async (url, loopback) => {
    const { fetch: fake, asked } = scriptedFetch({});
    const run = networkWith({ fetch: fake, loopback })('versions', new URL(url));
    expect(await failureOf(run)).toEqual({
      code: 'unreachable',
      host: new URL(url).host,
      why: 'other',
    });
    expect(asked).toEqual([]);
  });

  test('a body over the limit, counted after decompression', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const base = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const { host } = new URL(base);
    expect(bomb.length).toBeLessThan(64 * 1_024);
    expect(await failureOf(networkWith()('token', new URL(base)))).toEqual({
      code: 'too-large',
      host,
      limitBytes: 65_536,
    });
    expect(await failureOf(networkWith()('versions', new URL(base)))).toEqual({
      code: 'too-large',
      host,
      limitBytes: 1_048_576,
    });
  });

  test('an endless body, and hangs up', async () => {
    const hungUp = new Promise<void>((resolve) => {
      void serve((_request, response) => {
        const more = () => {
          while (response.write('x'.repeat(1_024)));
        };
        response.on('drain', more).on('close', resolve);
        more();
      }).then(async (base) => {
        const run = networkWith()('profile', new URL(base));
        expect(await failureOf(run)).toMatchObject({ code: 'too-large' });
      });
    });
    await hungUp;
  });

  test('a body of exactly one byte more than the limit, and no smaller one', async () => {
    const base = await serve((request, response) =>
      response.end('x'.repeat(Number(request.url?.slice(1)))),
    );
    const network = networkWith({ limitsBytes: { token: 100 } });
    const whole = await network('token', new URL('100', base));
    expect((await whole.text()).length).toBe(100);
    expect(await failureOf(network('token', new URL('101', base)))).toMatchObject({
      code: 'too-large',
      limitBytes: 100,
    });
  });

  test('a status that is none', async () => {
    const weird = Object.defineProperty(new Response(''), 'status', { value: 999 });
    const { fetch: fake } = scriptedFetch({ 'https://a.example/': () => weird });
    expect(
      await failureOf(networkWith({ fetch: fake })('token', new URL('https://a.example/'))),
    ).toEqual({ code: 'malformed-response', host: 'a.example', field: 'status' });
  });
});

test('boundedFetch() records every request of a chain, whose sign-in it belongs to, and no secrets', async () => {
  const { fetch: fake } = scriptedFetch({
    'https://a.example/?code=SECRET': redirect('https://b.example/', 307),
    'https://b.example/': () =>
      new Response('{"access_token":"SECRET-TOKEN"}', {
        headers: { 'content-type': 'application/json' },
      }),
  });
  const recorded: HttpExchange[] = [];
  const network = networkWith({ fetch: fake, record: (exchange) => recorded.push(exchange) });
  const headers = { authorization: 'Bearer SECRET-BEARER' };
  const init = { headers, loginId: 'login-1' };
  await network('whoami', new URL('https://a.example/?code=SECRET'), init);
  const sent = { accept: 'application/json', 'user-agent': 'Keyfob/0.1.0 (Desktop; Test 1)' };
  const common = {
    step: 'whoami',
    loginId: 'login-1',
    method: 'GET',
    requestBody: null,
    startedAt: 5_000,
    tookMs: 10,
  };
  expect(recorded).toEqual([
    {
      ...common,
      url: 'https://a.example/?code=[redacted]',
      requestHeaders: { ...sent, authorization: '[redacted]' },
      status: 307,
      responseHeaders: {
        location: 'https://b.example/',
        'content-type': 'text/plain;charset=UTF-8',
      },
      responseBody: null,
      failure: null,
    },
    {
      ...common,
      url: 'https://b.example/',
      requestHeaders: sent,
      status: 200,
      responseHeaders: { 'content-type': 'application/json' },
      responseBody: '{"access_token":"[redacted]"}',
      failure: null,
    },
  ]);
});

test('boundedFetch() records what failed, and what was known by then', async () => {
  const base = await serve((_request, response) => response.end('x'.repeat(200)));
  const recorded: HttpExchange[] = [];
  const network = networkWith({
    limitsBytes: { token: 100 },
    record: (exchange) => recorded.push(exchange),
  });
  const form = { method: 'POST', body: new URLSearchParams({ token: 'SECRET' }) };
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  await failureOf(network('token', new URL(base), { ...form, headers }));
  expect(recorded).toMatchObject([
    {
      loginId: null,
      requestBody: 'token=[redacted]',
      status: 200,
      responseBody: null,
      failure: { code: 'too-large', limitBytes: 100 },
    },
  ]);
});
