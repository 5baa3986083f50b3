import { describe, expect, test } from 'vitest';
import { failureOf, networkWith, redirect, scriptedFetch, serve } from './client-parts.ts';

describe('boundedFetch() on GET', () => {
  const hops = (n: number) =>
    Object.fromEntries(
      Array.from({ length: n }, (_, i) => [`https://a.example/${i}`, redirect(`/${i + 1}`)]),
    );

  test('follows five redirects, and not six', async () => {
    const five = scriptedFetch({ ...hops(5), 'https://a.example/5': () => new Response('end') });
    const six = scriptedFetch({ ...hops(6), 'https://a.example/6': () => new Response('end') });
    const start = new URL('https://a.example/0');
    const answer = await networkWith({ fetch: five.fetch })('well-known', start);
    expect(await answer.text()).toBe('end');
    expect(await failureOf(networkWith({ fetch: six.fetch })('well-known', start))).toEqual({
      code: 'redirect-refused',
      host: 'a.example',
      status: 302,
    });
  });

  test.each<[string, string, string]>([
    ['a loop', 'https://a.example/', 'https://a.example/'],
    ['a loop with a fragment', 'https://a.example/', 'https://a.example/#again'],
    ['from https to http', 'https://a.example/', 'http://a.example/'],
    ['from the internet to this machine', 'https://a.example/', 'https://127.0.0.1/'],
    ['from the internet to this machine in http', 'https://a.example/', 'http://localhost:8008/'],
    ['from this machine to http elsewhere', 'http://127.0.0.1:1/', 'http://b.example/'],
    ['from https to http on this machine', 'https://127.0.0.1:1/', 'http://127.0.0.1:1/'],
    ['to another scheme', 'https://a.example/', 'data:text/plain,x'],
    ['to userinfo', 'https://a.example/', 'https://u:p@b.example/'],
    ['to nowhere', 'https://a.example/', 'https://['],
  ])('refuses %s', async (_what, from, to) => {
    const { fetch: fake, asked } = scriptedFetch({ [from]: redirect(to, 308) });
    const run = networkWith({ fetch: fake })('well-known', new URL(from));
    expect(await failureOf(run)).toEqual({
      code: 'redirect-refused',
      host: new URL(from).host,
      status: 308,
    });
    expect(asked.length).toBe(1);
  });

  test('follows from this machine to this machine, in http', async () => {
    const base = await serve((request, response) => {
      if (request.url === '/') response.writeHead(301, { location: 'b' }).end('moved');
      else response.end(request.url);
    });
    expect(await (await networkWith()('well-known', new URL(base))).text()).toBe('/b');
  });

  test('drops the token when the origin changes, also for later hops', async () => {
    const { fetch: fake, asked } = scriptedFetch({
      'https://a.example/1': redirect('/2'),
      'https://a.example/2': redirect('https://b.example/3'),
      'https://b.example/3': redirect('https://a.example/4'),
      'https://a.example/4': () => new Response('{}'),
    });
    const headers = { authorization: 'Bearer x' };
    await networkWith({ fetch: fake })('whoami', new URL('https://a.example/1'), { headers });
    expect(asked.map(({ init }) => new Headers(init.headers).get('authorization'))).toEqual([
      'Bearer x',
      'Bearer x',
      null,
      null,
    ]);
  });

  test('gives the caller a redirect without a place, and refuses one that is hidden', async () => {
    const hidden = Object.defineProperty(new Response(''), 'type', { value: 'opaqueredirect' });
    const { fetch: fake } = scriptedFetch({
      'https://a.example/': () => new Response('', { status: 302 }),
      'https://b.example/': () => hidden,
    });
    const network = networkWith({ fetch: fake });
    expect((await network('versions', new URL('https://a.example/'))).status).toBe(302);
    expect(await failureOf(network('versions', new URL('https://b.example/')))).toMatchObject({
      code: 'redirect-refused',
    });
  });
});
