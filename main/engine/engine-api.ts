import type {
  AccountSnapshot,
  AppSnapshot,
  LoginSnapshot,
  SignOutProof,
} from '../../common/snapshots.ts';
import type { Failure } from '../../common/failure.ts';
import type { Result } from '../../common/result.ts';
import type { Secret } from '../protocol/secret.ts';

/**
 * The engine as whoever hands things out sees it: the agent API, the gateway, the tray.
 * `account` is always a label or a user id (`@alice:example.org`); an ambiguous one fails with
 * `account-ambiguous`, an unknown one with `account-unknown`.
 */
export interface EngineApi {
  snapshot(): AppSnapshot;
  /** Calls `listener` after every change; returns the undo. */
  subscribe(listener: (snapshot: AppSnapshot) => void): () => void;

  /** Starts one run of the device grant. Fails at once on bad input; all else shows in the snapshot. */
  startLogin(request: LoginRequest): Result<LoginSnapshot, Failure>;
  /**
   * Signs a signed-out account in again, found as it was the first time, under its label. Fails with
   * `label-taken` where the account is signed in.
   */
  signInAgain(account: string): Result<LoginSnapshot, Failure>;
  /** Stops a login. Tokens that arrive after this are revoked. */
  cancelLogin(loginId: string): Result<void, Failure>;
  /** The person's answer to `confirming`: keep the session, or revoke it. */
  answerLogin(loginId: string, keep: boolean): Result<void, Failure>;
  /** Asks for a new code after the old one expired, same server, same label. */
  retryLogin(loginId: string): Result<LoginSnapshot, Failure>;

  /** The account that `account` names. */
  find(account: string): Result<AccountSnapshot, Failure>;
  /** A token that lives at least `minValidMs` longer; refreshes first where needed. Records a lease. */
  tokenFor(account: string, request: TokenRequest): Promise<Result<HandedToken, Failure>>;
  /** New tokens now, whoever holds the old one. */
  refresh(account: string): Promise<Result<AccountSnapshot, Failure>>;
  /** Asks the homeserver who this token is, and what the server allows. */
  check(account: string): Promise<Result<CheckReport, Failure>>;
  /**
   * Gives the account another label or policy; the account is as wished once this is saved. Fails with
   * `label-invalid`, `label-taken`, or as saving does: then nothing has changed.
   */
  updateAccount(account: string, wish: AccountUpdate): Promise<Result<AccountSnapshot, Failure>>;
  /**
   * Ends the session at the server, proves it, forgets the tokens. With `forget` the tokens go even if
   * the server cannot be reached: the session then lives on there, and the report says so.
   */
  signOut(account: string, forget?: boolean): Promise<Result<SignOutReport, Failure>>;
  /** Who took what, newest last. */
  handOuts(): readonly HandOut[];
}

export type LoginRequest = Readonly<{
  /** As typed: `@alice:example.org`, `example.org`, or a URL. */
  server: string;
  /** null: made from the user id. */
  label: string | null;
  /** What the person changed of our client metadata; wire names of RFC 7591. */
  client: Readonly<Record<string, unknown>> | null;
}>;

/** What a person may choose about an account. What is absent stays. */
export type AccountUpdate = Readonly<{ label?: string; policy?: AccountSnapshot['policy'] }>;

export type TokenRequest = Readonly<{ minValidMs: number; consumer: string }>;

export type HandedToken = Readonly<{
  token: Secret;
  label: string;
  userId: string;
  deviceId: string;
  homeserver: string;
  scope: readonly string[];
  /** Epoch milliseconds; null: the server did not say. */
  expiresAt: number | null;
  /** Milliseconds left when it was handed out; null: the server did not say. */
  validForMs: number | null;
}>;

export type CheckReport = Readonly<{
  account: AccountSnapshot;
  /** What whoami said just now. */
  userId: string;
  deviceId: string | null;
  /** Spec versions the homeserver lists. */
  versions: readonly string[];
  /** Whether a new device sign-in would be offered today. */
  deviceGrant: boolean;
  /** Server's clock minus ours, in milliseconds, from the `Date` header; null: not sent. Only to tell the person. */
  clockSkewMs: number | null;
}>;

export type SignOutReport = Readonly<{
  label: string;
  userId: string | null;
  proof: SignOutProof;
  /** Where the person can see and end sessions; null: the server names no page. */
  accountPage: string | null;
}>;

/** One token handed out. Never the token itself. */
export type HandOut = Readonly<{
  at: number;
  label: string;
  userId: string;
  consumer: string;
  untilAt: number | null;
}>;
