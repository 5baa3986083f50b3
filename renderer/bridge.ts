import type { Bridge } from '../preload/bridge.ts';

declare global {
  interface Window {
    /** Main, as the preload script lets the window see it. */
    keyfob: Bridge;
  }
}

export type { Bridge };
