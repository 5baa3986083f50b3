import type { SessionServer } from '../protocol/discovery/server-metadata.ts';
import type { Secret } from '../protocol/secret.ts';
import type { Uptime } from './uptime.ts';

/** Whether to refresh in the background or only on request: see `refreshDue`. */
export type FreshnessPolicy = 'keep-fresh' | 'on-demand';

/** What stays the same when an account is signed out and in again. */
export type Identity = Readonly<{
  /** Random, 16 hexadecimal digits; also the file name of the record. */
  id: string;
  /** The user's name for the account; unique. */
  label: string;
  /** What the user entered at sign-in, sanitized. */
  typed: string;
  /** Epoch milliseconds. */
  addedAt: number;
  policy: FreshnessPolicy;
}>;

/** The session that a sign-in created: what refresh and revocation need. */
export type Session = Readonly<{
  server: SessionServer;
  clientId: string;
  /** Hash of the client metadata sent at registration. */
  metadataHash: string;
  /** Epoch milliseconds. */
  registeredAt: number;
  deviceId: string;
  /** As granted; as requested if the response had no `scope`. */
  scope: readonly string[];
  /** null until whoami answers. */
  userId: string | null;
  displayName: string | null;
}>;

/** Tokens as stored: their age is told by the clocks that outlive the process. */
export type StoredTokens = Readonly<{
  access: Secret;
  refresh: Secret;
  /** Epoch milliseconds, when the token request was sent. */
  issuedAt: number;
  /** The machine's uptime at that moment; null: unknown. */
  issuedUptime: Uptime | null;
  /** Of the access token (`expires_in`); null: not given. */
  lifetimeMs: number | null;
}>;

/** Why an account is signed out. `unconfirmed`: by the user, but the server did not confirm it. */
export type SignedOutWhy = 'by-user' | 'ended-by-server' | 'registration-gone' | 'unconfirmed';

/** One account as the vault stores it: one atomic record, so both tokens always belong together. */
export type StoredAccount = Identity & Readonly<{ session: Session; state: StoredState }>;

/**
 * A refresh was sent and its response is not saved yet: the next process retries it first. Epoch
 * milliseconds.
 */
type RefreshNote = Readonly<{ refreshSentAt: number | null }>;

export type StoredState = Readonly<
  /** Saved, but whoami has not answered yet. */
  | ({ kind: 'unverified'; tokens: StoredTokens } & RefreshNote)
  | ({
      kind: 'active';
      tokens: StoredTokens;
      /** Whether the access token was handed out. */
      held: boolean;
    } & RefreshNote)
  | { kind: 'signed-out'; why: SignedOutWhy }
  /**
   * The end is not verified yet. `since`, `revokedAt`: epoch milliseconds; null: not confirmed by the
   * server.
   */
  | { kind: 'signing-out'; tokens: StoredTokens; since: number; revokedAt: number | null }
>;
