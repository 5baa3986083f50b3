import type { Clock, Log } from '../accounts/ports.ts';
import { REFRESH_TIMEOUT_MS } from '../protocol/time-limits.ts';
import { withTimeout } from '../util/async.ts';

/** What a shutdown needs. */
export type ShutdownParts = Readonly<{
  /** Finishes and saves what is in progress, and releases everything. */
  end: () => Promise<void>;
  /** Quits again, which is then allowed. */
  quit: () => void;
  clock: Clock;
  log: Log;
}>;

/**
 * Delays quitting until what is in progress is saved; further attempts to quit change nothing. It waits no
 * longer than a refresh may take, so that a hanging operation can't block the computer's shutdown.
 */
export class Shutdown {
  readonly #parts: ShutdownParts;
  #state: 'no' | 'ending' | 'ended' = 'no';

  constructor(parts: ShutdownParts) {
    this.#parts = parts;
  }

  /** Whether the app may quit now. The first call starts the shutdown. */
  mayQuit(): boolean {
    if (this.#state === 'no') {
      this.#state = 'ending';
      void this.#end(); // never rejects
    }
    return this.#state === 'ended';
  }

  async #end(): Promise<void> {
    const { end, quit, clock, log } = this.#parts;
    try {
      await withTimeout(end(), REFRESH_TIMEOUT_MS, clock, () =>
        log.warn('the shutdown took too long'),
      );
    } catch (error) {
      log.bug('the app could not shut down cleanly', error);
    }
    this.#state = 'ended';
    quit();
  }
}
