import { app } from './app.ts';
import { electronVersion } from './running.ts';

/** Gives `process` what Electron adds to it in the main process. */
export function setUpProcess(): void {
  sayVersions('0.0.0.0');
  Object.assign(process, { type: 'browser', defaultApp: true, resourcesPath: __dirname });
  process.exit = (code) => {
    app.exit(typeof code === 'number' ? code : 0);
    // Electron's returns as well: the process ends a moment later.
    return undefined as never;
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => app.quit());
  }
  process.on('uncaughtException', (error) => {
    // An app that listens itself decides itself.
    if (process.listenerCount('uncaughtException') === 1) failInMain(error);
  });
}

/** Ends the app for an error that nobody caught: Electron shows a dialog with these words. */
export function failInMain(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`A JavaScript error occurred in the main process\n${text}\n`);
  app.exit(1);
}

/** Completes `process.versions`: Chromium's is known only when it runs. */
export function sayVersions(chrome: string): void {
  const versions = Object.freeze({ ...process.versions, electron: electronVersion(), chrome });
  Object.defineProperty(process, 'versions', {
    value: versions,
    enumerable: true,
    configurable: true,
  });
}
