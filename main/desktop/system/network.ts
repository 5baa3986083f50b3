import type { Clock } from '../../accounts/ports.ts';

/** The main process gets no event for the network, so it polls. */
const LOOK_EVERY_MS = 5_000;

/** Calls `back` whenever the network is back; returns the undo. */
export function watchNetwork(isOnline: () => boolean, clock: Clock, back: () => void): () => void {
  const end = new AbortController();
  const look = async (): Promise<void> => {
    for (let was = isOnline(); ;) {
      await clock.sleep(LOOK_EVERY_MS, end.signal);
      const is = isOnline();
      if (is && !was) back();
      was = is;
    }
  };
  look().catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  return () => end.abort();
}
