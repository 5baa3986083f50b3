import type { Failure } from '../../common/failure.ts';
import type { Instant } from './account.ts';
import type { Clock } from './ports.ts';
import { askedPauseMs } from './retry.ts';

/** A caller that keeps asking while the server is away causes at most one request in this time. */
const MIN_PAUSE_MS = 1_000;

const NEVER = Number.NEGATIVE_INFINITY;

/**
 * How long nobody asks for new tokens again after a refresh that failed, whatever state the account is
 * in meanwhile. The time that the server named holds for everything that would send one; a second holds
 * for callers.
 */
export class Pause {
  readonly #clock: Clock;
  #failure: Failure | null = null;
  #ended: Instant = NEVER;
  #notBefore: Instant = NEVER;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the last refresh failed. */
  get isOn(): boolean {
    return this.#failure !== null;
  }

  /** The server asked for nothing to be sent before this instant. */
  get notBefore(): Instant {
    return this.#notBefore;
  }

  /** A refresh has just failed. */
  failed(failure: Failure): void {
    const askedMs = askedPauseMs(failure);
    this.#failure = failure;
    this.#ended = this.#clock.elapsed();
    this.#notBefore = askedMs === 0 ? NEVER : this.#ended + askedMs;
  }

  /** There are new tokens, or there never will be any. */
  over(): void {
    this.#failure = null;
    this.#notBefore = NEVER;
  }

  /** The failure to repeat until the time is over that the server named, with what is left of it. */
  told(): Failure | null {
    const leftMs = this.#notBefore - this.#clock.elapsed();
    if (this.#failure === null || leftMs <= 0) return null;
    return 'retryAfterMs' in this.#failure
      ? { ...this.#failure, retryAfterMs: leftMs }
      : this.#failure;
  }

  /** The failure to repeat to a caller while it is too early to ask the server again; null: it is not. */
  tooEarly(): Failure | null {
    const isEarly = this.#clock.elapsed() < this.#ended + MIN_PAUSE_MS;
    return this.told() ?? (isEarly ? this.#failure : null);
  }
}
