import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Random, Uptime } from '../accounts/ports.ts';

/** How far the boot clock must run ahead before we believe that the machine slept. */
const SUSPEND_THRESHOLD_MS = 2_000;

/**
 * While waiting, look at the boot clock this often: a timer does not notice that the machine slept,
 * and one longer than 2^31 ms would fire at once.
 */
const LOOK_EVERY_MS = 30_000;

/** The boot clock is a file on some systems: within this time it is not read twice. */
const BELIEVE_MS = 10;

/**
 * The real clock. `monotonicNow()` runs smoothly on the monotonic clock and adds what the boot clock
 * (which counts suspend, coarsely) ran ahead of it.
 */
export class SystemClock implements Clock {
  #slept = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  readonly #bootOffset = bootMs() - performance.now();
  readonly #boot = bootId();

  now(): number {
    return Date.now();
  }

  monotonicNow(): number {
    const monotonic = performance.now();
    if (monotonic - this.#lookedAt > BELIEVE_MS) {
      this.#lookedAt = monotonic;
      const ahead = bootMs() - monotonic - this.#bootOffset - this.#slept;
      if (ahead > SUSPEND_THRESHOLD_MS) this.#slept += ahead;
    }
    return monotonic + this.#slept;
  }

  uptime(): Uptime {
    return { boot: this.#boot, ms: bootMs() };
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const until = this.monotonicNow() + ms;
    for (let left = ms; left > 0; left = until - this.monotonicNow()) {
      signal?.throwIfAborted();
      await waitOrWake(Math.min(left, LOOK_EVERY_MS), signal);
    }
    signal?.throwIfAborted();
  }
}

/** Resolves after `ms`, or early when aborted; the caller looks at the signal. */
async function waitOrWake(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal && { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

function bootMs(): number {
  return uptime() * 1_000;
}

/** Linux names each start of the machine; on other systems null. */
function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null; // Not Linux, or a container that shows no such file.
  }
}

/** Randomness of the operating system. */
export const systemRandom: Random = {
  bytes: (n) => randomBytes(n),
  fraction: () => randomInt(2 ** 47) / 2 ** 47,
};
