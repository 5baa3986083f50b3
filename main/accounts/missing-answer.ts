import type { Instant } from './account.ts';
import type { Clock } from './ports.ts';

/** A refresh that is about to be sent. Where another one's answer was missing before it, that one counts on. */
export type Expected = Readonly<{
  /** It really left at this instant: a machine that fell asleep may have held it back. */
  left: (sent: Instant) => void;
  /** It was not sent, or cannot have spent the token. */
  takeBack: () => void;
}>;

/**
 * Whether the answer to a refresh is missing: it is under way, or was lost. Then the newest tokens may
 * not be ours, and the note of it on disk has the next start ask for them first.
 */
export class MissingAnswer {
  readonly #clock: Clock;
  #sentAt: number | null;
  #sent: Instant;

  /** @param sentAt what an earlier process noted (epoch milliseconds); its pauses count from now on */
  constructor(sentAt: number | null, clock: Clock) {
    this.#clock = clock;
    this.#sentAt = sentAt;
    this.#sent = clock.elapsed();
  }

  /** Epoch milliseconds, when the first refresh was sent that may have been lost; null: none is missing. */
  get sentAt(): number | null {
    return this.#sentAt;
  }

  /** The same, as a time that has passed: milliseconds. */
  get sinceSentMs(): number | null {
    return this.#sentAt === null ? null : this.#clock.elapsed() - this.#sent;
  }

  /** A refresh is about to be sent. */
  expect(): Expected {
    const isFirst = this.#sentAt === null;
    if (isFirst) {
      this.#sentAt = this.#clock.now();
      this.#sent = this.#clock.elapsed();
    }
    return {
      left: (sent) => {
        if (isFirst) this.#sent = sent;
      },
      takeBack: () => {
        if (isFirst) this.arrived();
      },
    };
  }

  /** The newest tokens are ours. */
  arrived(): void {
    this.#sentAt = null;
  }
}
