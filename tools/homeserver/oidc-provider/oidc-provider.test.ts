import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createOidcProvider } from './oidc-provider.ts';
import {
  PlainClient,
  askingClient,
  deviceCodeGrant,
  notActive,
  oauthError,
  plainMetadata,
  plainScope,
  signedIn,
  startOidc,
  textsOf,
} from './oidc-provider-plain-client.ts';
import type { ServerContext } from '../personality.ts';

const context: ServerContext = {
  base: 'http://127.0.0.1',
  serverName: 'example.org',
  users: ['alice'],
  now: () => Date.now(),
  accessTtlMs: null,
  codeTtlMs: null,
  intervalS: null,
  autoFillUserCode: null,
  deviceGrant: true,
  introspectionCacheMs: 0,
  clientIdSuffix: '',
  refreshTokens: 'rotate',
};

describe('createOidcProvider()', () => {
  test('createOidcProvider() writes nothing to the console, at any step', async () => {
    onTestFinished(() => void vi.restoreAllMocks());
    const said = (['debug', 'info', 'log', 'warn', 'error'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => undefined),
    );
    const homeserver = await startOidc();
    const { client, refresh } = await signedIn(homeserver);
    await fetch(`${homeserver.baseUrl}/oidc/token`, {
      method: 'POST',
      headers: { accept: 'text/html', origin: 'https://elsewhere.example' },
      body: new URLSearchParams({ client_id: client.clientId, grant_type: 'none' }),
    });
    await client.refresh(refresh);
    await client.revoke(refresh, 'refresh_token');
    expect(said.flatMap(({ mock }) => mock.calls)).toEqual([]);
  });

  test("createOidcProvider() serves the library's metadata at the Matrix path", async () => {
    const homeserver = await startOidc();
    const base = homeserver.baseUrl;
    const { status, body } = await new PlainClient(homeserver).discover();
    expect({ status, body }).toEqual({
      status: 200,
      body: expect.objectContaining({
        issuer: base,
        registration_endpoint: `${base}/oidc/reg`,
        device_authorization_endpoint: `${base}/oidc/device_authorization`,
        token_endpoint: `${base}/oidc/token`,
        revocation_endpoint: `${base}/oidc/token/revocation`,
        grant_types_supported: ['authorization_code', 'refresh_token', deviceCodeGrant],
      }) as unknown,
    });
  });

  test('createOidcProvider() signs a device in, from registration to whoami', async () => {
    const homeserver = await startOidc({ clientIdSuffix: '+/= &%' });
    const client = new PlainClient(homeserver);
    const { baseUrl } = homeserver;
    const page = `${baseUrl}/oidc/device`;
    await client.discover();
    const registration = await client.register();
    const code = await client.askForCode();
    const pending = await client.poll();
    const approved = homeserver.approve(client.userCode, 'bob');
    const tokens = await client.poll();
    const { access_token: access = '' } = textsOf(tokens);
    const whoami = await client.whoami(access);
    const again = await client.poll();
    expect({ registration, code, pending, approved, tokens, whoami, again }).toEqual({
      registration: {
        status: 201,
        body: expect.objectContaining({
          client_id: expect.stringMatching(/^[A-Za-z0-9]{21}\+\/= &%$/) as unknown,
          grant_types: [deviceCodeGrant, 'refresh_token'],
          redirect_uris: [],
          response_types: [],
          token_endpoint_auth_method: 'none',
        }) as unknown,
      },
      code: {
        status: 200,
        body: {
          device_code: expect.any(String) as unknown,
          user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/) as unknown,
          verification_uri: page,
          verification_uri_complete: `${page}?user_code=${client.userCode}`,
          expires_in: 600,
        },
      },
      pending: oauthError('authorization_pending'),
      approved: true,
      tokens: {
        status: 200,
        body: {
          access_token: expect.any(String) as unknown,
          refresh_token: expect.any(String) as unknown,
          expires_in: 3_600,
          scope: plainScope,
          token_type: 'Bearer',
        },
      },
      whoami: {
        status: 200,
        body: { user_id: '@bob:example.org', device_id: 'KEYFOBDEVICE', is_guest: false },
      },
      again: oauthError('invalid_grant'),
    });
  });

  test('createOidcProvider() reports a declined code once, and then forgets it', async () => {
    const homeserver = await startOidc();
    const client = await askingClient(homeserver);
    const denied = [homeserver.deny(client.userCode), homeserver.deny(client.userCode)];
    const polls = [await client.poll(), await client.poll()];
    expect({ denied, polls }).toEqual({
      denied: [true, false],
      polls: [oauthError('access_denied'), oauthError('invalid_grant')],
    });
  });

  test("createOidcProvider() follows the server's clock to the millisecond", async () => {
    let now = 1_000_000;
    const homeserver = await startOidc({ now: () => now, codeTtlMs: 1_500, accessTtlMs: 2_500 });
    const { client, access } = await signedIn(homeserver);
    now += 2_499;
    const last = (await client.whoami(access)).status;
    now += 1;
    const over = await client.whoami(access);
    const code = await client.askForCode();
    now += 1_499;
    const pending = await client.poll();
    now += 1;
    const approved = homeserver.approve(client.userCode);
    const expired = await client.poll();
    expect({ last, over, code, pending, approved, expired }).toEqual({
      last: 200,
      over: notActive,
      code: { status: 200, body: expect.objectContaining({ expires_in: 1.5 }) as unknown },
      pending: oauthError('authorization_pending'),
      approved: false,
      expired: oauthError('expired_token'),
    });
  });

  test('createOidcProvider() approves only pending codes, for existing users', async () => {
    const homeserver = await startOidc();
    const { userCode } = await askingClient(homeserver);
    expect([
      homeserver.approve('BCDF-GHJK', 'alice'),
      homeserver.approve(userCode, 'mallory'),
      homeserver.approve(userCode.toLowerCase().replace('-', ''), 'alice'),
      homeserver.approve(userCode, 'alice'),
      homeserver.deny(userCode),
    ]).toEqual([false, false, true, false, false]);
  });

  // Without a network, whose delay would hide a late decision.
  test('createOidcProvider() carries out decisions before it answers the next request', async () => {
    const provider = await createOidcProvider(context);
    const { endpoints } = provider;
    const post = async (path: string, body: string, type: string) => {
      const url = new URL(`${context.base}${path}`);
      const headers = { 'content-type': type };
      const answered = await provider.answer({
        method: 'POST',
        url,
        headers,
        body,
        remoteAddress: '::1',
      });
      return textsOf({ status: 0, body: JSON.parse(answered?.body ?? '') as unknown });
    };
    const form = (path: string, fields: Record<string, string>) =>
      post(path, new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded');
    const metadata = JSON.stringify(plainMetadata);
    const { client_id = '' } = await post(endpoints.registration, metadata, 'application/json');
    const asked = { client_id, scope: plainScope };
    const { device_code = '', user_code = '' } = await form(endpoints.deviceAuthorization, asked);
    const poll = { client_id, device_code, grant_type: deviceCodeGrant };
    provider.approve(user_code, 'alice');
    expect(await form(endpoints.token, poll)).toEqual({
      access_token: expect.any(String) as unknown,
      refresh_token: expect.any(String) as unknown,
      scope: plainScope,
      token_type: 'Bearer',
    });
  });

  test('createOidcProvider() adds an interval and leaves out the complete link when configured to', async () => {
    const homeserver = await startOidc({ intervalS: 7, autoFillUserCode: false });
    const client = new PlainClient(homeserver);
    await client.discover();
    await client.register();
    expect((await client.askForCode()).body).toEqual({
      device_code: client.deviceCode,
      user_code: client.userCode,
      verification_uri: `${homeserver.baseUrl}/oidc/device`,
      expires_in: 600,
      interval: 7,
    });
  });

  test('createOidcProvider() has no device endpoint when the grant is disabled', async () => {
    const homeserver = await startOidc({ deviceGrant: false });
    const { body } = await new PlainClient(homeserver).discover();
    const { status } = await fetch(`${homeserver.baseUrl}/oidc/device_authorization`, {
      method: 'POST',
    });
    expect({ body, status }).toEqual({
      body: expect.not.objectContaining({
        device_authorization_endpoint: expect.anything() as unknown,
      }) as unknown,
      status: 404,
    });
  });

  test('createOidcProvider() works below a path', async () => {
    const homeserver = await startOidc({ pathPrefix: '/matrix' });
    const { client, access } = await signedIn(homeserver);
    const { status, body } = await client.whoami(access);
    const { issuer, token_endpoint: endpoint } = textsOf(await client.discover());
    expect({ issuer, endpoint, status, body }).toEqual({
      issuer: homeserver.baseUrl,
      endpoint: `${homeserver.baseUrl}/oidc/token`,
      status: 200,
      body: { user_id: '@alice:example.org', device_id: 'KEYFOBDEVICE', is_guest: false },
    });
  });
});
