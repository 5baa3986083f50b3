import { afterEach, describe, expect, test } from 'vitest';

import {
  Caller,
  deviceOnly,
  everyGrant,
  field,
  scopeFor,
  verdict,
  windableClock,
} from './caller.ts';
import type { Login } from './caller.ts';
import { expected } from './comparison.ts';
import { isRecord } from './auth/forms.ts';
import type { HomeserverOptions } from './homeserver.ts';

const families = ['mas', 'tuwunel', 'continuwuity'] as const;
const open: Caller[] = [];

async function start(options: HomeserverOptions = {}): Promise<Caller> {
  const caller = await Caller.start(options);
  open.push(caller);
  return caller;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ server }) => server.close()));
});

async function probeRegistration(caller: Caller): Promise<Record<string, string>> {
  const withoutUri = { ...everyGrant, client_uri: undefined };
  const incompatible = { ...deviceOnly, response_types: ['code'], redirect_uris: ['https://x.y/'] };
  const asText = await fetch(await registrationUrl(caller), { method: 'POST', body: '{}' });
  const plain = asText.headers.get('content-type')?.startsWith('text/plain') === true;
  return {
    'register for the device grant alone': verdict(await caller.register(deviceOnly)),
    'register as text': verdict({
      status: asText.status,
      body: plain ? '' : await asText.json(),
    }),
    'register without client_uri': verdict(await caller.register(withoutUri)),
    'register with code but no authorization_code': verdict(
      await caller.register({ ...incompatible, redirect_uris: ['https://keyfob.example/cb'] }),
    ),
  };
}

async function registrationUrl(caller: Caller): Promise<string> {
  return field(await caller.get('/_matrix/client/v1/auth_metadata'), 'registration_endpoint');
}

async function probeDevice(caller: Caller): Promise<Record<string, string>> {
  const clientId = field(await caller.register(), 'client_id');
  return {
    'device, unknown client': verdict(await caller.device('nobody')),
    'device, illegal scope': verdict(await caller.device(clientId, 'a  "b"')),
    'device, no client': verdict(
      await caller.post('device_authorization_endpoint', { scope: scopeFor('KEYFOBTEST') }),
    ),
    'poll, no device code': verdict(
      await caller.post('token_endpoint', {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: clientId,
      }),
    ),
    'poll, unknown code': verdict(await caller.poll('nothing', clientId)),
    'unknown grant type': verdict(
      await caller.post('token_endpoint', { grant_type: 'password', client_id: clientId }),
    ),
  };
}

async function probePolls(caller: Caller, clock: { at: number }): Promise<Record<string, string>> {
  const verdicts: Record<string, string> = {};
  const note = async (name: string, code: Login, clientId = code.clientId) => {
    verdicts[name] = verdict(await caller.poll(code.deviceCode, clientId));
  };
  const foreign = field(
    await caller.register({ ...everyGrant, client_name: 'Another' }),
    'client_id',
  );
  const first = await caller.startLogin();
  await note('poll, pending', first);
  await note('poll, foreign client', first, foreign);
  await note('poll, pending after that', first);

  const denied = await caller.startLogin();
  caller.server.deny(denied.userCode);
  await note('poll, denied', denied);
  await note('poll, denied again', denied);

  const late = await caller.startLogin();
  caller.server.approve(late.userCode);
  clock.at += 1_800_001;
  await note('poll, expired', late);
  await note('poll, expired again', late);

  const approved = await caller.startLogin();
  caller.server.approve(approved.userCode);
  await note('poll, approved', approved);
  await note('poll, redeemed', approved);

  const again = await caller.startLogin();
  caller.server.approve(again.userCode);
  await note('poll, device known', again);
  return verdicts;
}

async function probeSession(caller: Caller): Promise<Record<string, string>> {
  const { refresh } = await caller.signIn(scopeFor('ANOTHERDEVICE'));
  const foreign = field(
    await caller.register({ ...everyGrant, client_name: 'Stranger' }),
    'client_id',
  );
  return {
    'refresh, foreign client': verdict(await caller.refresh(refresh, foreign)),
    'revoke, unknown token': verdict(await caller.revoke({ token: 'nothing', client_id: foreign })),
    'revoke, no client': verdict(await caller.revoke({ token: 'nothing' })),
    'whoami without token': verdict(await caller.get('/_matrix/client/v3/account/whoami')),
  };
}

describe.each(families)('startHomeserver() as %s', (personality) => {
  test('responds with the statuses and errors of its family', async () => {
    const clock = windableClock();
    const caller = await start({ personality, now: clock.now });
    const verdicts = {
      ...(await probeRegistration(caller)),
      ...(await probeDevice(caller)),
      ...(await probePolls(caller, clock)),
      ...(await probeSession(caller)),
    };
    expect(verdicts).toEqual(expected[personality]);
  });

  test('signs a user in, and whoami names them', async () => {
    const caller = await start({ personality });
    const { access } = await caller.signIn(scopeFor('KEYFOBTEST'));
    expect([
      await caller.whoami(access),
      await caller.get('/_matrix/client/v3/profile/%40alice%3Aexample.org'),
      verdict(await caller.get('/_matrix/client/v3/profile/%40nobody%3Aexample.org')),
    ]).toEqual([
      {
        status: 200,
        body: { user_id: '@alice:example.org', device_id: 'KEYFOBTEST', is_guest: false },
      },
      { status: 200, body: { displayname: 'Alice' } },
      '404 Profile not found',
    ]);
  });

  test('gives the same client ID for the same metadata', async () => {
    const caller = await start({ personality });
    const ids = [everyGrant, everyGrant, { ...everyGrant, client_name: 'Another' }];
    const [one, two, other] = await Promise.all(
      ids.map(async (metadata) => field(await caller.register(metadata), 'client_id')),
    );
    expect({ same: one === two, another: one !== other }).toEqual({ same: true, another: true });
  });
});

test.each([
  {
    personality: 'mas' as const,
    shape: {
      client_id: /^[0-9A-HJKMNP-TV-Z]{26}$/,
      user_code: /^[A-Z0-9]{6}$/,
      verification_uri: /\/link$/,
      verification_uri_complete: null,
      expires_in: 1200,
      interval: 5,
    },
  },
  {
    personality: 'tuwunel' as const,
    shape: {
      client_id: /^[A-Za-z0-9_-]{43}$/,
      user_code: /^[B-DF-HJ-NP-TV-XZ]{5}-[B-DF-HJ-NP-TV-XZ]{5}$/,
      verification_uri: /\/_tuwunel\/oidc\/device$/,
      verification_uri_complete: /\/_tuwunel\/oidc\/device\?user_code=[A-Z]{5}-[A-Z]{5}$/,
      expires_in: 1800,
      interval: 5,
    },
  },
  {
    personality: 'continuwuity' as const,
    shape: {
      client_id: /^[A-Za-z0-9+/]{43}=$/,
      user_code: /^[0-9]{6}$/,
      verification_uri: /device_code$/,
      verification_uri_complete: /\?user_code=[0-9]{6}$/,
      expires_in: 60,
      interval: null,
    },
  },
])(
  "startHomeserver() as $personality makes codes in its family's format",
  async ({ personality, shape }) => {
    const caller = await start({ personality });
    const clientId = field(await caller.register(), 'client_id');
    const { body } = await caller.device(clientId);
    const fields: Record<string, unknown> = {
      ...(isRecord(body) ? body : {}),
      client_id: clientId,
    };
    const misfits = Object.entries(shape).filter(([name, wanted]) => {
      const value = fields[name] ?? null;
      return wanted instanceof RegExp
        ? !(typeof value === 'string' && wanted.test(value))
        : value !== wanted;
    });
    expect(misfits).toEqual([]);
  },
);

test.each([
  ['mas', 300, true, undefined],
  ['tuwunel', 604_800, false, null],
  ['continuwuity', 3600, true, undefined],
] as const)(
  'startHomeserver() as %s gives tokens that live for %d s',
  async (personality, lifetimeS, scopeAtRefresh, logoUri) => {
    const caller = await start({ personality });
    const registration = await caller.register();
    const { refresh, clientId } = await caller.signIn();
    const { body } = await caller.refresh(refresh, clientId);
    const answer = isRecord(body) ? body : {};
    const registered = isRecord(registration.body) ? registration.body : {};
    expect({
      lifetimeS: answer.expires_in,
      scopeAtRefresh: 'scope' in answer,
      logoUri: registered.logo_uri,
    }).toEqual({ lifetimeS, scopeAtRefresh, logoUri });
  },
);
