import type { SessionView } from '../personality.ts';

/** A signed-in session, alive or ended. The tokens are the newest ones. */
export type Session = {
  readonly localpart: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly clientId: string;
  readonly scope: string;
  alive: boolean;
  accessToken: string;
  refreshToken: string;
};

/** An access token. It is good while it is neither revoked nor past its time. */
export type AccessToken = {
  readonly token: string;
  readonly session: Session;
  /** Epoch ms. */
  expiresAt: number;
  revoked: boolean;
  /** Epoch ms of the first client-server request that brought it. */
  firstUsedAt: number | null;
};

/** All sessions, and every access token that is still known. */
export class Sessions {
  readonly #sessions: Session[] = [];
  readonly #access = new Map<string, AccessToken>();

  open(fields: Pick<Session, 'localpart' | 'userId' | 'deviceId' | 'clientId' | 'scope'>): Session {
    const session = { ...fields, alive: true, accessToken: '', refreshToken: '' };
    this.#sessions.push(session);
    return session;
  }

  /** Gives a session its next access token; what becomes of the one before is for the family to say. */
  issueAccess(session: Session, token: string, expiresAt: number): AccessToken {
    const access = { token, session, expiresAt, revoked: false, firstUsedAt: null };
    this.#access.set(token, access);
    session.accessToken = token;
    return access;
  }

  access(token: string): AccessToken | null {
    return this.#access.get(token) ?? null;
  }

  /** The server no longer knows this token: it is as good as one that never was. */
  forgetAccess(token: string): void {
    this.#access.delete(token);
  }

  /** The living session of a person on a device. */
  onDevice(userId: string, deviceId: string): Session | null {
    const isIt = (one: Session) => one.alive && one.userId === userId && one.deviceId === deviceId;
    return this.#sessions.find(isIt) ?? null;
  }

  end(session: Session): void {
    session.alive = false;
    for (const access of this.#access.values()) {
      if (access.session === session) access.revoked = true;
    }
  }

  endAllOf(localpart: string): void {
    for (const session of this.#sessions) {
      if (session.localpart === localpart && session.alive) this.end(session);
    }
  }

  views(): readonly SessionView[] {
    return this.#sessions.map(
      ({ userId, deviceId, clientId, alive, accessToken, refreshToken }) => ({
        userId,
        deviceId,
        clientId,
        alive,
        accessToken,
        refreshToken,
      }),
    );
  }
}
