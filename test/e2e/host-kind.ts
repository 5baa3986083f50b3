import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** The host that runs the app in the window specs. */
export type HostKind = 'electron' | 'standin';

/** Set by `HOST`; by default Electron itself if its binary is installed, else the stand-in. */
export function hostKind(env: NodeJS.ProcessEnv = process.env): HostKind {
  const wanted = env.HOST;
  if (wanted === 'electron' || wanted === 'standin') return wanted;
  if (wanted !== undefined) throw new Error(`HOST is electron or standin, not ${wanted}`);
  return existsSync(join(root, 'node_modules/electron/dist')) ? 'electron' : 'standin';
}

/** Makes `require('electron')`, and so Playwright, use the stand-in's executable. */
export function chooseHost(): HostKind {
  const kind = hostKind();
  if (kind === 'standin') {
    process.env.ELECTRON_OVERRIDE_DIST_PATH = join(root, 'tools/standin/bin');
  }
  return kind;
}
