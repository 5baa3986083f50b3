import type {
  AccountSnapshot,
  AppSnapshot,
  LoginSnapshot,
  SignOutProof,
} from '../../common/snapshots.ts';
import type { Failure } from '../../common/failure.ts';
import type { Result } from '../../common/result.ts';

/**
 * The engine's interface for the agent API and the desktop app.
 *
 * Every method is asynchronous, and all arguments and results are plain data that survives
 * `structuredClone` unchanged, so the caller may run in another process. A promise rejects only on a bug
 * or a lost connection; every expected failure is a `Result`.
 *
 * `account` is a label or a user ID (`@alice:example.org`). An ambiguous one fails with
 * `account-ambiguous`, an unknown one with `account-unknown`.
 */
export interface EngineApi {
  /** The current state of everything. */
  snapshot(): Promise<AppSnapshot>;
  /**
   * Calls `listener` with the current snapshot, then with a new one after every change, until the
   * returned function is called. The first call comes after `subscribe` has returned. Changes made in
   * the same tick are pushed once.
   */
  subscribe(listener: (snapshot: AppSnapshot) => void): () => void;

  /** Starts a device authorization. Fails on invalid input; all later progress shows in the snapshots. */
  startLogin(request: LoginRequest): Promise<Result<LoginSnapshot, Failure>>;
  /**
   * Signs a signed-out account in again, with the server and the label it had. Fails with `label-taken`
   * if the account is signed in.
   */
  signInAgain(account: string): Promise<Result<LoginSnapshot, Failure>>;
  /** Stops a login. Tokens that arrive later are revoked. */
  cancelLogin(loginId: string): Promise<Result<void, Failure>>;
  /** The user's answer to the step `confirming`: keep the session, or revoke it. */
  answerLogin(loginId: string, keep: boolean): Promise<Result<void, Failure>>;
  /** Requests a new code after the old one expired, for the same server and label. */
  retryLogin(loginId: string): Promise<Result<LoginSnapshot, Failure>>;

  /** Finds an account. */
  find(account: string): Promise<Result<AccountSnapshot, Failure>>;
  /**
   * Hands out a token that is valid for at least `minValidMs`, after a refresh if needed, and records a
   * lease for the consumer. The result holds the token in clear text: keep it out of logs and snapshots.
   */
  tokenFor(account: string, request: TokenRequest): Promise<Result<HandedToken, Failure>>;
  /** Refreshes the tokens now, even if the old access token is in use. */
  refresh(account: string): Promise<Result<AccountSnapshot, Failure>>;
  /** Checks with the homeserver whose token this is (whoami) and what the server supports. */
  check(account: string): Promise<Result<CheckReport, Failure>>;
  /**
   * Changes an account's label or policy; resolves once the change is saved. Fails with `label-invalid`,
   * `label-taken`, or a vault failure; then nothing has changed.
   */
  updateAccount(account: string, update: AccountUpdate): Promise<Result<AccountSnapshot, Failure>>;
  /**
   * Revokes the session, verifies that the server ended it, and deletes the tokens. With `forget` the
   * tokens are deleted even if the server can't be reached: the session may then live on, and the report
   * says so.
   */
  signOut(account: string, forget?: boolean): Promise<Result<SignOutReport, Failure>>;
  /** The access log: which consumer got which account's token, newest last. */
  handOuts(): Promise<readonly HandOut[]>;
}

/** A value that JSON can express. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export type LoginRequest = Readonly<{
  /** As typed: `@alice:example.org`, `example.org`, or a URL. */
  server: string;
  /** null: derived from the user ID. */
  label: string | null;
  /** Changes to our client metadata, with the field names of RFC 7591, section 2. */
  client: Readonly<Record<string, JsonValue>> | null;
}>;

/** The settings of an account that the user can change. Absent fields keep their value. */
export type AccountUpdate = Readonly<{ label?: string; policy?: AccountSnapshot['policy'] }>;

export type TokenRequest = Readonly<{ minValidMs: number; consumer: string }>;

/** A token that was handed out, in clear text: the one result of the engine that holds a secret. */
export type HandedToken = Readonly<{
  accessToken: string;
  label: string;
  userId: string;
  deviceId: string;
  homeserver: string;
  scope: readonly string[];
  /** Epoch milliseconds; null: the server gave no expiry. */
  expiresAt: number | null;
  /** Milliseconds left at the time of the hand-out; null: the server gave no expiry. */
  validForMs: number | null;
}>;

export type CheckReport = Readonly<{
  account: AccountSnapshot;
  /** The user ID that whoami answered just now. */
  userId: string;
  deviceId: string | null;
  /** The Matrix versions that the homeserver supports. */
  versions: readonly string[];
  /** Whether the server offers device authorization today. */
  deviceGrant: boolean;
  /** The server's clock minus ours, in milliseconds, from its `Date` header; null: none sent. For display only. */
  clockSkewMs: number | null;
}>;

export type SignOutReport = Readonly<{
  label: string;
  userId: string | null;
  proof: SignOutProof;
  /** The page where the user can view and end sessions; null: the server names none. */
  accountPage: string | null;
}>;

/** An entry of the access log. Never holds the token. */
export type HandOut = Readonly<{
  at: number;
  label: string;
  userId: string;
  consumer: string;
  untilAt: number | null;
}>;
