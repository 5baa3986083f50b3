import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Random, Uptime } from '../accounts/ports.ts';

/** How far the boot clock must be ahead before it counts as suspend. */
const SUSPEND_THRESHOLD_MS = 2_000;

/**
 * How often a sleep checks the boot clock: a timer doesn't notice suspend, and one longer than 2^31 ms fires
 * at once.
 */
const CHECK_EVERY_MS = 30_000;

/** How long a reading of the boot clock is reused: on some systems it is a file. */
const REUSE_MS = 10;

/**
 * The real clock. `monotonicNow()` is the monotonic clock, for smooth progress, plus the suspend time by which
 * the coarser boot clock is ahead of it.
 */
export class SystemClock implements Clock {
  #slept = 0;
  #readAt = Number.NEGATIVE_INFINITY;
  readonly #bootOffset = bootMs() - performance.now();
  readonly #boot = bootId();

  now(): number {
    return Date.now();
  }

  monotonicNow(): number {
    const monotonic = performance.now();
    if (monotonic - this.#readAt > REUSE_MS) {
      this.#readAt = monotonic;
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
      await delayOrAbort(Math.min(left, CHECK_EVERY_MS), signal);
    }
    signal?.throwIfAborted();
  }
}

/** Resolves after `ms`, or early when aborted; the caller checks the signal. */
async function delayOrAbort(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal && { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

function bootMs(): number {
  return uptime() * 1_000;
}

/** Linux's ID of the current boot; null on other systems. */
function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null; // not Linux, or a container without this file
  }
}

/** The operating system's random number generator. */
export const systemRandom: Random = {
  bytes: (n) => randomBytes(n),
  fraction: () => randomInt(2 ** 47) / 2 ** 47,
};
