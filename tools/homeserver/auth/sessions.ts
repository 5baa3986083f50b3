import type { SessionView } from '../personality.ts';

/** A session, alive or ended, with its newest tokens. */
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

/** An access token. It is valid until it is revoked or expires. */
export type AccessToken = {
  readonly token: string;
  readonly session: Session;
  /** Epoch ms. */
  expiresAt: number;
  revoked: boolean;
  /** Epoch ms of its first use in a client-server request. */
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

  /** Gives a session its next access token; the family decides what happens to the previous one. */
  issueAccess(session: Session, token: string, expiresAt: number): AccessToken {
    const access = { token, session, expiresAt, revoked: false, firstUsedAt: null };
    this.#access.set(token, access);
    session.accessToken = token;
    return access;
  }

  access(token: string): AccessToken | null {
    return this.#access.get(token) ?? null;
  }

  /** Makes the server forget this token, as if it had never existed. */
  forgetAccess(token: string): void {
    this.#access.delete(token);
  }

  /** The live session of a user on a device. */
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
