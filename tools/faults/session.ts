import { randomBytes } from 'node:crypto';
import type { Clock } from '../../main/accounts/ports.ts';
import type { StoredAccount } from '../../main/accounts/record.ts';
import { Secret } from '../../main/protocol/secret.ts';
import { SystemClock } from '../../main/host/system-clock.ts';
import { isRecord } from '../homeserver/auth/forms.ts';
import type { TestHomeserver } from '../homeserver/homeserver.ts';
import type { SessionView } from '../homeserver/personality.ts';

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

type Fields = Readonly<Record<string, unknown>>;

/** The result of a sign-in; `tokens` is the token response. */
type SignIn = Readonly<{ clientId: string; deviceId: string; scope: string; tokens: Fields }>;

/** A session just opened on the server, as the vault would keep it after a sign-in. */
export async function newSession(
  server: TestHomeserver,
  clock: Pick<Clock, 'now' | 'uptime'> = new SystemClock(),
): Promise<StoredAccount> {
  const now = clock.now();
  const metadata = await fetchFields(`${server.baseUrl}/.well-known/openid-configuration`);
  const { clientId, deviceId, scope, tokens } = await signIn(server, metadata);
  const id = randomBytes(8).toString('hex');
  return {
    id,
    label: `tool-${id}`,
    typed: server.baseUrl,
    addedAt: now,
    policy: 'keep-fresh',
    session: {
      server: {
        homeserver: server.baseUrl,
        issuer: text(metadata, 'issuer'),
        tokenEndpoint: text(metadata, 'token_endpoint'),
        revocationEndpoint: text(metadata, 'revocation_endpoint'),
        accountManagementUri: null,
        accountManagementActions: [],
      },
      clientId,
      metadataHash: 'hash',
      registeredAt: now,
      deviceId,
      scope: scope.split(' '),
      userId: server.users[0] ?? '',
      displayName: null,
    },
    state: {
      kind: 'active',
      tokens: {
        access: new Secret(text(tokens, 'access_token')),
        refresh: new Secret(text(tokens, 'refresh_token')),
        issuedAt: now,
        issuedUptime: clock.uptime(),
        lifetimeMs: Number(tokens.expires_in) * 1_000,
      },
      refreshSentAt: null,
      held: false,
    },
  };
}

/** Registers a client and signs in the server's first user with a device code. */
async function signIn(server: TestHomeserver, metadata: Fields): Promise<SignIn> {
  const registered = await register(text(metadata, 'registration_endpoint'));
  const clientId = text(registered, 'client_id');
  const deviceId = randomBytes(6).toString('hex').toUpperCase();
  const scope = `urn:matrix:client:api:* urn:matrix:client:device:${deviceId}`;
  const code = await post(text(metadata, 'device_authorization_endpoint'), {
    client_id: clientId,
    scope,
  });
  const userCode = text(code, 'user_code');
  if (!server.approve(userCode)) throw new Error(`Cannot approve ${userCode}`);
  const tokens = await post(text(metadata, 'token_endpoint'), {
    grant_type: DEVICE_CODE,
    device_code: text(code, 'device_code'),
    client_id: clientId,
  });
  return { clientId, deviceId, scope, tokens };
}

/** Whether the homeserver accepts this access token: the one proof that a session is alive. */
export async function isTaken(server: TestHomeserver, access: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${access}` };
  const url = `${server.baseUrl}/_matrix/client/v3/account/whoami`;
  const response = await fetch(url, { headers });
  await response.arrayBuffer();
  return response.ok;
}

/** The session as the server sees it. */
export function atServer(server: TestHomeserver, { session }: StoredAccount): SessionView {
  const found = server.sessions().findLast(({ deviceId }) => deviceId === session.deviceId);
  if (found === undefined) throw new Error('The server does not know this session');
  return found;
}

/** The refresh token of a record; null: it has none. */
export function refreshTokenOf({ state }: StoredAccount): string | null {
  return state.kind === 'signed-out' ? null : state.tokens.refresh.reveal();
}

function register(url: string): Promise<Fields> {
  const metadata = {
    client_name: 'Keyfob',
    client_uri: 'https://keyfob.example/',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/callback'],
  };
  const headers = { 'content-type': 'application/json' };
  return fetchFields(url, { method: 'POST', headers, body: JSON.stringify(metadata) });
}

function post(url: string, form: Readonly<Record<string, string>>): Promise<Fields> {
  return fetchFields(url, { method: 'POST', body: new URLSearchParams(form) });
}

async function fetchFields(url: string, init: RequestInit = {}): Promise<Fields> {
  const response = await fetch(url, init);
  const body: unknown = await response.json();
  if (!response.ok || !isRecord(body)) throw new Error(`${url} answers ${response.status}`);
  return body;
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new TypeError(`The answer has no ${name}`);
  return value;
}
