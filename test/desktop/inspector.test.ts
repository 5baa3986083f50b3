import { expect, test } from 'vitest';
import { InspectorLog } from '../../main/desktop/inspector.ts';
import type { HttpExchange } from '../../main/protocol/http/http-log.ts';
import type { Step } from '../../main/protocol/http/network.ts';

function exchangeOf(step: Step, url: string, loginId: string | null = null): HttpExchange {
  return {
    step,
    loginId,
    method: 'GET',
    url,
    requestHeaders: { accept: 'application/json' },
    requestBody: null,
    status: 200,
    responseHeaders: {},
    responseBody: '{}',
    startedAt: 1,
    tookMs: 2,
    failure: null,
  };
}

test('InspectorLog keeps the latest 500 exchanges and reports each', () => {
  const exchanges = new InspectorLog();
  const heard: string[] = [];
  const undo = exchanges.subscribe(({ id }) => heard.push(id));
  for (let n = 0; n < 501; n += 1) exchanges.add(exchangeOf('whoami', `https://a.example/${n}`));
  undo();
  exchanges.add(exchangeOf('whoami', 'https://a.example/last'));
  const list = exchanges.list();
  expect([list.length, list[0]?.id, list.at(-1)?.url, heard.length]).toEqual([
    500,
    '3',
    'https://a.example/last',
    501,
  ]);
});

test('InspectorLog returns a request as curl while it is kept, and can be cleared', () => {
  const exchanges = new InspectorLog();
  exchanges.add(exchangeOf('whoami', 'https://a.example/'));
  const before = exchanges.curl('1');
  exchanges.clear();
  expect([before, exchanges.curl('1'), exchanges.list()]).toEqual([
    "curl --globoff --request 'GET' --header 'accept: application/json' 'https://a.example/'",
    null,
    [],
  ]);
});

test('InspectorLog keeps the sign-in that each exchange was made for', () => {
  const exchanges = new InspectorLog();
  const loginIds = ['a', null, 'b'];
  for (const loginId of loginIds)
    exchanges.add(exchangeOf('versions', 'https://hs.example/', loginId));
  expect(exchanges.list().map(({ loginId }) => loginId)).toEqual(loginIds);
});
