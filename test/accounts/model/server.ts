/** What an authorization server knows of one refresh token. */
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

/** What a refresh is answered. `excused`: the client could do nothing about it. */
export type Verdict = Readonly<
  | { kind: 'tokens'; access: string; refresh: string }
  | { kind: 'refused'; error: 'invalid_grant' | 'invalid_client'; excused: boolean }
>;

/** How long an access token lives, and how long a spent refresh token is remembered. */
export const LIFETIME_MS = 300_000;
const REMEMBERED_MS = 3_600_000;

/**
 * One session at MAS, by its rules: a spent refresh token may be spent again as long as what came of it
 * was not used, and for an hour.
 */
export class ModelServer {
  readonly #name: string;
  readonly #rows = new Map<string, Row>();
  readonly #accesses = new Map<string, Access>();
  #issued = 0;
  #ended: 'session' | 'client' | null = null;
  /** Whether the account is locked: its tokens do not work, and new ones are given all the same. */
  locked = false;
  /** Whether the client has been told that the session is over. */
  spoke = false;
  /** Whether an answer was so long lost that nothing could save the session. */
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

  /** A call with an access token: whether it is taken. What was used once cannot be asked for again. */
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
