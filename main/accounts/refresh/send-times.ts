import type { Network } from '../../protocol/http/network.ts';
import type { MonotonicMs } from '../account.ts';
import type { Clock } from '../ports.ts';
import type { Uptime } from '../uptime.ts';

/** When a request was sent: by the wall clock (epoch milliseconds), and by the two clocks that nobody sets. */
export type SentAt = Readonly<{ at: number; monotonic: MonotonicMs; uptime: Uptime }>;

/** A request is sent now. */
export function sentNow(clock: Clock): SentAt {
  return { at: clock.now(), monotonic: clock.monotonicNow(), uptime: clock.uptime() };
}

/** When the requests of one refresh were sent: a machine that is suspending may hold each back for hours. */
export class SendTimes {
  readonly #clock: Clock;
  readonly #times: SentAt[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When the first one was sent; if none was, now. */
  get first(): SentAt {
    return this.#times[0] ?? sentNow(this.#clock);
  }

  /** When the last one was sent; if none was, now. */
  get last(): SentAt {
    return this.#times.at(-1) ?? sentNow(this.#clock);
  }

  /** The same network, with the send time of each request noted. */
  withSendTimes(network: Network): Network {
    return (step, url, init) => {
      const index = this.#times.length;
      const note = (): void => {
        this.#times[index] = sentNow(this.#clock);
      };
      note();
      return network(step, url, init, note);
    };
  }
}
