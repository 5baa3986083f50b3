import type { Network } from '../../protocol/http/network.ts';
import type { Clock } from '../ports.ts';
import type { Sent } from './sent.ts';
import { sentNow } from './sent.ts';

/** When the requests of one refresh left: a machine that falls asleep may hold each of them back for hours. */
export class Departures {
  readonly #clock: Clock;
  readonly #left: Sent[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When the first one left; if none has, now. */
  get first(): Sent {
    return this.#left[0] ?? sentNow(this.#clock);
  }

  /** When the last one left; if none has, now. */
  get last(): Sent {
    return this.#left.at(-1) ?? sentNow(this.#clock);
  }

  /** The same network; what is sent through it counts. */
  watching(network: Network): Network {
    return (step, url, init) => {
      const turn = this.#left.length;
      const leave = (): void => {
        this.#left[turn] = sentNow(this.#clock);
      };
      leave();
      return network(step, url, init, leave);
    };
  }
}
