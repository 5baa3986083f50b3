/** Work in the order it was asked for within one lane; lanes do not wait for each other. */
export class Lanes {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Runs `work` once everything asked for earlier in `lane` is over, however it ended. */
  run<T>(lane: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(lane);
    const result = before === undefined ? work() : before.then(work);
    const tail = result.then(ignore, ignore).then(() => {
      if (this.#tails.get(lane) === tail) this.#tails.delete(lane);
    });
    this.#tails.set(lane, tail);
    return result;
  }

  /** Resolves once everything asked for so far is over. */
  async settled(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}

function ignore(): void {
  // How a piece of work ended is for whoever asked for it; the next in line only needs that it has.
}

/** Runs at most `width` pieces of work at once, and the others in the order they came. */
export class Limit {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(width: number) {
    this.#free = width;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
