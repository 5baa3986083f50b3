import { join } from 'node:path';

/** The folder of the built app, which holds `main`, `preload` and `renderer`. */
const built = join(import.meta.dirname, '..');

/** Files that ship with the app. */
export const files = {
  preload: join(built, 'preload', 'preload.cjs'),
  renderer: join(built, 'renderer'),
  icons: join(import.meta.dirname, 'icons'),
} as const;
