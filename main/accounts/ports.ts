import type { Result } from '../../common/result.ts';
import type { VaultFailure } from '../../common/failure.ts';
import type { StoredAccount } from './record.ts';
import type { Network } from '../protocol/http/network.ts';
import type { Uptime } from './uptime.ts';

export type { Uptime };

/** Time. Everything that waits or compares times uses this port, so tests can control it. */
export interface Clock {
  /** Wall-clock time in epoch milliseconds. May jump: only for display and for records. */
  now(): number;
  /** Monotonic time in milliseconds. Never jumps, and includes suspend. */
  monotonicNow(): number;
  /** The machine's uptime: tells whether `now` can be trusted across a restart. */
  uptime(): Uptime;
  /**
   * Resolves after `ms` milliseconds of `monotonicNow()`; after a suspend, immediately on resume. Rejects
   * with the signal's reason when aborted. Leaves no listener or timer behind.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Randomness: `n` cryptographically secure bytes, and a number in [0, 1) for jitter. */
export interface Random {
  bytes(n: number): Uint8Array;
  fraction(): number;
}

/** The contents of the vault when it was opened. */
export type VaultContents = Readonly<{
  accounts: readonly StoredAccount[];
  warnings: readonly VaultWarning[];
}>;

/** A problem with the vault that the user has to know about. */
export type VaultWarning = Readonly<
  /** `path`: where the damaged file was moved. */
  | { code: 'record-set-aside'; path: string; usedOlderCopy: boolean }
  /** The file at `path` is missing; an older copy was used. */
  | { code: 'record-missing'; path: string }
  | { code: 'not-protected' }
>;

/**
 * Storage for accounts. `save` is atomic and resolves once the record would survive a power failure; if
 * it fails or is interrupted, the previous record is intact.
 */
export interface Vault {
  load(): Promise<Result<VaultContents, VaultFailure>>;
  save(account: StoredAccount): Promise<Result<void, VaultFailure>>;
  remove(accountId: string): Promise<Result<void, VaultFailure>>;
}

/** Structured log. Fields are plain values; a `Secret` is never printed. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** An unexpected exception, logged with its stack; the program continues. */
  bug(event: string, error: unknown): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** The dependencies of everything that works with accounts. */
export type Deps = Readonly<{
  clock: Clock;
  random: Random;
  vault: Vault;
  network: Network;
  log: Log;
}>;
