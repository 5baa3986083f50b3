import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { HttpExchange } from '../../../main/protocol/http/http-log.ts';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import type { Fetch } from '../../../main/protocol/http/network.ts';
import { failureOf, networkWith, scriptedFetch, serve, stopServers } from './client-parts.ts';

describe('boundedFetch() ends', () => {
  const dripping = (_request: IncomingMessage, response: ServerResponse) => {
    const drip = setInterval(() => response.write('x'), 5);
    response.on('close', () => clearInterval(drip));
  };
  const silent = () => undefined;

  test.each([
    ['no answer at all', silent],
    ['a body that drips', dripping],
  ])('%s at its own limit', async (_what, listener) => {
    const base = await serve(listener);
    const run = networkWith({ limitsMs: { token: 60 } })('token', new URL(base));
    expect(await failureOf(run)).toEqual({
      code: 'unreachable',
      host: new URL(base).host,
      why: 'timeout',
    });
  });

  test.each([
    ['no answer at all', silent],
    ['a body that drips', dripping],
  ])('%s when the caller gives up, with the reason given', async (_what, listener) => {
    const base = await serve(listener);
    const caller = new AbortController();
    const reason = new Error('enough');
    const recorded: HttpExchange[] = [];
    const network = networkWith({ record: (exchange) => recorded.push(exchange) });
    const run = network('token', new URL(base), { signal: caller.signal });
    setTimeout(() => caller.abort(reason), 30);
    await expect(run).rejects.toBe(reason);
    expect(recorded.map(({ failure }) => failure)).toEqual([{ code: 'aborted' }]);
  });

  test('and hangs up on the server', async () => {
    let hungUp: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => (hungUp = resolve));
    const base = await serve((request) => request.on('close', () => hungUp?.()));
    await failureOf(networkWith({ limitsMs: { token: 60 } })('token', new URL(base)));
    await closed;
  });

  test('at once when the caller has given up before', async () => {
    const { fetch: fake, asked } = scriptedFetch({});
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const run = networkWith({ fetch: fake })('token', new URL('https://a.example/'), { signal });
    await expect(run).rejects.toBe(reason);
    expect(asked).toEqual([]);
  });

  test('also when fetch does not heed the signal', async () => {
    const limit = new AbortController();
    const deaf: Fetch = () => new Promise(() => undefined);
    const network = networkWith({ fetch: deaf, timeLimit: () => limit.signal });
    const run = network('token', new URL('https://a.example/'));
    limit.abort();
    expect(await failureOf(run)).toMatchObject({ why: 'timeout' });
  });

  test('with a failure if nothing is listening', async () => {
    const base = await serve(silent);
    stopServers();
    const error = await networkWith()('token', new URL(base)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ failure: { code: 'unreachable', why: 'refused' } });
    expect(error).not.toHaveProperty('cause');
  });

  test('with a failure where the connection breaks in the middle of the body', async () => {
    const base = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('x', () => response.destroy());
    });
    expect(await failureOf(networkWith()('token', new URL(base)))).toMatchObject({
      code: 'unreachable',
      why: 'reset',
    });
  });

  test('leaving no listener on the signals', async () => {
    const signals = [new AbortController().signal, new AbortController().signal] as const;
    let listeners = 0;
    for (const signal of signals) {
      const add = signal.addEventListener.bind(signal);
      const remove = signal.removeEventListener.bind(signal);
      signal.addEventListener = (...args: Parameters<typeof add>) => {
        listeners += 1;
        add(...args);
      };
      signal.removeEventListener = (...args: Parameters<typeof remove>) => {
        listeners -= 1;
        remove(...args);
      };
    }
    const { fetch: fake } = scriptedFetch({ 'https://a.example/': () => new Response('{}') });
    const network = networkWith({ fetch: fake, timeLimit: () => signals[0] });
    await network('token', new URL('https://a.example/'), { signal: signals[1] });
    expect(listeners).toBe(0);
  });
});
