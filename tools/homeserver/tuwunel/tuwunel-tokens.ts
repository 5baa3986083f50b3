import { json, noStore, oauthError } from '../responses.ts';
import { alphabets, randomText } from '../chance.ts';
import { openSession } from '../family.ts';
import type { DeviceCodeGrant } from '../auth/grants.ts';
import type { Database } from '../database.ts';
import type { HttpResponse } from '../personality.ts';
import { readScope } from '../auth/scopes.ts';
import type { Session } from '../auth/sessions.ts';

/** How long a spent refresh token is accepted as a repeated request, in ms. */
const reuseGraceMs = 15_000;

/**
 * The refresh tokens of a session: the current one, and the previous one with the time it was
 * spent.
 */
type Rotation = Readonly<{
  session: Session;
  current: string;
  spent: Readonly<{ token: string; at: number }> | null;
}>;

/** Tuwunel's tokens: one spent refresh token is remembered per session. */
export class TuwunelTokens {
  readonly #database: Database;
  readonly #rotations = new Map<Session, Rotation>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Issues the first tokens of a session. The scope is checked here, and no earlier. */
  issue(grant: DeviceCodeGrant, localpart: string): HttpResponse {
    const wish = readScope(grant.scope);
    if (wish.deviceIds.length > 1) {
      return oauthError(400, 'invalid_grant', 'more than one device scope was requested');
    }
    const known = wish.tokens.filter(isKnownScope);
    const deviceId = wish.deviceIds[0] ?? randomText(alphabets.upperAndDigits, 10);
    const made = wish.deviceIds.length === 0 ? [`urn:matrix:client:device:${deviceId}`] : [];
    const scope = [...known, ...made].join(' ');

    const userId = `@${localpart}:${this.#database.context.serverName}`;
    const before = this.#database.sessions.onDevice(userId, deviceId);
    if (before !== null) this.#database.sessions.end(before);
    const session = openSession(this.#database, grant, localpart, deviceId, scope);
    const access = this.#newAccess(session);
    const refresh = this.#rotate(session, null);
    return this.#answer({ access_token: access, refresh_token: refresh, scope });
  }

  /** Spends a refresh token. The client isn't checked; the response has no scope. */
  refresh(token: string): HttpResponse {
    const now = this.#database.context.now();
    const living = [...this.#rotations.values()].filter(({ session }) => session.alive);
    const owner = living.find(({ current }) => current === token);
    if (owner !== undefined) {
      const access = this.#newAccess(owner.session);
      const refresh = this.#rotate(owner.session, { token, at: now });
      return this.#answer({ access_token: access, refresh_token: refresh });
    }
    const replayed = living.find(({ spent }) => spent?.token === token);
    if (replayed === undefined) return oauthError(400, 'invalid_grant', 'Invalid refresh token');
    if (now <= (replayed.spent?.at ?? 0) + reuseGraceMs) {
      const access = this.#newAccess(replayed.session);
      return this.#answer({ access_token: access, refresh_token: replayed.current });
    }
    this.#database.sessions.end(replayed.session);
    return oauthError(400, 'invalid_grant', 'Refresh token has already been used');
  }

  /** The live session of a token of either kind, expired or not. */
  sessionOf(token: string): Session | null {
    const access = this.#database.sessions.access(token);
    if (access !== null && !access.revoked) return access.session;
    const owner = [...this.#rotations.values()].find(({ current }) => current === token);
    return owner?.session.alive === true ? owner.session : null;
  }

  /** A device has one access token: the previous one is unknown from here on. */
  #newAccess(session: Session): string {
    const { now, accessTtlMs } = this.#database.context;
    this.#database.sessions.forgetAccess(session.accessToken);
    const token = randomText(alphabets.alphanumeric, 32);
    this.#database.sessions.issueAccess(session, token, now() + (accessTtlMs ?? 604_800_000));
    return token;
  }

  #rotate(session: Session, spent: Rotation['spent']): string {
    const current = `refresh_${randomText(alphabets.alphanumeric, 32)}`;
    session.refreshToken = current;
    this.#rotations.set(session, { session, current, spent });
    return current;
  }

  #answer(tokens: Readonly<Record<string, string>>): HttpResponse {
    const expiresInS = (this.#database.context.accessTtlMs ?? 604_800_000) / 1000;
    return json(200, { ...tokens, token_type: 'Bearer', expires_in: expiresInS }, noStore);
  }
}

function isKnownScope(token: string): boolean {
  return (
    token === 'openid' ||
    /^urn:matrix:(client|org\.matrix\.msc2967\.client):(api:\*|device:.+)$/.test(token)
  );
}
