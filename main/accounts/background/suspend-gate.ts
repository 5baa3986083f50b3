import type { Network } from '../../protocol/http/network.ts';
import type { Clock } from '../ports.ts';

/**
 * A suspension that was announced and that nobody ended is over after this. Some systems change their
 * mind without a word, and no session may hang on that.
 */
const LONGEST_MS = 2 * 60_000;

/**
 * Whether the machine is about to sleep. A refresh whose answer arrives while the machine falls asleep
 * may be lost, and a server forgives that for an hour at most: so none is sent.
 */
export class SuspendGate {
  readonly #clock: Clock;
  readonly #opened: () => void;
  #closed: AbortController | null = null;

  /** @param ended called when a suspension is over, in whichever way */
  constructor(clock: Clock, ended: () => void) {
    this.#clock = clock;
    this.#opened = ended;
  }

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  close(): void {
    if (this.#closed !== null) return;
    const on = new AbortController();
    this.#closed = on;
    this.#clock.sleep(LONGEST_MS, on.signal).then(
      () => this.open(),
      () => undefined, // it was ended in time
    );
  }

  open(): void {
    const on = this.#closed;
    if (on === null) return;
    this.#closed = null;
    on.abort();
    this.#opened();
  }

  /** The same network, through which no refresh leaves before a suspension is over. */
  withSuspendGate(network: Network): Network {
    return async (step, url, init, leaving) => {
      while (step === 'refresh' && this.#closed !== null) await aborted(this.#closed.signal);
      leaving?.();
      return network(step, url, init);
    };
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
