import * as v from 'valibot';
import { HOUR } from '../../common/time.ts';
import type { SettingsSnapshot } from '../../preload/contract.ts';

/** An upper limit, in milliseconds. */
const LONGEST_CLIPBOARD_MS = HOUR;

const fields = {
  startAtLogin: v.boolean(),
  startHidden: v.boolean(),
  keepFresh: v.boolean(),
  clipboardMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LONGEST_CLIPBOARD_MS)),
  notifications: v.boolean(),
  theme: v.picklist(['system', 'light', 'dark']),
};

/** A change requested by the window: some of the settings, each within its bounds. */
export const settingsChange = v.strictObject({
  startAtLogin: v.exactOptional(fields.startAtLogin),
  startHidden: v.exactOptional(fields.startHidden),
  keepFresh: v.exactOptional(fields.keepFresh),
  clipboardMs: v.exactOptional(fields.clipboardMs),
  notifications: v.exactOptional(fields.notifications),
  theme: v.exactOptional(fields.theme),
});

/** The defaults. Nothing starts on its own. */
export const DEFAULT_SETTINGS: SettingsSnapshot = {
  startAtLogin: false,
  startHidden: false,
  keepFresh: true,
  clipboardMs: 30_000,
  notifications: true,
  theme: 'system',
};

/** The content of the settings file. */
export type StoredSettings = Readonly<{
  settings: SettingsSnapshot;
  /** Codes of the notices that the person dismissed. */
  dismissed: readonly string[];
}>;

/** Where settings are stored between runs. */
export interface SettingsStore {
  read(): unknown;
  write(kept: StoredSettings): void;
}

/** Reads a stored file. An invalid value becomes its default, without affecting the others. */
export function readStoredSettings(file: unknown): StoredSettings {
  const { settings, dismissed } = v.parse(keptFile, file);
  return { settings, dismissed };
}

const keptFile = v.fallback(
  v.object({
    settings: v.fallback(
      v.object({
        startAtLogin: v.fallback(fields.startAtLogin, DEFAULT_SETTINGS.startAtLogin),
        startHidden: v.fallback(fields.startHidden, DEFAULT_SETTINGS.startHidden),
        keepFresh: v.fallback(fields.keepFresh, DEFAULT_SETTINGS.keepFresh),
        clipboardMs: v.fallback(fields.clipboardMs, DEFAULT_SETTINGS.clipboardMs),
        notifications: v.fallback(fields.notifications, DEFAULT_SETTINGS.notifications),
        theme: v.fallback(fields.theme, DEFAULT_SETTINGS.theme),
      }),
      DEFAULT_SETTINGS,
    ),
    dismissed: v.fallback(v.array(v.string()), []),
  }),
  { settings: DEFAULT_SETTINGS, dismissed: [] },
);
