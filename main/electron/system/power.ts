import { net, powerMonitor } from 'electron';
import type { Clock } from '../../accounts/ports.ts';
import { watchNetwork } from '../../desktop/system/network.ts';

/** What is done when the machine sleeps, wakes, is locked, shuts down, or has a network again. */
export type PowerHandlers = Readonly<{
  suspend: () => void;
  wake: () => void;
  lock: () => void;
  shutdown: () => void;
  networkBack: () => void;
}>;

/** Tells `acts` of the system's events; returns the undo. */
export function watchPower(
  { suspend, wake, lock, shutdown, networkBack }: PowerHandlers,
  clock: Clock,
): () => void {
  // Held back a little, so that quitting comes first; macOS and Linux alone tell.
  const onShutdown = (event?: Electron.Event): void => {
    event?.preventDefault();
    shutdown();
  };
  powerMonitor.on('suspend', suspend);
  powerMonitor.on('resume', wake);
  // macOS and Windows alone tell.
  powerMonitor.on('lock-screen', lock);
  powerMonitor.on('shutdown', onShutdown);
  const unwatch = watchNetwork(() => net.isOnline(), clock, networkBack);
  return () => {
    powerMonitor.off('suspend', suspend);
    powerMonitor.off('resume', wake);
    powerMonitor.off('lock-screen', lock);
    powerMonitor.off('shutdown', onShutdown);
    unwatch();
  };
}
