import { app } from './app.ts';
import { electronVersion } from './running.ts';

/** Adds to `process` what Electron adds in the main process. */
export function setUpProcess(): void {
  sayVersions('0.0.0.0');
  Object.assign(process, { type: 'browser', defaultApp: true, resourcesPath: __dirname });
  process.exit = (code) => {
    app.exit(typeof code === 'number' ? code : 0);
    // Electron's also returns; the process ends a moment later.
    return undefined as never;
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => app.quit());
  }
  process.on('uncaughtException', (error) => {
    // An app with its own listener handles the error itself.
    if (process.listenerCount('uncaughtException') === 1) failInMain(error);
  });
}

/** Ends the app after an uncaught error. Electron shows this message in a dialog. */
export function failInMain(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`A JavaScript error occurred in the main process\n${text}\n`);
  app.exit(1);
}

/** Adds Chromium's version to `process.versions`; it is known only once Chromium runs. */
export function sayVersions(chrome: string): void {
  const versions = Object.freeze({ ...process.versions, electron: electronVersion(), chrome });
  Object.defineProperty(process, 'versions', {
    value: versions,
    enumerable: true,
    configurable: true,
  });
}
