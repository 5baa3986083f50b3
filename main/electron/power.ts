import { net, powerMonitor } from 'electron';
import type { Clock } from '../accounts/ports.ts';
import { watchNetwork } from '../desktop/connectivity.ts';

/** What is done when the machine sleeps, wakes, is locked, or has a network again. */
export type PowerActs = Readonly<{
  suspend: () => void;
  wake: () => void;
  lock: () => void;
  networkBack: () => void;
}>;

/** Tells `acts` of the system's events; returns the undo. */
export function watchPower(
  { suspend, wake, lock, networkBack }: PowerActs,
  clock: Clock,
): () => void {
  powerMonitor.on('suspend', suspend);
  powerMonitor.on('resume', wake);
  powerMonitor.on('lock-screen', lock);
  const unwatch = watchNetwork(() => net.isOnline(), clock, networkBack);
  return () => {
    powerMonitor.off('suspend', suspend);
    powerMonitor.off('resume', wake);
    powerMonitor.off('lock-screen', lock);
    unwatch();
  };
}
