import type { Clock } from '../main/accounts/ports.ts';
import type { Uptime } from '../main/accounts/uptime.ts';

type Sleeper = Readonly<{ until: number; wake: () => void }>;

/** Turns of the event loop that are granted to whatever is under way before time moves on. */
const TURNS = 12;

/**
 * A clock that moves only when told to. The wall clock follows the elapsed time, and can be set apart
 * from it. Nothing here waits for real.
 */
export class FakeClock implements Clock {
  #wallOffset: number;
  #elapsed = 0;
  #boots = 1;
  #booted = 0;
  readonly #sleepers: Sleeper[] = [];
  readonly #turns: number;

  /**
   * @param now what the wall clock shows at first: epoch milliseconds
   * @param turns of the event loop between two sleepers; 1 is enough where nothing but promises runs
   */
  constructor(now = Date.UTC(2026, 0, 1), turns = TURNS) {
    this.#wallOffset = now;
    this.#turns = turns;
  }

  now(): number {
    return this.#wallOffset + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  uptime(): Uptime {
    return { boot: `boot ${this.#boots}`, ms: this.#elapsed - this.#booted };
  }

  /** The machine is started anew, at once. */
  reboot(): void {
    this.#boots += 1;
    this.#booted = this.#elapsed;
  }

  /** How many sleeps are not over: 0 means that no timer is left. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  /** When the next sleep is over, on `elapsed()`; null: nobody sleeps. */
  get nextWake(): number | null {
    return this.#sleepers[0]?.until ?? null;
  }

  /** Somebody sets the computer's clock. What is waited for does not change. */
  setWallClock(now: number): void {
    this.#wallOffset = now - this.#elapsed;
  }

  /** The machine sleeps for `ms`: time goes on, and no timer fires before the next `advance`. */
  suspend(ms: number): void {
    this.#elapsed += ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(reasonOf(signal));
        return;
      }
      if (ms <= 0) {
        resolve();
        return;
      }
      const sleeper: Sleeper = {
        until: this.#elapsed + ms,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
        reject(reasonOf(signal));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const later = this.#sleepers.findIndex(({ until }) => until > sleeper.until);
      this.#sleepers.splice(later === -1 ? this.#sleepers.length : later, 0, sleeper);
    });
  }

  /**
   * Moves the time on by `ms`, to each sleeper that is due in turn, and lets everything settle that it
   * set going before the next one wakes. `advance(0)` wakes who overslept a suspend.
   */
  async advance(ms: number): Promise<void> {
    const target = this.#elapsed + ms;
    await settle(this.#turns);
    for (let next = this.#sleepers[0]; next !== undefined; next = this.#sleepers[0]) {
      if (next.until > target) break;
      this.#sleepers.shift();
      this.#elapsed = Math.max(this.#elapsed, next.until);
      next.wake();
      await settle(this.#turns);
    }
    this.#elapsed = Math.max(this.#elapsed, target);
    await settle(this.#turns);
  }
}

/** Lets promises and finished I/O be dealt with: some turns of the event loop, no waiting. */
export async function settle(turns = TURNS): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1)
    await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Turns the event loop until `holds`: for real I/O, whose end no clock knows. Throws after 10 s. */
export async function until(holds: () => boolean, what = 'what was waited for'): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > giveUpAt) throw new Error(`Did not happen within 10 s: ${what}`);
    await settle(1);
  }
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('Aborted');
}
