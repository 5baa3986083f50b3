import type { Network } from '../protocol/network.ts';
import type { Instant } from './account.ts';
import type { Clock } from './ports.ts';

/** One moment on both clocks: epoch milliseconds, and the one that never jumps. */
export type Moment = Readonly<{ at: number; instant: Instant }>;

/** When the requests of one refresh left: a machine that falls asleep may hold each of them back for hours. */
export class Departures {
  readonly #clock: Clock;
  readonly #left: Moment[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When the first one left; if none has, now. */
  get first(): Moment {
    return this.#left[0] ?? this.#moment();
  }

  /** When the last one left; if none has, now. */
  get last(): Moment {
    return this.#left.at(-1) ?? this.#moment();
  }

  /** The same network; what is sent through it counts. */
  watching(network: Network): Network {
    return (step, url, init) => {
      const turn = this.#left.length;
      const leave = (): void => {
        this.#left[turn] = this.#moment();
      };
      leave();
      return network(step, url, init, leave);
    };
  }

  #moment(): Moment {
    return { at: this.#clock.now(), instant: this.#clock.elapsed() };
  }
}
