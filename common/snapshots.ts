/**
 * Snapshots of the engine for the window, the CLI and the agent API. Plain data: no classes, no callbacks,
 * no tokens.
 *
 * Times are in epoch milliseconds and end in `At`; durations are in milliseconds and end in `Ms`.
 */

/** A consistent snapshot of everything. `revision` only grows, so an older one can be dropped. */
export type AppSnapshot = Readonly<{
  revision: number;
  /** When the snapshot was made, by the main process's clock; countdowns start from it. */
  madeAt: number;
  vault: VaultSnapshot;
  accounts: readonly AccountSnapshot[];
  logins: readonly LoginSnapshot[];
}>;

/** How the sessions are protected, and warnings about that or about a wrong clock. */
export type VaultSnapshot = Readonly<{
  /** `none`: readable by any program that runs as the same user, to which the person consented. */
  protection: 'passphrase' | 'keychain' | 'none';
  warnings: readonly NoticeSnapshot[];
}>;

/** A failure or a warning as text, with its code. */
export type NoticeSnapshot = Readonly<{
  /** Stable; the same in the window, the CLI and the agent API. */
  code: string;
  /** What happened: one sentence. */
  message: string;
  /** What to do about it: one sentence. */
  hint: string;
}>;

export type AccountSnapshot = Readonly<{
  id: string;
  label: string;
  /** null until whoami has succeeded. */
  userId: string | null;
  displayName: string | null;
  deviceId: string;
  homeserver: string;
  issuer: string;
  scope: readonly string[];
  addedAt: number;
  policy: 'keep-fresh' | 'on-demand';
  /** URL of the account management page; null: the server announces none. */
  accountPage: string | null;
  state: AccountStateSnapshot;
}>;

/** `unconfirmed`: signed out here, but the server did not end the session. */
export type SignedOutWhy = 'by-user' | 'ended-by-server' | 'registration-gone' | 'unconfirmed';

export type AccountStateSnapshot = Readonly<
  | { kind: 'unverified'; notice: NoticeSnapshot | null }
  /** `expiresAt` null: the server stated no lifetime. */
  | { kind: 'active'; expiresAt: number | null; heldBy: readonly LeaseSnapshot[] }
  | { kind: 'refreshing'; expiresAt: number | null }
  /** The server rotated the tokens, but they cannot be saved: no token is handed out. */
  | { kind: 'unsaved'; notice: NoticeSnapshot }
  | {
      kind: 'retrying';
      attempt: number;
      retryAt: number;
      expiresAt: number | null;
      notice: NoticeSnapshot;
    }
  | { kind: 'locked'; retryAt: number; notice: NoticeSnapshot }
  | { kind: 'signed-out'; why: SignedOutWhy }
  | { kind: 'signing-out'; revoked: boolean; retryAt: number | null; notice: NoticeSnapshot | null }
>;

/** A lease: a promise made when a token was handed out. */
export type LeaseSnapshot = Readonly<{
  consumer: string;
  /** null: the server stated no lifetime. */
  untilAt: number | null;
}>;

export type LoginSnapshot = Readonly<{
  id: string;
  /** What the person typed. */
  typed: string;
  /** The requested label; null: made from the user ID once that is known. */
  label: string | null;
  state: LoginStateSnapshot;
}>;

export type LoginStateSnapshot = Readonly<
  | { step: 'discovering' }
  | { step: 'registering'; homeserver: string; issuer: string }
  | { step: 'requesting-code'; homeserver: string; issuer: string; clientId: string }
  | {
      step: 'waiting';
      homeserver: string;
      issuer: string;
      clientId: string;
      /** Exactly as the server sent it. */
      userCode: string;
      verificationUri: string;
      /** null: the person must type the code. */
      verificationUriComplete: string | null;
      expiresAt: number;
      intervalMs: number;
      poll: PollSnapshot;
    }
  /** `notice`: why it is taking long; null: it isn't. */
  | { step: 'verifying'; homeserver: string; issuer: string; notice: NoticeSnapshot | null }
  /** Another user signed in than was typed: the person decides whether to keep the session. */
  | { step: 'confirming'; homeserver: string; expected: string; actual: string }
  | {
      step: 'done';
      accountId: string;
      label: string;
      userId: string;
      deviceId: string;
      homeserver: string;
      /** Shown although the sign-in succeeded. */
      notices: readonly NoticeSnapshot[];
    }
  | { step: 'failed'; failure: NoticeSnapshot }
  | { step: 'cancelled' }
>;

/** The state of polling for the person's approval. */
export type PollSnapshot = Readonly<{
  state: 'waiting' | 'slowed-down' | 'unreachable';
  /** Polls completed so far, with or without a response. */
  polls: number;
  /** When the next one is due. */
  nextAt: number;
}>;

/**
 * How a sign-out ended.
 *
 * `refused`: the server refused the old token, so the session has ended.
 * `pending`: the server ended the session, but may accept the old token for up to two minutes.
 * `queued`: the server was unreachable; retried until done.
 * `unconfirmed`: the server did not end the session; the tokens are forgotten here, and the person
 * should check the account management page.
 */
export type SignOutProof = 'refused' | 'pending' | 'queued' | 'unconfirmed' | 'already-signed-out';
