/**
 * What the window, the CLI and the agent API may see and ask. Plain data: no classes, no callbacks,
 * no tokens. What is not named here cannot be asked.
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
      kind: 'unreachable';
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

/** Everything that the window draws: the engine's picture, and what the desktop adds to it. */
export type WindowSnapshot = Readonly<{
  app: AppSnapshot;
  settings: SettingsSnapshot;
  shell: ShellSnapshot;
}>;

/** The person's settings. All of them can be changed in the window. */
export type SettingsSnapshot = Readonly<{
  /** Start Keyfob when the person logs in to the computer. */
  startAtLogin: boolean;
  /** Start in the tray, without a window. */
  startHidden: boolean;
  /** For accounts added from now on. */
  keepFresh: boolean;
  /** Milliseconds until a copied token is taken off the clipboard again; 0: never. */
  clipboardMs: number;
  notifications: boolean;
  theme: 'system' | 'light' | 'dark';
}>;

/** What has just come of something. `good`: it worked, and its result is worth reading. */
export type OutcomeSnapshot = NoticeSnapshot & Readonly<{ tone: 'good' | 'warn' | 'bad' }>;

/** What the desktop can and cannot do here. */
export type ShellSnapshot = Readonly<{
  version: string;
  platform: 'linux' | 'macos' | 'windows';
  /** How the vault's key is kept, in words: "macOS Keychain", "GNOME Keyring (libsecret)", ... */
  keyStorage: string;
  /** Whether there is a tray to sit in; without one the window is all there is. */
  tray: boolean;
  canStartAtLogin: boolean;
  /** Where the agent API listens, for the person's tools. */
  socket: string;
  /** What a person must know about the desktop; dismissed, it is not said again in later runs either. */
  notices: readonly NoticeSnapshot[];
  /** What a menu entry led to, or the clock of the clipboard; shown until dismissed. */
  outcomes: readonly OutcomeSnapshot[];
  /** What is on the clipboard by our doing, and when it goes; null: nothing. */
  copied: Readonly<{ what: string; clearsAt: number | null }> | null;
}>;

/** Worked, or did not for a reason to show. A rejected call always means a bug. */
export type Reply<T = null> = Readonly<
  { ok: true; value: T } | { ok: false; failure: NoticeSnapshot }
>;

/** How a token is put on the clipboard. */
export type CopyFormat = 'token' | 'header' | 'env' | 'curl' | 'json';

export type LoginWish = Readonly<{
  /** As typed: `@alice:example.org`, `example.org`, or a URL. */
  server: string;
  /** Empty: made from the user id. */
  label: string;
  /** What the person changed of our client metadata, by the wire names of RFC 7591; absent: nothing. */
  client: Readonly<Record<string, string>>;
}>;

/** Client metadata as they would be sent, or which field cannot be and why. */
export type ClientCheck = Reply<Readonly<{ fields: Readonly<Record<string, string>> }>> &
  Readonly<{ field: string | null }>;

/** One request of a flow and its answer, secrets redacted in main. */
export type ExchangeSnapshot = Readonly<{
  id: string;
  /** The login it belongs to; null: it belongs to an account's later life. */
  loginId: string | null;
  step: string;
  method: string;
  url: string;
  requestHeaders: Readonly<Record<string, string>>;
  requestBody: string | null;
  /** null: no answer came. */
  status: number | null;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string | null;
  startedAt: number;
  tookMs: number;
  /** Code of what went wrong on the way; null: an answer came, whatever it says. */
  failure: string | null;
}>;

/**
 * The window asks, main answers. Channels are `noun:verb`. Arguments arrive in main as `unknown` and
 * are checked there; no token ever comes back: copying happens in main.
 */
export type Requests = {
  'app:snapshot': () => WindowSnapshot;
  'app:quit': () => Reply;
  'window:hide': () => Reply;
  'notice:dismiss': (code: string) => Reply;
  'client:defaults': () => Readonly<Record<string, string>>;
  'client:check': (client: Readonly<Record<string, string>>) => ClientCheck;
  'login:start': (wish: LoginWish) => Reply<LoginSnapshot>;
  'login:cancel': (loginId: string) => Reply;
  'login:answer': (loginId: string, keep: boolean) => Reply;
  'login:retry': (loginId: string) => Reply<LoginSnapshot>;
  'login:copy-code': (loginId: string) => Reply;
  /** Copies the code and opens the verification link in the browser: one act. */
  'login:open-link': (loginId: string) => Reply;
  'account:copy': (
    accountId: string,
    format: CopyFormat,
  ) => Reply<Readonly<{ untilAt: number | null }>>;
  'account:refresh': (accountId: string) => Reply;
  /** What the servers say, in sentences. */
  'account:check': (accountId: string) => Reply<readonly string[]>;
  'account:rename': (accountId: string, label: string) => Reply;
  'account:set-policy': (accountId: string, policy: 'keep-fresh' | 'on-demand') => Reply;
  /** `isOver`: whether the server ended the session; else it is still to be done. */
  'account:sign-out': (accountId: string) => Reply<Readonly<{ proof: string; isOver: boolean }>>;
  /** The same at a server that is gone for good: the tokens go, although the session may live on there. */
  'account:forget': (accountId: string) => Reply<Readonly<{ proof: string; isOver: boolean }>>;
  'account:sign-in': (accountId: string) => Reply<LoginSnapshot>;
  'account:open-page': (accountId: string) => Reply;
  'settings:change': (change: Partial<SettingsSnapshot>) => Reply;
  'exchange:list': () => readonly ExchangeSnapshot[];
  'exchange:copy-curl': (exchangeId: string) => Reply;
  'exchange:clear': () => Reply;
};

export type Pushes = {
  'app:changed': WindowSnapshot;
  'exchange:added': ExchangeSnapshot;
};
