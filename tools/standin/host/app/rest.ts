import { strictObject } from '../../strict.ts';

const accelerators = new Set<string>();

/** Records the registered shortcuts; none is ever triggered. */
export const globalShortcut = strictObject('globalShortcut', {
  register: (accelerator: string, _callback: () => void): boolean => {
    accelerators.add(accelerator);
    return true;
  },
  unregister: (accelerator: string): void => void accelerators.delete(accelerator),
  unregisterAll: (): void => accelerators.clear(),
  isRegistered: (accelerator: string): boolean => accelerators.has(accelerator),
});

/** Prints errors to stderr; message boxes and file dialogs are not provided. */
export const dialog = strictObject('dialog', {
  showErrorBox: (title: string, content: string): void =>
    void process.stderr.write(`${title}: ${content}\n`),
});

export const systemPreferences = strictObject('systemPreferences', {});
export const autoUpdater = strictObject('autoUpdater', {});
export const utilityProcess = strictObject('utilityProcess', {});
export const crashReporter = strictObject('crashReporter', {});
