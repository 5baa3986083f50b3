import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names under which Chromium and its relatives are installed, the plain one first. */
const names = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge',
];

/** Where they are on systems that do not put them on the PATH, or put a slow shell script there. */
const places = [
  '/usr/lib/chromium/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The Chromium to run: the one that `CHROMIUM_PATH` names, else the first that is installed.
 * Undefined: there is none. A `CHROMIUM_PATH` that leads nowhere is not passed over in silence.
 *
 * @throws Error when `CHROMIUM_PATH` names no program
 */
export function findChromium(
  env: NodeJS.ProcessEnv = process.env,
  isProgram: (path: string) => boolean = isExecutable,
): string | undefined {
  const named = env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return named;
    throw new Error(`CHROMIUM_PATH names no program: ${named}`);
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
    // Absent or not ours to run: either way it is not the one.
    return false;
  }
}
