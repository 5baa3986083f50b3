import type { Bridge } from '../preload/bridge.ts';

declare global {
  interface Window {
    /** The API that the preload script exposes. */
    keyfob: Bridge;
  }
}

export type { Bridge };
