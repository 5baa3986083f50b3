import { net, powerMonitor } from 'electron';
import type { Clock } from '../../accounts/ports.ts';
import { watchNetwork } from '../../desktop/system/network.ts';

/** Called when the machine sleeps, wakes, is locked, shuts down, or is back online. */
export type PowerHandlers = Readonly<{
  suspend: () => void;
  wake: () => void;
  lock: () => void;
  shutdown: () => void;
  networkBack: () => void;
}>;

/** Calls the handlers on system events; returns the undo. */
export function watchPower(
  { suspend, wake, lock, shutdown, networkBack }: PowerHandlers,
  clock: Clock,
): () => void {
  // Delays the shutdown so that the app can quit in order. Only macOS and Linux send this event.
  const onShutdown = (event?: Electron.Event): void => {
    event?.preventDefault();
    shutdown();
  };
  powerMonitor.on('suspend', suspend);
  powerMonitor.on('resume', wake);
  // Only macOS and Windows send this event.
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
