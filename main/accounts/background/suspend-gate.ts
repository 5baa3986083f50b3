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
export class Suspension {
  readonly #clock: Clock;
  readonly #ended: () => void;
  #on: AbortController | null = null;

  /** @param ended called when a suspension is over, in whichever way */
  constructor(clock: Clock, ended: () => void) {
    this.#clock = clock;
    this.#ended = ended;
  }

  get isOn(): boolean {
    return this.#on !== null;
  }

  begin(): void {
    if (this.#on !== null) return;
    const on = new AbortController();
    this.#on = on;
    this.#clock.sleep(LONGEST_MS, on.signal).then(
      () => this.end(),
      () => undefined, // it was ended in time
    );
  }

  end(): void {
    const on = this.#on;
    if (on === null) return;
    this.#on = null;
    on.abort();
    this.#ended();
  }

  /** The same network, through which no refresh leaves before a suspension is over. */
  holding(network: Network): Network {
    return async (step, url, init, leaving) => {
      while (step === 'refresh' && this.#on !== null) await aborted(this.#on.signal);
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
