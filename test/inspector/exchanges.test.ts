import { expect, test } from 'vitest';
import { Exchanges } from '../../main/inspector/exchanges.ts';
import type { Exchange } from '../../main/protocol/exchange.ts';
import type { Step } from '../../main/protocol/network.ts';
import type { LoginSnapshot, LoginStateSnapshot } from '../../preload/contract.ts';
import { waitingState } from '../handout/fake-keyring.ts';

function exchangeOf(step: Step, url: string, requestBody: string | null = null): Exchange {
  return {
    step,
    method: 'GET',
    url,
    requestHeaders: { accept: 'application/json' },
    requestBody,
    status: 200,
    responseHeaders: {},
    responseBody: '{}',
    startedAt: 1,
    tookMs: 2,
    failure: null,
  };
}

function login(id: string, typed: string, state: LoginStateSnapshot): LoginSnapshot {
  return { id, typed, label: null, state };
}

test('Exchanges remembers the newest 500 and tells of each', () => {
  const exchanges = new Exchanges();
  const heard: string[] = [];
  const undo = exchanges.subscribe(({ id }) => heard.push(id));
  for (let n = 0; n < 501; n += 1)
    exchanges.add(exchangeOf('whoami', `https://a.example/${n}`), []);
  undo();
  exchanges.add(exchangeOf('whoami', 'https://a.example/last'), []);
  const list = exchanges.list();
  expect([list.length, list[0]?.id, list.at(-1)?.url, heard.length]).toEqual([
    500,
    '3',
    'https://a.example/last',
    501,
  ]);
});

test('Exchanges gives the request as curl while it is there, and forgets when told to', () => {
  const exchanges = new Exchanges();
  exchanges.add(exchangeOf('whoami', 'https://a.example/'), []);
  const before = exchanges.curl('1');
  exchanges.clear();
  expect([before, exchanges.curl('1'), exchanges.list()]).toEqual([
    "curl --globoff --request 'GET' --header 'accept: application/json' 'https://a.example/'",
    null,
    [],
  ]);
});

const discovering = { step: 'discovering' } as const;
const registering = {
  step: 'registering',
  homeserver: 'https://hs.example',
  issuer: 'https://auth.example/',
} as const;

test.each<[string, Exchange, readonly LoginSnapshot[], string | null]>([
  ['nobody signs in', exchangeOf('token', 'https://auth.example/t'), [], null],
  [
    'the only one at this step',
    exchangeOf('versions', 'https://hs.example/v'),
    [login('a', 'example.org', discovering)],
    'a',
  ],
  [
    'a refresh belongs to no login',
    exchangeOf('refresh', 'https://auth.example/t'),
    [login('a', 'example.org', waitingState())],
    null,
  ],
  [
    'of two the one that typed this host',
    exchangeOf('well-known', 'https://b.example/.well-known'),
    [login('a', '@x:a.example', discovering), login('b', '@x:b.example', discovering)],
    'b',
  ],
  [
    'of two the one whose issuer was asked',
    exchangeOf('registration', 'https://auth.example/reg'),
    [
      login('a', 'x', registering),
      login('b', 'y', {
        ...registering,
        homeserver: 'https://o.example',
        issuer: 'https://o.example/',
      }),
    ],
    'a',
  ],
  [
    'of two the one whose client asked',
    exchangeOf('token', 'https://auth.example/t', 'client_id=C2&device_code=[redacted]'),
    [
      login('a', 'x', waitingState({ clientId: 'C1' })),
      login('b', 'x', waitingState({ clientId: 'C2' })),
    ],
    'b',
  ],
  [
    'of two that cannot be told apart neither',
    exchangeOf('registration', 'https://auth.example/reg'),
    [login('a', 'x', registering), login('b', 'x', registering)],
    null,
  ],
])('loginOf: %s', (_what, exchange, logins, expected) => {
  const exchanges = new Exchanges();
  exchanges.add(exchange, logins);
  expect(exchanges.list()[0]?.loginId).toBe(expected);
});
