import { createRequire } from 'node:module';
import type { Chromium } from '../window/chromium.ts';

/** All mutable state of the stand-in. */
export const running = {
  ready: false,
  quitting: false,
  exiting: false,
  /** The app's name, version and folder, from its package.json. */
  name: 'Electron',
  version: electronVersion(),
  folder: process.cwd(),
  /** Chromium's switches, from the command line and appended by the app. */
  switches: new Map<string, string>(),
  /** Undefined until the app is ready. */
  chromium: undefined as Chromium | undefined, // without it the type would be just undefined
  /** The browser that links in the panel open in, in place of the user's own. */
  otherBrowser: undefined as Chromium | undefined,
};

/** The version of the installed `electron` package. */
export function electronVersion(): string {
  const manifest = createRequire(__filename)('electron/package.json') as { version: string }; // npm's format
  return manifest.version;
}

/** The browser, for callers that run only after `ready`. @throws Error before that */
export function chromium(): Chromium {
  if (running.chromium === undefined) throw new Error('electron stand-in: Chromium is not running');
  return running.chromium;
}

/** @throws Error with Electron's message unless the app is ready */
export function demandReady(what: string): void {
  if (!running.ready) throw new Error(`${what} before app is ready`);
}

/** Writes a line to stderr when STANDIN_DEBUG is set. */
export function debug(what: unknown): void {
  if (process.env.STANDIN_DEBUG === undefined) return;
  process.stderr.write(`[stand-in] ${what instanceof Error ? what.message : String(what)}\n`);
}
