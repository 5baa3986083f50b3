import { afterEach, expect, test } from 'vitest';

import { Caller, field, scopeFor, verdict, windableClock } from './caller.ts';
import { isRecord } from './auth/forms.ts';
import type { HomeserverOptions } from './homeserver.ts';

const open: Caller[] = [];

async function start(options: HomeserverOptions = {}): Promise<Caller> {
  const caller = await Caller.start(options);
  open.push(caller);
  return caller;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ server }) => server.close()));
});

test('startHomeserver() as mas refuses approval of what its policy forbids', async () => {
  const caller = await start();
  const short = await caller.startLogin(scopeFor('NINECHARS'));
  const mixed = await caller.startLogin(
    'urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:client:device:KEYFOBTEST',
  );
  const outcomes = [short, mixed].map((login) => caller.server.approve(login.userCode));
  const polls = await Promise.all([short, mixed].map((login) => caller.pollFor(login)));
  expect([outcomes, polls.map(verdict)]).toEqual([
    [false, false],
    ['403 authorization_pending', '403 authorization_pending'],
  ]);
});

test("startHomeserver() as continuwuity cuts a device ID at a character that isn't allowed", async () => {
  const caller = await start({ personality: 'continuwuity' });
  const { access } = await caller.signIn(scopeFor('KEYFOB!TEST'));
  expect(await caller.whoami(access)).toMatchObject({ body: { device_id: 'KEYFOB' } });
});

test('startHomeserver() as tuwunel rate-limits the device endpoint', async () => {
  const clock = windableClock();
  const caller = await start({ personality: 'tuwunel', now: clock.now });
  const clientId = field(await caller.register(), 'client_id');
  for (let count = 0; count < 60; count++) await caller.device(clientId);
  const refused = verdict(await caller.device(clientId));
  clock.at += 1000;
  expect([refused, verdict(await caller.device(clientId))]).toEqual(['429 slow_down', '200 ok']);
});

test.each([
  ['mas', 'stable', [200, 200, 404, 200, 200, true]],
  ['mas', 'unstable', [404, 200, 404, 200, 200, true]],
  ['mas', 'auth-issuer', [404, 404, 404, 200, 200, true]],
  ['mas', 'well-known-key', [404, 404, 404, 404, 200, true]],
  ['mas', 'none', [404, 404, 404, 404, 404, false]],
  ['tuwunel', 'stable', [200, 200, 200, 200, 200, false]],
  ['continuwuity', 'stable', [200, 200, 404, 404, 200, false]],
] as const)('startHomeserver() as %s announces its OAuth server in the %s way', async (...row) => {
  const [personality, discovery, wanted] = row;
  const caller = await start({ personality, discovery });
  const unstable = '/_matrix/client/unstable/org.matrix.msc2965';
  const replies = await Promise.all(
    [
      '/_matrix/client/v1/auth_metadata',
      `${unstable}/auth_metadata`,
      '/_matrix/client/v1/auth_issuer',
      `${unstable}/auth_issuer`,
      '/.well-known/openid-configuration',
    ].map((path) => caller.get(path)),
  );
  const { body } = await caller.get('/.well-known/matrix/client');
  const hasKey = isRecord(body) && 'org.matrix.msc2965.authentication' in body;
  expect([...replies.map(({ status }) => status), hasKey]).toEqual(wanted);
});

test("startHomeserver() without the device grant doesn't announce it, and refuses it", async () => {
  const caller = await start({ deviceGrant: false });
  const { body } = await caller.get('/_matrix/client/v1/auth_metadata');
  const clientId = field(await caller.register(), 'client_id');
  const form = { client_id: clientId, scope: scopeFor('KEYFOBTEST') };
  const refused = await fetch(`${caller.server.baseUrl}/oauth2/device`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  expect([
    isRecord(body) && 'device_authorization_endpoint' in body,
    refused.status,
    await refused.json(),
  ]).toEqual([false, 400, expect.objectContaining({ error: 'invalid_request' })]);
});

test('startHomeserver() counts and records requests, and knows the secrets it issued', async () => {
  const clock = windableClock();
  const caller = await start({ now: clock.now });
  caller.server.autoApprove('bob', { afterPolls: 2 });
  const login = await caller.startLogin();
  const polls = [];
  for (let poll = 0; poll < 3; poll++) {
    polls.push(await caller.pollFor(login));
  }
  const { access, refresh } = caller.tokensOf(polls[2]!, login.clientId);
  expect({
    polls: polls.map(verdict),
    counted: caller.server.count('token'),
    last: caller.server.requests.at(-1),
    secrets: caller.server.issuedSecrets().toSorted(),
    sessions: caller.server.sessions(),
  }).toEqual({
    polls: ['403 authorization_pending', '403 authorization_pending', '200 ok'],
    counted: 3,
    last: {
      step: 'token',
      method: 'POST',
      path: '/oauth2/token',
      headers: expect.objectContaining({ host: new URL(caller.server.baseUrl).host }) as unknown,
      form: {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: login.deviceCode,
        client_id: login.clientId,
      },
      body: expect.stringContaining('device_code') as unknown,
      at: clock.at,
      status: 200,
    },
    secrets: [login.deviceCode, access, refresh].toSorted(),
    sessions: [
      {
        userId: '@bob:example.org',
        deviceId: 'KEYFOBTEST',
        clientId: login.clientId,
        alive: true,
        accessToken: access,
        refreshToken: refresh,
      },
    ],
  });
});

test('startHomeserver() can be controlled over HTTP', async () => {
  const caller = await start();
  const control = async (path: string, body: unknown) => {
    const init = { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${caller.server.baseUrl}/_test/${path}`, init);
    return response.status;
  };
  const [first, second] = [await caller.startLogin(), await caller.startLogin()];
  const statuses = [
    await control('approve', { user_code: first.userCode, user: 'bob' }),
    await control('deny', { user_code: second.userCode }),
    await control('approve', { user_code: 'nothing' }),
    await control('faults', { name: 'poll meets a 500 twice' }),
    await control('faults', { name: 'no such thing' }),
  ];
  const poll = verdict(await caller.pollFor(first));
  const counters = await caller.get('/_test/counters');
  expect([statuses, poll, counters.body]).toEqual([
    [200, 200, 404, 200, 404],
    '500 server_error',
    expect.objectContaining({ registration: 2, 'device-authorization': 2, token: 1, refresh: 0 }),
  ]);
});

test('startHomeserver() works behind a path prefix', async () => {
  const caller = await start({ pathPrefix: '/matrix' });
  const outside = await fetch(new URL('/_matrix/client/versions', caller.server.baseUrl));
  const { access } = await caller.signIn();
  expect([outside.status, verdict(await caller.whoami(access))]).toEqual([404, '200 ok']);
});

test('startHomeserver() rejects when the port is taken', async () => {
  const { server } = await start();
  const port = Number(new URL(server.baseUrl).port);
  await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
