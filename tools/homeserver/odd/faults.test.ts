import { afterEach, expect, test } from 'vitest';

import { Caller, field, verdict } from '../caller.ts';
import type { SignedIn } from '../caller.ts';
import type { HomeserverOptions } from '../homeserver.ts';

const versions = '/_matrix/client/versions';
const open: Caller[] = [];

async function start(options: HomeserverOptions = {}): Promise<Caller> {
  const caller = await Caller.start(options);
  open.push(caller);
  return caller;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ server }) => server.close()));
});

function session(caller: Caller, first: SignedIn) {
  const [view] = caller.server.sessions();
  return { processed: view?.refreshToken !== first.refresh };
}

test('Faults.next() applies to the given number of requests, then lets requests through', async () => {
  const caller = await start();
  caller.server.faults.next('versions', { respond: { status: 503, body: 'No' } }, 2);
  const statuses = [];
  for (let count = 0; count < 3; count++) statuses.push((await caller.get(versions)).status);
  expect(statuses).toEqual([503, 503, 200]);
});

test('Faults.always() lasts until it is cleared, and next() takes precedence', async () => {
  const caller = await start();
  const { faults } = caller.server;
  faults.always('versions', { respond: { status: 500 } });
  faults.always('whoami', { respond: { status: 418 } });
  faults.next('versions', { respond: { status: 503 } });
  const statuses = [await caller.get(versions), await caller.get(versions)];
  faults.clear('versions');
  statuses.push(await caller.get(versions), await caller.whoami('x'));
  faults.clear();
  statuses.push(await caller.whoami('x'));
  expect(statuses.map(({ status }) => status)).toEqual([503, 500, 200, 418, 401]);
});

test("Faults.next() skips requests that don't match its filter", async () => {
  const caller = await start();
  const wanted = { respond: { status: 500 } };
  caller.server.faults.next('versions', wanted, 1, ({ url }) => url.search === '?odd');
  expect([
    (await caller.get(versions)).status,
    (await caller.get(`${versions}?odd`)).status,
    (await caller.get(`${versions}?odd`)).status,
  ]).toEqual([200, 500, 200]);
});

test.each([
  ['respond', { respond: { status: 400, body: { error: 'odd' } } }, '400 odd', false],
  ['redirect', { redirect: { status: 307, location: 'https://x.example/' } }, '307 text', false],
  ['drop before', { drop: 'before' }, 'broken', false],
  ['drop after', { drop: 'after' }, 'broken', true],
  ['cutAt', { cutAt: 10 }, 'broken', true],
  ['replace', { replace: { status: 418, body: 'tea' } }, '418 text', true],
  ['patch', { patch: () => ({ error: 'patched' }) }, '200 patched', true],
  ['reword', { reword: () => '{"error":"reworded"}' }, '200 reworded', true],
  ['delayMs', { delayMs: 20 }, '200 ok', true],
  ['drip', { drip: { bytesPerS: 100_000 } }, '200 ok', true],
  ['answerTwice', { answerTwice: true }, '200 ok', true],
] as const)(
  'Faults: %s has the described effect on a refresh',
  async (_, fault, wanted, processed) => {
    const caller = await start();
    const first = await caller.signIn();
    caller.server.faults.next('refresh', fault);
    const outcome = await caller
      .refresh(first.refresh, first.clientId)
      .then(verdict, () => 'broken');
    expect([outcome, session(caller, first)]).toEqual([wanted, { processed }]);
  },
);

test("Faults: answerTwice spends a refresh token that can't be spent twice", async () => {
  const caller = await start({ personality: 'continuwuity' });
  const first = await caller.signIn();
  caller.server.faults.next('refresh', { answerTwice: true });
  expect(verdict(await caller.refresh(first.refresh, first.clientId))).toBe('400 invalid_grant');
});

test('Faults: drip sends small pieces, a tenth of a second apart', async () => {
  const caller = await start();
  caller.server.faults.next('versions', { drip: { bytesPerS: 50 } });
  const response = await fetch(`${caller.server.baseUrl}${versions}`);
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  expect(value?.length).toBe(5);
});

test.each([
  [undefined, 1_000_000],
  [70_000, 70_000],
] as const)('Faults: endless with bytes %s sends at least %d', async (bytes, least) => {
  const caller = await start();
  const fault =
    bytes === undefined ? { endless: true as const } : { endless: true as const, bytes };
  caller.server.faults.next('versions', fault);
  const response = await fetch(`${caller.server.baseUrl}${versions}`);
  const reader = response.body!.getReader();
  let received = 0;
  for (let part = await reader.read(); !part.done && received < least; part = await reader.read()) {
    received += part.value.length;
  }
  await reader.cancel();
  expect(received).toBeGreaterThanOrEqual(least);
});

test('startHomeserver() closes while a response is still being sent', async () => {
  const caller = await start();
  caller.server.faults.next('versions', { delayMs: 60_000 });
  const outcome = caller.get(versions).then(verdict, () => 'broken');
  while (caller.server.count('versions') === 0) await new Promise(setImmediate);
  await caller.server.close();
  open.length = 0;
  expect(await outcome).toBe('broken');
});

test('startHomeserver() knows tokens that a fault made up', async () => {
  const caller = await start();
  const login = await caller.startLogin();
  caller.server.approve(login.userCode);
  const patch = (real: Readonly<Record<string, unknown>>) => ({ ...real, access_token: 'made-up' });
  caller.server.faults.next('token', { patch });
  const access = field(await caller.pollFor(login), 'access_token');
  expect([access, caller.server.issuedSecrets().includes(access)]).toEqual(['made-up', true]);
});
