/** What an authorization server stores about one refresh token. */
type Row = {
  readonly access: Access;
  /** When it was first spent; null: not yet. */
  consumedAt: number | null;
  revoked: boolean;
  next: Row | null;
};

type Access = {
  readonly token: string;
  readonly expiresAt: number;
  revoked: boolean;
  used: boolean;
};

/** The response to a refresh. `excused`: the client could not have prevented it. */
export type Verdict = Readonly<
  | { kind: 'tokens'; access: string; refresh: string }
  | { kind: 'refused'; error: 'invalid_grant' | 'invalid_client'; excused: boolean }
>;

/** How long an access token lives, and how long a spent refresh token is remembered. */
export const LIFETIME_MS = 300_000;
const REMEMBERED_MS = 3_600_000;

/**
 * One session under the rules of MAS: a spent refresh token can be reused for an hour, unless the tokens
 * issued for it have been used.
 */
export class ModelServer {
  readonly #name: string;
  readonly #rows = new Map<string, Row>();
  readonly #accesses = new Map<string, Access>();
  #issued = 0;
  #ended: 'session' | 'client' | null = null;
  /** Whether the account is locked: its tokens don't work, but the server still issues new ones. */
  locked = false;
  /** Whether the client has been told that the session ended. */
  spoke = false;
  /** Whether a response was lost for so long that the session could not be saved. */
  lostForGood = false;

  constructor(name: string) {
    this.#name = name;
    this.#issue(0);
  }

  get alive(): boolean {
    return this.#ended === null && !this.lostForGood;
  }

  end(how: 'session' | 'client'): void {
    this.#ended ??= how;
  }

  refresh(token: string, now: number): Verdict {
    if (this.#ended === 'client') return this.#refuse('invalid_client', true);
    const row = this.#rows.get(token);
    if (this.#ended === 'session') return this.#refuse('invalid_grant', true);
    if (row === undefined || row.revoked) return this.#refuse('invalid_grant', false);
    if (row.consumedAt !== null && now > row.consumedAt + REMEMBERED_MS) {
      this.lostForGood = true;
      return this.#refuse('invalid_grant', true);
    }
    if (row.next !== null) {
      const { next } = row;
      if (next.consumedAt !== null || next.revoked || next.access.used)
        return this.#refuse('invalid_grant', false);
      next.revoked = true;
      next.access.revoked = true;
    }
    row.access.revoked = true;
    row.consumedAt ??= now;
    row.next = this.#issue(now);
    return { kind: 'tokens', access: row.next.access.token, refresh: `R${this.#issued}` };
  }

  /** Whether a call's access token is accepted. Once it is used, its refresh can't be repeated. */
  use(token: string, now: number): 'taken' | 'revoked' | 'expired' | 'locked' {
    const access = this.#accesses.get(token);
    if (access === undefined || access.revoked || this.#ended !== null) return 'revoked';
    if (now >= access.expiresAt) return 'expired';
    if (this.locked) return 'locked';
    access.used = true;
    return 'taken';
  }

  #refuse(error: 'invalid_grant' | 'invalid_client', excused: boolean): Verdict {
    this.spoke = true;
    return { kind: 'refused', error, excused };
  }

  #issue(now: number): Row {
    this.#issued += 1;
    const token = `A${this.#issued}-${this.#name}`;
    const access = { token, expiresAt: now + LIFETIME_MS, revoked: false, used: false };
    const row = { access, consumedAt: null, revoked: false, next: null };
    this.#accesses.set(token, access);
    this.#rows.set(`R${this.#issued}`, row);
    return row;
  }
}
