import { expect, test } from 'vitest';
import type { ExchangeSnapshot } from '../../../preload/contract.ts';
import type { LoginStateSnapshot } from '../../../common/snapshots.ts';
import { groupExchanges, stepsOf } from '../../../renderer/model/steps.ts';

const WHERE = { homeserver: 'https://matrix.example.org/', issuer: 'https://auth.example.org/' };

test('stepsOf() returns the progress of each of the five steps', () => {
  const states: readonly LoginStateSnapshot[] = [
    { step: 'discovering' },
    { step: 'requesting-code', ...WHERE, clientId: 'client' },
    { step: 'verifying', ...WHERE, notice: null },
    { step: 'cancelled' },
  ];
  expect(states.map(stepsOf)).toEqual([
    ['now', 'later', 'later', 'later', 'later'],
    ['done', 'done', 'now', 'later', 'later'],
    ['done', 'done', 'done', 'done', 'now'],
    null,
  ]);
});

test('groupExchanges() keeps the order and groups consecutive exchanges of one step', () => {
  const groups = groupExchanges([
    exchange('d', 'token', 'login-1', 40),
    exchange('a', 'well-known', 'login-1', 10),
    exchange('b', 'versions', 'login-1', 20),
    exchange('c', 'registration', 'login-1', 30),
    exchange('e', 'refresh', null, 50),
    exchange('f', 'token', 'login-1', 60),
    exchange('g', 'a step of a later version', 'login-1', 70),
  ]);
  expect(
    groups.map(({ loginId, step, exchanges }) => [loginId, step, exchanges.map(({ id }) => id)]),
  ).toEqual([
    ['login-1', 'discover', ['a', 'b']],
    ['login-1', 'register', ['c']],
    ['login-1', 'wait', ['d']],
    [null, 'use', ['e']],
    ['login-1', 'wait', ['f']],
    ['login-1', 'use', ['g']],
  ]);
});

function exchange(
  id: string,
  step: string,
  loginId: string | null,
  startedAt: number,
): ExchangeSnapshot {
  return {
    id,
    loginId,
    step,
    startedAt,
    method: 'GET',
    url: 'https://example.org/',
    requestHeaders: {},
    requestBody: null,
    status: 200,
    responseHeaders: {},
    responseBody: null,
    tookMs: 1,
    failure: null,
  };
}
