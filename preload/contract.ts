/**
 * What the window may see and ask. Plain data: no classes, no callbacks, no tokens. What is not named here
 * cannot be asked.
 *
 * Moments are epoch milliseconds and end in `At`; durations are milliseconds and end in `Ms`.
 */

import type { AppSnapshot, NoticeSnapshot, LoginSnapshot } from '../common/snapshots.ts';

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
  /** What a menu entry led to, or a clipboard that could not be cleared; shown until dismissed. */
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

export type LoginRequest = Readonly<{
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

/** One line of a server check: its name and its value, both in words. */
export type CheckFact = readonly [name: string, value: string];

/** One request of a flow and its response, secrets redacted in main. */
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
  'login:start': (wish: LoginRequest) => Reply<LoginSnapshot>;
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
  /** What the servers say about the account and its token. */
  'account:check': (accountId: string) => Reply<readonly CheckFact[]>;
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
