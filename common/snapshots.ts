/**
 * Pictures of the engine, as the window, the CLI and the agent API see them. Plain data: no classes, no
 * callbacks, no tokens.
 *
 * Moments are epoch milliseconds and end in `At`; durations are milliseconds and end in `Ms`.
 */

/** One consistent picture of everything. `revision` only grows, so a late one can be dropped. */
export type AppSnapshot = Readonly<{
  revision: number;
  /** When the picture was made, by main's clock: countdowns start here. */
  madeAt: number;
  vault: VaultSnapshot;
  accounts: readonly AccountSnapshot[];
  logins: readonly LoginSnapshot[];
}>;

/** How the sessions are kept, and what a person must know about it, or about a wrong clock. */
export type VaultSnapshot = Readonly<{
  /** `none`: readable by any program that runs as you, because you agreed to that. */
  protection: 'passphrase' | 'keychain' | 'none';
  warnings: readonly NoticeSnapshot[];
}>;

/** A failure or a warning in words, with its code. */
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
  /** null until the server has said who signed in. */
  userId: string | null;
  displayName: string | null;
  deviceId: string;
  homeserver: string;
  issuer: string;
  scope: readonly string[];
  addedAt: number;
  policy: 'keep-fresh' | 'on-demand';
  /** The page where the person manages this account; null: the server names none. */
  accountPage: string | null;
  state: AccountStateSnapshot;
}>;

/** `unconfirmed`: signed out here, but the server did not end the session. */
export type SignedOutWhy = 'by-user' | 'ended-by-server' | 'registration-gone' | 'unconfirmed';

export type AccountStateSnapshot = Readonly<
  | { kind: 'unverified'; notice: NoticeSnapshot | null }
  /** `expiresAt` null: the server did not say how long the token lives. */
  | { kind: 'active'; expiresAt: number | null; heldBy: readonly LeaseSnapshot[] }
  | { kind: 'refreshing'; expiresAt: number | null }
  /** The server rotated the tokens and the disk will not take them: nothing is handed out. */
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

/** A promise made when a token was handed out. */
export type LeaseSnapshot = Readonly<{
  consumer: string;
  /** null: the server did not say how long the token lives. */
  untilAt: number | null;
}>;

export type LoginSnapshot = Readonly<{
  id: string;
  /** What the person typed. */
  typed: string;
  /** The label asked for; null: made from the user id once that is known. */
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
  /** `notice`: why it takes so long, when it does. */
  | { step: 'verifying'; homeserver: string; issuer: string; notice: NoticeSnapshot | null }
  /** Somebody else signed in than was typed: the person decides whether to keep the session. */
  | { step: 'confirming'; homeserver: string; expected: string; actual: string }
  | {
      step: 'done';
      accountId: string;
      label: string;
      userId: string;
      deviceId: string;
      homeserver: string;
      /** Worth a person's attention, although the sign-in worked. */
      notices: readonly NoticeSnapshot[];
    }
  | { step: 'failed'; failure: NoticeSnapshot }
  | { step: 'cancelled' }
>;

/** How the wait for the person's approval goes. */
export type PollSnapshot = Readonly<{
  state: 'waiting' | 'slowed-down' | 'unreachable';
  /** Polls answered or given up so far. */
  polls: number;
  /** When the next one is due. */
  nextAt: number;
}>;

/**
 * How a sign-out ended.
 *
 * `refused`: a call with the old token was refused, so the session is gone.
 * `pending`: the server confirmed the end, but still accepts the old token for up to two minutes.
 * `queued`: the server could not be reached; tried again until it is done.
 * `unconfirmed`: the server would not end the session; the tokens are forgotten here, and the
 * person should look at the account page.
 */
export type SignOutProof = 'refused' | 'pending' | 'queued' | 'unconfirmed' | 'already-signed-out';
