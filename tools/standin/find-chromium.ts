import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Executable names of Chromium and browsers based on it, Chromium first. */
const names = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge',
];

/** Their paths on systems where they are not on the PATH, or where the PATH has only a slow shell script. */
const places = [
  '/usr/lib/chromium/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The Chromium to run: the one that `CHROMIUM_PATH` points to, otherwise the first one installed.
 * Undefined if none is installed. A `CHROMIUM_PATH` that is not an executable is an error.
 *
 * @throws Error when `CHROMIUM_PATH` is not an executable
 */
export function findChromium(
  env: NodeJS.ProcessEnv = process.env,
  isProgram: (path: string) => boolean = isExecutable,
): string | undefined {
  const named = env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return named;
    throw new Error(`CHROMIUM_PATH is not an executable: ${named}`);
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...places, ...onPath].find(isProgram);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Missing or not executable: try the next one.
    return false;
  }
}
