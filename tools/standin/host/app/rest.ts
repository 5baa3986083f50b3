import { strictObject } from '../../strict.ts';

const accelerators = new Set<string>();

/** Remembers what was asked for; no key ever arrives. */
export const globalShortcut = strictObject('globalShortcut', {
  register: (accelerator: string, _callback: () => void): boolean => {
    accelerators.add(accelerator);
    return true;
  },
  unregister: (accelerator: string): void => void accelerators.delete(accelerator),
  unregisterAll: (): void => accelerators.clear(),
  isRegistered: (accelerator: string): boolean => accelerators.has(accelerator),
});

/** Says errors on stderr; questions are not provided. */
export const dialog = strictObject('dialog', {
  showErrorBox: (title: string, content: string): void =>
    void process.stderr.write(`${title}: ${content}\n`),
});

export const systemPreferences = strictObject('systemPreferences', {});
export const autoUpdater = strictObject('autoUpdater', {});
export const utilityProcess = strictObject('utilityProcess', {});
export const crashReporter = strictObject('crashReporter', {});
