import type { Result } from '../../common/result.ts';
import type { VaultFailure } from '../../common/failure.ts';
import type { StoredAccount } from './record.ts';
import type { Network } from '../protocol/http/network.ts';
import type { Uptime } from './uptime.ts';

export type { Uptime };

/** Time. Everything that waits or compares instants asks this, so that a test can wind it. */
export interface Clock {
  /** Wall-clock time: epoch milliseconds. Jumps; for people's eyes and for what outlives the process. */
  now(): number;
  /** Milliseconds since some fixed instant. Never jumps, and counts the time the machine slept. */
  monotonicNow(): number;
  /** How long the machine is up: with this, `now` can be trusted over a restart, or not. */
  uptime(): Uptime;
  /**
   * Resolves after `ms` milliseconds of `monotonicNow()`; late, but at once, after the machine woke.
   * Rejects with the signal's reason when aborted; leaves no listener and no timer behind.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Randomness: `n` bytes from a cryptographic generator, and a number in [0, 1) for jitter. */
export interface Random {
  bytes(n: number): Uint8Array;
  fraction(): number;
}

/** What the vault held when it was opened. */
export type VaultContents = Readonly<{
  accounts: readonly StoredAccount[];
  /** What a person must hear: a record was damaged and set aside, an older copy was used. */
  warnings: readonly VaultWarning[];
}>;

/** Something about the vault that a person must hear. */
export type VaultWarning = Readonly<
  /** `path` is where the damaged file went. */
  | { code: 'record-set-aside'; path: string; usedOlderCopy: boolean }
  /** The file at `path` was gone; an older copy was used. */
  | { code: 'record-missing'; path: string }
  | { code: 'not-protected' }
>;

/**
 * Where accounts are kept. `save` resolves only once the record would survive a power cut. Cut short, it
 * leaves the last good one as it was.
 */
export interface Vault {
  load(): Promise<Result<VaultContents, VaultFailure>>;
  save(account: StoredAccount): Promise<Result<void, VaultFailure>>;
  remove(accountId: string): Promise<Result<void, VaultFailure>>;
}

/** One line for whoever reads the log. Fields are plain; a `Secret` prints as nothing. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** Something that cannot happen did: the error with its stack, and the work goes on. */
  bug(event: string, error: unknown): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** What an account needs from outside: everything that is not its own decision. */
export type Deps = Readonly<{
  clock: Clock;
  random: Random;
  vault: Vault;
  network: Network;
  log: Log;
}>;
