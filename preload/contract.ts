/**
 * Everything the window can receive and request. Plain data: no classes, callbacks or tokens.
 *
 * Names of points in time end in `At` (epoch milliseconds), names of durations in `Ms` (milliseconds).
 */

import type { AppSnapshot, NoticeSnapshot, LoginSnapshot } from '../common/snapshots.ts';

/** Everything the window draws: the engine's snapshot, and what the desktop adds to it. */
export type WindowSnapshot = Readonly<{
  app: AppSnapshot;
  settings: SettingsSnapshot;
  shell: ShellSnapshot;
}>;

/** The person's settings, all of which can be changed in the window. */
export type SettingsSnapshot = Readonly<{
  /** Start when the person logs in to the computer. */
  startAtLogin: boolean;
  /** Start in the tray, without opening the window. */
  startHidden: boolean;
  /** For accounts added from now on. */
  keepFresh: boolean;
  /** Milliseconds until a copied token is cleared from the clipboard; 0: never. */
  clipboardMs: number;
  notifications: boolean;
  theme: 'system' | 'light' | 'dark';
}>;

/** The outcome of an action. `good`: it succeeded, with a result to read. */
export type OutcomeSnapshot = NoticeSnapshot & Readonly<{ tone: 'good' | 'warn' | 'bad' }>;

/** The desktop: its facts, its notices, and the clipboard's state. */
export type ShellSnapshot = Readonly<{
  version: string;
  platform: 'linux' | 'macos' | 'windows';
  /** What protects the vault's key, in words: "macOS Keychain", "GNOME Keyring (libsecret)", ... */
  keyStorage: string;
  /** Whether there is a tray; without one the app only has its window. */
  tray: boolean;
  canStartAtLogin: boolean;
  /** The agent API's socket, for the person's tools. */
  socket: string;
  /** Notices about the desktop. A dismissed one isn't shown again, in later runs either. */
  notices: readonly NoticeSnapshot[];
  /** Outcomes of menu actions, or a clipboard that couldn't be cleared; shown until dismissed. */
  outcomes: readonly OutcomeSnapshot[];
  /** What Keyfob copied to the clipboard, and when it is cleared; null: nothing. */
  copied: Readonly<{ what: string; clearsAt: number | null }> | null;
}>;

/** Success, or a failure to show. A rejected call always means a bug. */
export type Reply<T = null> = Readonly<
  { ok: true; value: T } | { ok: false; failure: NoticeSnapshot }
>;

/** The format in which a token is copied. */
export type CopyFormat = 'token' | 'header' | 'env' | 'curl' | 'json';

export type LoginRequest = Readonly<{
  /** As typed: `@alice:example.org`, `example.org`, or a URL. */
  server: string;
  /** Empty: derived from the user id. */
  label: string;
  /** The client metadata that the person changed, by their names in RFC 7591. */
  client: Readonly<Record<string, string>>;
}>;

/** Client metadata as it would be sent, or the invalid field and the reason. */
export type ClientCheck = Reply<Readonly<{ fields: Readonly<Record<string, string>> }>> &
  Readonly<{ field: string | null }>;

/** One line of a server check: its name and its value, both in words. */
export type CheckFact = readonly [name: string, value: string];

/** One request of a flow and its response, secrets redacted in main. */
export type ExchangeSnapshot = Readonly<{
  id: string;
  /** The login it belongs to; null: it belongs to a signed-in account. */
  loginId: string | null;
  step: string;
  method: string;
  url: string;
  requestHeaders: Readonly<Record<string, string>>;
  requestBody: string | null;
  /** null: no response. */
  status: number | null;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string | null;
  startedAt: number;
  tookMs: number;
  /** Code of the network failure; null: there was a response, whatever its status. */
  failure: string | null;
}>;

/**
 * Requests from the window to main. Channels are `noun:verb`. Main validates the arguments. No reply holds a
 * token: copying happens in main.
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
  /** Copies the code and opens the verification link in the browser. */
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
  /** `isOver`: whether the session has ended on the server. */
  'account:sign-out': (accountId: string) => Reply<Readonly<{ proof: string; isOver: boolean }>>;
  /** Like `account:sign-out`, but deletes the tokens even if the session may stay active on the server. */
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
