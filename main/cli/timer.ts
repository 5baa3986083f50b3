import { setTimeout as sleep } from 'node:timers/promises';
import type { Timer } from '../util/async.ts';

/**
 * The runtime's own timers. A command lives for seconds: unlike the agent's clock, they need not notice
 * that the machine slept.
 */
export const processTimer: Timer = {
  sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }),
};
