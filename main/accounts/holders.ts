import type { Tokens } from './account.ts';
import type { Lease } from './leases.ts';
import { holdingAt, withLease } from './leases.ts';
import type { Clock } from './ports.ts';

/** Whoever was given a token by an earlier process: that did not leave the name. */
export const BEFORE_RESTART = 'a tool from before the restart';

/** Who holds the current token of one account. */
export class Holders {
  readonly #clock: Pick<Clock, 'elapsed'>;
  #leases: readonly Lease[] = [];

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock;
  }

  /** The leases that still hold, now. */
  get leases(): readonly Lease[] {
    return holdingAt(this.#leases, this.#clock.elapsed());
  }

  /** `consumer` was given the token. */
  add(consumer: string, { expires }: Tokens): void {
    this.#leases = withLease(this.leases, { consumer, until: expires });
  }

  /** The token is dead. Gives who still held it, by name; null: nobody. */
  dismiss(): string | null {
    const cut = this.leases.map(({ consumer }) => consumer);
    this.#leases = [];
    return cut.length === 0 ? null : cut.join(', ');
  }
}
