import { createRequire } from 'node:module';
import type { Chromium } from '../window/chromium.ts';

/** The one place where the stand-in keeps what changes while it runs. */
export const running = {
  ready: false,
  quitting: false,
  exiting: false,
  /** The app's name, version and folder, from its package.json. */
  name: 'Electron',
  version: electronVersion(),
  folder: process.cwd(),
  /** Chromium's switches: the command line's, and what the app appended. */
  switches: new Map<string, string>(),
  /** Undefined until the app is ready. */
  chromium: undefined as Chromium | undefined, // the literal alone would say undefined for good
  /** What a link in the panel opened in, as the person's own browser. */
  otherBrowser: undefined as Chromium | undefined,
};

/** The version that the installed `electron` package stands for. */
export function electronVersion(): string {
  const manifest = createRequire(__filename)('electron/package.json') as { version: string }; // npm's format
  return manifest.version;
}

/** The browser, where the caller runs only after `ready`. @throws Error before that */
export function chromium(): Chromium {
  if (running.chromium === undefined) throw new Error('electron stand-in: Chromium does not run');
  return running.chromium;
}

/** @throws Error in Electron's words, unless the app is ready */
export function demandReady(what: string): void {
  if (!running.ready) throw new Error(`${what} before app is ready`);
}

/** Says something on stderr when STANDIN_DEBUG is set. */
export function debug(what: unknown): void {
  if (process.env.STANDIN_DEBUG === undefined) return;
  process.stderr.write(`[stand-in] ${what instanceof Error ? what.message : String(what)}\n`);
}
