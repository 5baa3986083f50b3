import { json, noStore } from '../responses.ts';
import { mayUse } from '../auth/clients.ts';
import { alphabets, randomText } from '../chance.ts';
import type { Database } from '../database.ts';
import { standard } from './mas-errors.ts';
import type { HttpResponse } from '../personality.ts';
import type { AccessToken, Session } from '../auth/sessions.ts';

const hour = 3_600_000;

/** A refresh token's row. It doesn't expire; its successor is stored with it when it is spent. */
type RefreshRow = {
  readonly token: string;
  readonly session: Session;
  readonly access: AccessToken;
  /** Epoch ms of its latest use; null: never used. */
  consumedAt: number | null;
  revoked: boolean;
  next: RefreshRow | null;
};

/**
 * MAS's tokens and rotation rules: a spent refresh token can be spent again as long as the tokens
 * it gave weren't used.
 */
export class MasTokens {
  readonly #database: Database;
  readonly #refresh = new Map<string, RefreshRow>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Issues the first tokens of a session. */
  issue(session: Session): HttpResponse {
    const access = this.#newAccess(session);
    const client = this.#database.clients.get(session.clientId);
    const mayRefresh = client !== null && mayUse(client, 'refresh_token');
    if (mayRefresh) this.#newRow(session, access);
    return this.#answer(session, mayRefresh ? session.refreshToken : null);
  }

  /** Spends a refresh token, for the first time or again. */
  refresh(token: string, clientId: string): HttpResponse {
    const row = this.#refresh.get(token);
    if (row === undefined || row.revoked || this.#isSweptAway(row))
      return standard('invalid_grant');
    const { session } = row;
    if (!session.alive || session.clientId !== clientId) return standard('invalid_grant');
    if (row.next !== null && !isUntouched(row.next)) return standard('invalid_grant');
    return this.#rotate(row);
  }

  /** The kind of token this looks like; null: none of MAS's. */
  kindOf(token: string): 'access_token' | 'refresh_token' | null {
    if (/^mat_[A-Za-z0-9]{30}_[a-z0-9]{6}$/.test(token)) return 'access_token';
    return /^mar_[A-Za-z0-9]{30}_[a-z0-9]{6}$/.test(token) ? 'refresh_token' : null;
  }

  /** The live session of a valid token. */
  sessionOf(token: string): Session | null {
    const access = this.#database.sessions.access(token);
    if (access !== null) {
      const good = !access.revoked && this.#database.context.now() < access.expiresAt;
      return good && access.session.alive ? access.session : null;
    }
    const row = this.#refresh.get(token);
    if (row === undefined || row.revoked || row.consumedAt !== null) return null;
    return row.session.alive ? row.session : null;
  }

  #rotate(row: RefreshRow): HttpResponse {
    const { refreshTokens, now } = this.#database.context;
    const { session } = row;
    if (refreshTokens === 'same' || refreshTokens === 'omit') {
      row.access.revoked = true;
      this.#newAccess(session);
      return this.#answer(session, refreshTokens === 'same' ? row.token : null);
    }
    if (row.next !== null) {
      row.next.revoked = true;
      row.next.access.revoked = true;
    }
    const keepsAccess = refreshTokens === 'same-access';
    if (keepsAccess) row.access.expiresAt = now() + this.#lifetimeMs();
    else row.access.revoked = true;
    row.consumedAt = now();
    row.next = this.#newRow(session, keepsAccess ? row.access : this.#newAccess(session));
    return this.#answer(session, session.refreshToken);
  }

  /** Spent rows are removed an hour later, by a job that runs five minutes past every hour. */
  #isSweptAway(row: RefreshRow): boolean {
    if (row.consumedAt === null) return false;
    const fivePast = 5 * 60_000;
    const sweep = Math.ceil((row.consumedAt + hour - fivePast) / hour) * hour + fivePast;
    return this.#database.context.now() >= sweep;
  }

  #newAccess(session: Session): AccessToken {
    const expiresAt = this.#database.context.now() + this.#lifetimeMs();
    return this.#database.sessions.issueAccess(session, newToken('mat'), expiresAt);
  }

  #newRow(session: Session, access: AccessToken): RefreshRow {
    const token = newToken('mar');
    const row = { token, session, access, consumedAt: null, revoked: false, next: null };
    this.#refresh.set(token, row);
    session.refreshToken = token;
    return row;
  }

  #lifetimeMs(): number {
    return this.#database.context.accessTtlMs ?? 300_000;
  }

  #answer(session: Session, refreshToken: string | null): HttpResponse {
    const body = {
      access_token: session.accessToken,
      ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
      token_type: 'Bearer',
      expires_in: this.#lifetimeMs() / 1000,
      scope: session.scope.split(' ').toSorted().join(' '),
    };
    return json(200, body, noStore);
  }
}

/** Whether the tokens of a refresh are still unused, so that the refresh may be repeated. */
function isUntouched(row: RefreshRow): boolean {
  return row.consumedAt === null && !row.revoked && row.access.firstUsedAt === null;
}

function newToken(prefix: 'mat' | 'mar'): string {
  const check = randomText(alphabets.alphanumeric.toLowerCase(), 6);
  return `${prefix}_${randomText(alphabets.alphanumeric, 30)}_${check}`;
}
