import type { Clock, Log } from '../accounts/ports.ts';
import { REFRESH_LIMIT_MS } from '../protocol/time-limits.ts';
import { withTimeout } from '../util/async.ts';

/** What ending takes. */
export type ShutdownParts = Readonly<{
  /** Saves what is under way, and gives everything back. */
  end: () => Promise<void>;
  /** Asks to quit once more, now that the app may. */
  quit: () => void;
  clock: Clock;
  log: Log;
}>;

/**
 * Holds quitting back until what is under way is saved; asking again meanwhile changes nothing. It holds
 * as long as a refresh may take, and not for ever: a computer that shuts down must not wait for something
 * that hangs.
 */
export class Shutdown {
  readonly #parts: ShutdownParts;
  #state: 'no' | 'ending' | 'ended' = 'no';

  constructor(parts: ShutdownParts) {
    this.#parts = parts;
  }

  /** Whether the app may quit at this moment. The first question begins the end. */
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
      await withTimeout(end(), REFRESH_LIMIT_MS, clock, () => log.warn('the end took too long'));
    } catch (error) {
      log.bug('the app could not end in order', error);
    }
    this.#state = 'ended';
    quit();
  }
}
