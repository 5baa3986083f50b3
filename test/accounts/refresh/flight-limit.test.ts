import { expect, test } from 'vitest';
import { requestNewTokens } from '../../../main/accounts/refresh/refresh-request.ts';
import { NetworkError } from '../../../main/protocol/http/network-error.ts';
import type { Network } from '../../../main/protocol/http/network.ts';
import { FLIGHT_LIMIT_MS, REQUEST_TIMEOUT_MS } from '../../../main/protocol/time-limits.ts';
import { makeWorld, HOUR, SECOND, session, tokens } from '../../fixtures/world.ts';
import { raw } from '../../protocol/http/scripted-network.ts';

const timeout = new NetworkError({ code: 'unreachable', host: 'auth.example.org', why: 'timeout' });
const page = raw(
  '<html>',
  502,
)({ step: 'refresh', method: 'POST', url: '', headers: {}, body: '' });

/**
 * A refresh whose first response takes `firstMs`, with no response to anything after it: the requests
 * sent, the time taken, and whether a response counts as lost.
 */
async function flight(firstMs: number, first: Response | NetworkError) {
  const world = makeWorld();
  const asked: string[] = [];
  const network: Network = async (step, _url, init = {}) => {
    asked.push(step);
    const signal = init.signal ?? undefined;
    await world.clock.sleep(asked.length === 1 ? firstMs : REQUEST_TIMEOUT_MS, signal);
    if (asked.length > 1 || first instanceof NetworkError) throw timeout;
    return first;
  };
  const answer = requestNewTokens(session(), tokens(0), { ...world.deps, network });
  let tookMs = Number.NaN;
  void answer.then(() => (tookMs = world.clock.monotonicNow()));
  await world.clock.advance(HOUR);
  const ended = await answer;
  return { asked, tookMs, lost: !ended.ok && ended.failure.lost, sleepers: world.clock.sleepers };
}

test('requestNewTokens() retries only if a full request timeout still fits within the overall limit', async () => {
  const bad = async (ms: number) => flight(ms, (await page).clone());
  const told = [
    await bad(0),
    await bad(14_999),
    await bad(15 * SECOND),
    await flight(30 * SECOND, timeout),
  ];
  expect([told, told.every(({ tookMs }) => tookMs < FLIGHT_LIMIT_MS)]).toEqual([
    [
      { asked: ['refresh', 'refresh'], tookMs: 30_000, lost: true, sleepers: 0 },
      { asked: ['refresh', 'refresh'], tookMs: 44_999, lost: true, sleepers: 0 },
      { asked: ['refresh'], tookMs: 15_000, lost: true, sleepers: 0 },
      { asked: ['refresh'], tookMs: 30_000, lost: true, sleepers: 0 },
    ],
    true,
  ]);
});

test('requestNewTokens() stops discovery in time, and does not count that as a lost response', async () => {
  const told = [
    await flight(0, new Response('', { status: 404 })),
    await flight(10 * SECOND, new Response('', { status: 404 })),
    await flight(29 * SECOND, new Response('', { status: 404 })),
  ];
  expect(told).toEqual([
    { asked: ['refresh', 'auth-metadata'], tookMs: 15_000, lost: false, sleepers: 0 },
    { asked: ['refresh', 'auth-metadata'], tookMs: 15_000, lost: false, sleepers: 0 },
    { asked: ['refresh'], tookMs: 29_000, lost: false, sleepers: 0 },
  ]);
});
