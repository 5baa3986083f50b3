import { expect, onTestFinished } from 'vitest';
import { startHomeserver } from '../homeserver.ts';
import type { HomeserverOptions, TestHomeserver } from '../homeserver.ts';

/** A response; the body is parsed JSON, or '' if there is none. */
export type Reply = Readonly<{ status: number; body: unknown }>;

/** The scope that {@link PlainClient} requests. */
export const plainScope = 'urn:matrix:client:api:* urn:matrix:client:device:KEYFOBDEVICE';

/** The grant type of RFC 8628. */
export const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** The metadata that {@link PlainClient} registers. */
export const plainMetadata = {
  client_name: 'A client',
  client_uri: 'https://client.example/',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: [deviceCodeGrant, 'refresh_token'],
  response_types: [],
};

/** Starts a homeserver with `oidc-provider`, until the end of the test. */
export async function startOidc(options: HomeserverOptions = {}): Promise<TestHomeserver> {
  const homeserver = await startHomeserver({ personality: 'oidc-provider', ...options });
  onTestFinished(() => homeserver.close());
  return homeserver;
}

/** A client written from the specifications, with none of our code. */
export class PlainClient {
  clientId = '';
  userCode = '';
  deviceCode = '';
  readonly #base: string;
  #metadata: Record<string, string> = {};

  constructor({ baseUrl }: TestHomeserver) {
    this.#base = baseUrl;
  }

  async discover(): Promise<Reply> {
    const reply = await read(await fetch(`${this.#base}/_matrix/client/v1/auth_metadata`));
    this.#metadata = textsOf(reply);
    return reply;
  }

  async register(): Promise<Reply> {
    const reply = await read(
      await fetch(this.#metadata.registration_endpoint ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(plainMetadata),
      }),
    );
    this.clientId = textsOf(reply).client_id ?? '';
    return reply;
  }

  async askForCode(): Promise<Reply> {
    const reply = await this.#post('device_authorization_endpoint', { scope: plainScope });
    const { device_code: deviceCode = '', user_code: userCode = '' } = textsOf(reply);
    Object.assign(this, { deviceCode, userCode });
    return reply;
  }

  poll(): Promise<Reply> {
    const fields = { grant_type: deviceCodeGrant, device_code: this.deviceCode };
    return this.#post('token_endpoint', fields);
  }

  refresh(refreshToken: string): Promise<Reply> {
    const fields = { grant_type: 'refresh_token', refresh_token: refreshToken };
    return this.#post('token_endpoint', fields);
  }

  revoke(token: string, hint: string): Promise<Reply> {
    return this.#post('revocation_endpoint', { token, token_type_hint: hint });
  }

  async whoami(accessToken: string): Promise<Reply> {
    const url = `${this.#base}/_matrix/client/v3/account/whoami`;
    return read(await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } }));
  }

  async #post(endpoint: string, fields: Record<string, string>): Promise<Reply> {
    const body = new URLSearchParams({ ...fields, client_id: this.clientId });
    return read(await fetch(this.#metadata[endpoint] ?? '', { method: 'POST', body }));
  }
}

async function read(response: Response): Promise<Reply> {
  const body = await response.text();
  return { status: response.status, body: body === '' ? '' : (JSON.parse(body) as unknown) };
}

/** The members of a response that are strings. */
export function textsOf({ body }: Reply): Record<string, string> {
  const members = Object.entries(body ?? {}).filter(
    (member): member is [string, string] => typeof member[1] === 'string',
  );
  return Object.fromEntries(members);
}

/** An OAuth error as `oidc-provider` gives it. */
export function oauthError(error: string): Reply {
  // A matcher of the library, where its types say any.
  const words: unknown = expect.any(String);
  return { status: 400, body: { error, error_description: words } };
}

/** The homeserver's response to an invalid access token. */
export const notActive: Reply = {
  status: 401,
  body: { errcode: 'M_UNKNOWN_TOKEN', error: 'Token is not active', soft_logout: false },
};

/** A client that has requested a code. */
export async function askingClient(homeserver: TestHomeserver): Promise<PlainClient> {
  const client = new PlainClient(homeserver);
  await client.discover();
  await client.register();
  await client.askForCode();
  return client;
}

/** A client that alice has signed in, and its tokens. */
export async function signedIn(
  homeserver: TestHomeserver,
): Promise<Readonly<{ client: PlainClient; access: string; refresh: string }>> {
  const client = await askingClient(homeserver);
  homeserver.approve(client.userCode, 'alice');
  const { access_token: access = '', refresh_token: refresh = '' } = textsOf(await client.poll());
  return { client, access, refresh };
}
