import { json, oauthError, text } from '../responses.ts';
import { alphabets, randomText } from '../chance.ts';
import { openSession } from '../family.ts';
import type { DeviceCodeGrant } from '../auth/grants.ts';
import type { Database } from '../database.ts';
import type { HttpResponse } from '../personality.ts';
import type { Session } from '../auth/sessions.ts';

/** A scope as Continuwuity parses it, or its error. */
export type Scopes =
  Readonly<{ api: boolean; deviceId: string | null }> | Readonly<{ problem: string }>;

/**
 * Parses a scope as Continuwuity does. Its patterns aren't anchored, so a device ID is cut at the
 * first character that isn't allowed; both spellings count as the same scope.
 */
export function readScopes(scope: string): Scopes {
  let api = false;
  let deviceId: string | null = null;
  for (const token of scope.split(' ')) {
    const device =
      /urn:matrix:(?:org\.matrix\.msc2967\.)?client:device:([a-zA-Z0-9\-._~]{5,})/.exec(token)?.[1];
    const isApi = /urn:matrix:(?:org\.matrix\.msc2967\.)?client:api:\*/.test(token);
    if ((isApi && api) || (!isApi && device !== undefined && deviceId !== null)) {
      return { problem: 'Scope was specified more than once' };
    }
    if (isApi) api = true;
    else if (device !== undefined) deviceId = device;
    else if (token !== 'openid') return { problem: `Invalid scope: ${token}` };
  }
  return { api, deviceId };
}

/** Continuwuity's tokens: a spent token is unknown afterwards. */
export class ContinuwuityTokens {
  readonly #database: Database;
  readonly #current = new Map<string, Session>();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Issues the first tokens of a session. An existing device is refused, and the grant is used up.
   */
  issue(grant: DeviceCodeGrant, localpart: string): HttpResponse {
    const scopes = readScopes(grant.scope);
    if ('problem' in scopes || scopes.deviceId === null) {
      return oauthError(400, 'invalid_grant', 'No device ID scope supplied');
    }
    const { deviceId } = scopes;
    const userId = `@${localpart}:${this.#database.context.serverName}`;
    if (this.#database.sessions.onDevice(userId, deviceId) !== null) {
      const taken = 'A device with the supplied ID already exists for this user';
      return oauthError(400, 'invalid_scope', taken);
    }
    const device = `urn:matrix:client:device:${deviceId}`;
    const scope = scopes.api ? `urn:matrix:client:api:* ${device}` : device;
    return this.#newTokens(openSession(this.#database, grant, localpart, deviceId, scope));
  }

  /** Spends a refresh token. Another client's token trips an assertion in the server. */
  refresh(token: string, clientId: string): HttpResponse {
    const session = this.#current.get(token);
    if (session?.alive !== true) return oauthError(400, 'invalid_grant', 'Invalid refresh token');
    if (session.clientId !== clientId) return text(500, 'Internal Server Error');
    this.#current.delete(token);
    return this.#newTokens(session);
  }

  /** The live session of a token of either kind, expired or not. */
  sessionOf(token: string): Session | null {
    const access = this.#database.sessions.access(token);
    const session = access?.revoked === false ? access.session : this.#current.get(token);
    return session?.alive === true ? session : null;
  }

  #newTokens(session: Session): HttpResponse {
    const { now, accessTtlMs } = this.#database.context;
    const lifetimeMs = accessTtlMs ?? 3_600_000;
    this.#database.sessions.forgetAccess(session.accessToken);
    const access = randomText(alphabets.alphanumeric, 32);
    this.#database.sessions.issueAccess(session, access, now() + lifetimeMs);
    session.refreshToken = randomText(alphabets.alphanumeric, 32);
    this.#current.set(session.refreshToken, session);
    return json(200, {
      access_token: access,
      token_type: 'Bearer',
      expires_in: lifetimeMs / 1000,
      refresh_token: session.refreshToken,
      scope: session.scope,
    });
  }
}
