import type { SessionServer } from '../protocol/discovery/server-metadata.ts';
import type { Secret } from '../protocol/secret.ts';
import type { Uptime } from './uptime.ts';

/** When to refresh without being asked: see `leases.ts`. */
export type FreshnessPolicy = 'keep-fresh' | 'on-demand';

/** What stays the same over sign-out and sign-in again. */
export type Identity = Readonly<{
  /** Ours, random, and the name of the record's file: 16 hexadecimal digits. */
  id: string;
  /** The person's name for the account; unique. */
  label: string;
  /** What the person typed at sign-in, cleaned. */
  typed: string;
  /** Epoch milliseconds. */
  addedAt: number;
  policy: FreshnessPolicy;
}>;

/** What sign-in bound together; refresh and revocation need exactly these. */
export type Session = Readonly<{
  server: SessionServer;
  clientId: string;
  /** Hash of the client metadata sent at registration. */
  metadataHash: string;
  /** Epoch milliseconds. */
  registeredAt: number;
  deviceId: string;
  /** As granted; as requested where the server did not say. */
  scope: readonly string[];
  /** null until whoami has answered. */
  userId: string | null;
  displayName: string | null;
}>;

/** A pair of tokens as it outlives the process: by the clocks that do. */
export type StoredTokens = Readonly<{
  access: Secret;
  refresh: Secret;
  /** Epoch milliseconds, when the request that brought them was sent. */
  issuedAt: number;
  /** The same moment on the machine's own clock; null: not known. */
  issuedUptime: Uptime | null;
  /** Of the access token; null: the server did not say. */
  lifetimeMs: number | null;
}>;

/** Why an account is signed out. `unconfirmed`: the person wanted it, and the server would not end the session. */
export type SignedOutWhy = 'by-user' | 'ended-by-server' | 'registration-gone' | 'unconfirmed';

/** One account as the vault keeps it: one atomic record, never half a pair of tokens. */
export type StoredAccount = Identity & Readonly<{ session: Session; state: StoredState }>;

/** A refresh was sent and its answer not yet saved: the next start tries it first. Epoch milliseconds. */
type RefreshNote = Readonly<{ refreshSentAt: number | null }>;

export type StoredState = Readonly<
  /** Tokens are saved, whoami has not answered yet. */
  | ({ kind: 'unverified'; tokens: StoredTokens } & RefreshNote)
  | ({
      kind: 'active';
      tokens: StoredTokens;
      /** Whether somebody may hold the access token. */
      held: boolean;
    } & RefreshNote)
  | { kind: 'signed-out'; why: SignedOutWhy }
  /** Not proven to be gone yet. `since`, `revokedAt`: epoch milliseconds; null: the server has not confirmed. */
  | { kind: 'signing-out'; tokens: StoredTokens; since: number; revokedAt: number | null }
>;
