import type { Adapter, AdapterPayload } from 'oidc-provider';

type Entry = {
  payload: AdapterPayload;
  /** Epoch ms by the server's clock; null: never. */
  expiresAt: number | null;
};

/** The state of a code; `unknown`: it never existed, or has expired. */
export type CodeState = 'unknown' | 'waiting' | 'in-hand' | 'decided';

/** The kinds of records that are removed with a grant. */
const ofAGrant: readonly string[] = ['AccessToken', 'RefreshToken', 'DeviceCode'];

/**
 * Everything that `oidc-provider` keeps, in memory, through the adapter port of that library.
 *
 * The library reads `Date.now()` and nothing else. So that a test can wind the server's clock, a
 * record's end is kept by that clock, and told to the library as the time that is left from now.
 * Nothing is swept away: a code that ran out stays known as such.
 */
export class OidcStore {
  readonly #models = new Map<string, Map<string, Entry>>();
  readonly #now: () => number;
  readonly #lifetimesMs: ReadonlyMap<string, number>;

  /**
   * @param now the server's clock, epoch ms
   * @param lifetimesMs how long new records of a kind live, where whole seconds will not do
   */
  constructor(now: () => number, lifetimesMs: ReadonlyMap<string, number>) {
    this.#now = now;
    this.#lifetimesMs = lifetimesMs;
  }

  /** The library's view of one kind of record. */
  adapter(kind: string): Adapter {
    const entries = this.#entries(kind);
    const told = (entry: Entry | undefined) =>
      entry === undefined ? undefined : this.#tell(entry);
    const findBy = (name: 'uid' | 'userCode', value: string) =>
      Promise.resolve(told([...entries.values()].find(({ payload }) => payload[name] === value)));
    return {
      upsert: (id, payload, expiresIn) => {
        const lifetimeMs = entries.has(id) ? undefined : this.#lifetimesMs.get(kind);
        const leftMs = lifetimeMs ?? (expiresIn === undefined ? null : expiresIn * 1000);
        const expiresAt = leftMs === null ? null : this.#now() + leftMs;
        entries.set(id, { payload: { ...payload }, expiresAt });
        return Promise.resolve();
      },
      find: (id) => Promise.resolve(told(entries.get(id))),
      findByUid: (uid) => findBy('uid', uid),
      findByUserCode: (userCode) => findBy('userCode', userCode),
      consume: (id) => {
        const entry = entries.get(id);
        if (entry !== undefined) entry.payload.consumed = Math.floor(Date.now() / 1000);
        return Promise.resolve();
      },
      destroy: (id) => {
        entries.delete(id);
        return Promise.resolve();
      },
      revokeByGrantId: (grantId) => {
        this.#drop(entries, ({ payload }) => payload.grantId === grantId);
        return Promise.resolve();
      },
    };
  }

  /** A record that exists, spent or not, and hasn't expired; null: none. */
  living(kind: string, id: string): Readonly<Entry> | null {
    const entry = this.#entries(kind).get(id);
    return entry !== undefined && this.#isAlive(entry) ? entry : null;
  }

  /** The state of a code; `in-hand`: typed in, and not yet decided. */
  codeState(userCode: string): CodeState {
    const codes = [...this.#entries('DeviceCode').values()];
    const entry = codes.find(({ payload }) => payload.userCode === userCode);
    if (entry === undefined || !this.#isAlive(entry)) return 'unknown';
    const { accountId, error, inFlight } = entry.payload;
    if (accountId !== undefined || error !== undefined) return 'decided';
    return inFlight === true ? 'in-hand' : 'waiting';
  }

  /** Ends every grant of a user, with its tokens. */
  endGrantsOf(accountId: string): void {
    const grants = this.#entries('Grant');
    for (const [id, { payload }] of grants) {
      if (payload.accountId !== accountId) continue;
      grants.delete(id);
      for (const kind of ofAGrant) {
        this.#drop(this.#entries(kind), (entry) => entry.payload.grantId === id);
      }
    }
  }

  /**
   * Gives an access token the expiry of another one, which is removed. False: one of them doesn't
   * exist.
   */
  replaceAccessToken(goes: string, stays: string): boolean {
    const tokens = this.#entries('AccessToken');
    const kept = tokens.get(stays);
    const dropped = tokens.get(goes);
    if (kept === undefined || dropped === undefined) return false;
    kept.expiresAt = dropped.expiresAt;
    tokens.delete(goes);
    return true;
  }

  #entries(kind: string): Map<string, Entry> {
    const known = this.#models.get(kind);
    if (known !== undefined) return known;
    const entries = new Map<string, Entry>();
    this.#models.set(kind, entries);
    return entries;
  }

  #isAlive({ expiresAt }: Entry): boolean {
    return expiresAt === null || this.#now() < expiresAt;
  }

  /** A copy with its expiry on the library's clock: whole seconds now, plus the remaining time. */
  #tell({ payload, expiresAt }: Entry): AdapterPayload {
    if (expiresAt === null) return { ...payload };
    const leftS = (expiresAt - this.#now()) / 1000;
    return { ...payload, exp: Math.floor(Date.now() / 1000) + leftS };
  }

  #drop(entries: Map<string, Entry>, matches: (entry: Entry) => boolean): void {
    for (const [id, entry] of entries) if (matches(entry)) entries.delete(id);
  }
}
