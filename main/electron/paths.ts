import { join } from 'node:path';

/** The folder of the built app: beside `main` lie `preload` and `renderer`. */
const built = join(import.meta.dirname, '..');

/** Files that came with the app. */
export const files = {
  preload: join(built, 'preload', 'preload.cjs'),
  renderer: join(built, 'renderer'),
  icons: join(import.meta.dirname, 'icons'),
} as const;
