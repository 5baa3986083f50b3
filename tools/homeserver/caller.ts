import { expect } from 'vitest';

import { isRecord } from './auth/forms.ts';
import { startHomeserver } from './homeserver.ts';
import type { HomeserverOptions, TestHomeserver } from './homeserver.ts';

/** A response with its parsed body: JSON, or the text. */
export type Reply = Readonly<{ status: number; body: unknown }>;

/** Tokens, and everything needed to use them. */
export type SignedIn = Readonly<{ clientId: string; access: string; refresh: string }>;

/** A code that is waiting for approval. */
export type Login = Readonly<{
  clientId: string;
  deviceCode: string;
  userCode: string;
  page: string;
  /** Null: the server sends no link that contains the code. */
  completePage: string | null;
}>;

/** Metadata that every family accepts. */
export const everyGrant = {
  client_name: 'Keyfob <b>test</b>',
  client_uri: 'https://keyfob.example/',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: [
    'authorization_code',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:device_code',
  ],
  response_types: ['code'],
  redirect_uris: ['http://127.0.0.1/callback'],
};

/** Metadata of a client that uses only the device grant. */
export const deviceOnly = {
  client_name: 'Keyfob',
  client_uri: 'https://keyfob.example/',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
  response_types: [],
};

/** A scope with this device, in the stable spelling. */
export function scopeFor(deviceId: string): string {
  return `urn:matrix:client:api:* urn:matrix:client:device:${deviceId}`;
}

/** A test clock, not close to MAS's hourly job. */
export function windableClock(): { at: number; now: () => number } {
  const clock = { at: 1_800_000_000_000, now: () => clock.at };
  return clock;
}

/** Acts as the client by hand, one request at a time. */
export class Caller {
  readonly server: TestHomeserver;
  #metadata: Record<string, unknown> = {};

  constructor(server: TestHomeserver) {
    this.server = server;
  }

  /** Starts a homeserver and a caller for it. */
  static async start(options: HomeserverOptions = {}): Promise<Caller> {
    return new Caller(await startHomeserver(options));
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#send(`${this.server.baseUrl}${path}`, { headers });
  }

  async register(metadata: unknown = everyGrant): Promise<Reply> {
    return this.#send(await this.#endpoint('registration_endpoint'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata),
    });
  }

  async device(clientId: string, scope = scopeFor('KEYFOBTEST')): Promise<Reply> {
    return this.post('device_authorization_endpoint', { client_id: clientId, scope });
  }

  poll(deviceCode: string, clientId: string): Promise<Reply> {
    const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
    const form = { grant_type: grantType, device_code: deviceCode, client_id: clientId };
    return this.post('token_endpoint', form);
  }

  refresh(token: string, clientId: string): Promise<Reply> {
    const form = { grant_type: 'refresh_token', refresh_token: token, client_id: clientId };
    return this.post('token_endpoint', form);
  }

  revoke(form: Record<string, string>): Promise<Reply> {
    return this.post('revocation_endpoint', form);
  }

  whoami(token: string): Promise<Reply> {
    const headers = { authorization: `Bearer ${token}` };
    return this.get('/_matrix/client/v3/account/whoami', headers);
  }

  async post(endpoint: string, form: Record<string, string>): Promise<Reply> {
    const body = new URLSearchParams(form);
    return this.#send(await this.#endpoint(endpoint), { method: 'POST', body });
  }

  /** Requests a code, as a newly registered client. */
  async startLogin(scope?: string): Promise<Login> {
    const clientId = field(await this.register(), 'client_id');
    const reply = await this.device(clientId, scope);
    const hasLink = isRecord(reply.body) && 'verification_uri_complete' in reply.body;
    return {
      clientId,
      deviceCode: field(reply, 'device_code'),
      userCode: field(reply, 'user_code'),
      page: field(reply, 'verification_uri'),
      completePage: hasLink ? field(reply, 'verification_uri_complete') : null,
    };
  }

  /** Signs alice in. */
  async signIn(scope?: string): Promise<SignedIn> {
    const login = await this.startLogin(scope);
    expect(this.server.approve(login.userCode, 'alice')).toBe(true);
    return this.tokensOf(await this.pollFor(login), login.clientId);
  }

  /** Polls for a code. */
  pollFor({ deviceCode, clientId }: Login): Promise<Reply> {
    return this.poll(deviceCode, clientId);
  }

  tokensOf(reply: Reply, clientId: string): SignedIn {
    const access = field(reply, 'access_token');
    return { clientId, access, refresh: field(reply, 'refresh_token') };
  }

  async #endpoint(name: string): Promise<string> {
    if (Object.keys(this.#metadata).length === 0) {
      const { body } = await this.get('/.well-known/openid-configuration');
      if (isRecord(body)) this.#metadata = body;
    }
    return String(this.#metadata[name]);
  }

  async #send(url: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(url, { redirect: 'manual', ...init });
    const body = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, body: isJson ? (JSON.parse(body) as unknown) : body };
  }
}

/** A member of a JSON response that must be a string. */
export function field({ body }: Reply, name: string): string {
  const value = isRecord(body) ? body[name] : undefined;
  if (typeof value !== 'string') throw new TypeError(`no ${name} in ${JSON.stringify(body)}`);
  return value;
}

/** Status and error of a response, which is where the families differ. */
export function verdict({ status, body }: Reply): string {
  const error = isRecord(body) ? (body.error ?? body.errcode ?? 'ok') : 'text';
  return `${status} ${typeof error === 'string' ? error : 'odd'}`;
}
