import { ipcMain } from 'electron';
import Store from 'electron-store';
import { basename, dirname } from 'node:path';
import type { SettingsStore } from '../../desktop/settings.ts';

/**
 * The settings as a JSON file. A file that is none is replaced: settings are no reason not to start.
 * Nothing secret and nothing that hurts to lose is in it.
 */
export function settingsFile(path: string): SettingsStore {
  const store = new Store<Record<string, unknown>>({
    cwd: dirname(path),
    name: basename(path, '.json'),
    accessPropertiesByDotNotation: false,
    clearInvalidConfig: true,
    configFileMode: 0o600,
  });
  // It answers any page that asks where our data is; ours do not ask.
  ipcMain.removeAllListeners('electron-store-get-data');
  return {
    read: () => store.store,
    write: (kept) => {
      store.store = { ...store.store, ...kept };
    },
  };
}
