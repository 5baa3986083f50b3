import type { Network } from '../../protocol/http/network.ts';
import type { Clock } from '../ports.ts';

/**
 * The gate opens by itself after this time: some systems announce a suspend and then cancel it without
 * notice, which must not block refreshes.
 */
const LONGEST_MS = 2 * 60_000;

/**
 * Closed while the machine is suspending: no refresh is sent then, because its response may be lost. How
 * long a server accepts the old refresh token after that differs (an hour, 15 seconds, or not at all; see
 * docs/reliability.md), and a suspend may last longer.
 */
export class SuspendGate {
  readonly #clock: Clock;
  readonly #opened: () => void;
  #closed: AbortController | null = null;

  /** @param opened called whenever the gate opens */
  constructor(clock: Clock, opened: () => void) {
    this.#clock = clock;
    this.#opened = opened;
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
      () => undefined, // opened in time
    );
  }

  open(): void {
    const on = this.#closed;
    if (on === null) return;
    this.#closed = null;
    on.abort();
    this.#opened();
  }

  /** The same network; refreshes wait until the gate is open. */
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
