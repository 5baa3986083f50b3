import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { running } from './running.ts';

const chosen = new Map<string, string>();

const inHome = (folder: string) => () => join(homedir(), folder);

const defaults: Readonly<Record<string, () => string>> = {
  home: homedir,
  appData: () => process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'),
  userData: () => join(pathOf('appData'), running.name),
  sessionData: () => pathOf('userData'),
  logs: () => join(pathOf('userData'), 'logs'),
  crashDumps: () => join(pathOf('userData'), 'Crashpad'),
  temp: tmpdir,
  exe: () => process.execPath,
  module: () => process.execPath,
  desktop: inHome('Desktop'),
  documents: inHome('Documents'),
  downloads: inHome('Downloads'),
  music: inHome('Music'),
  pictures: inHome('Pictures'),
  videos: inHome('Videos'),
};

/** `app.getPath()`. @throws Error with Electron's message for an unknown name */
export function pathOf(name: string): string {
  const path = chosen.get(name) ?? defaults[name]?.();
  if (path === undefined) throw new Error(`Failed to get '${name}' path`);
  return path;
}

/** `app.setPath()`. @throws Error with Electron's message */
export function choosePath(name: string, path: string): void {
  if (!isAbsolute(path)) throw new Error('Path must be absolute');
  if (!Object.hasOwn(defaults, name)) throw new Error(`Failed to set path '${name}'`);
  chosen.set(name, path);
}
