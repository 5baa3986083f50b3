import { ipcMain } from 'electron';
import Store from 'electron-store';
import { basename, dirname } from 'node:path';
import type { SettingsStore } from '../../desktop/settings.ts';

/**
 * The settings as a JSON file. An invalid file is replaced: broken settings must not keep the app from
 * starting. The file holds no secrets and nothing that can't be set again.
 */
export function settingsFile(path: string): SettingsStore {
  const store = new Store<Record<string, unknown>>({
    cwd: dirname(path),
    name: basename(path, '.json'),
    accessPropertiesByDotNotation: false,
    clearInvalidConfig: true,
    configFileMode: 0o600,
  });
  // electron-store answers any page on this channel with the data folder; no page of ours needs it.
  ipcMain.removeAllListeners('electron-store-get-data');
  return {
    read: () => store.store,
    write: (kept) => {
      store.store = { ...store.store, ...kept };
    },
  };
}
