import * as v from 'valibot';
import { HOUR } from '../../common/time.ts';
import type { SettingsSnapshot } from '../../preload/contract.ts';

/** Milliseconds; an hour is longer than any token should lie about. */
const LONGEST_CLIPBOARD_MS = HOUR;

const fields = {
  startAtLogin: v.boolean(),
  startHidden: v.boolean(),
  keepFresh: v.boolean(),
  clipboardMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LONGEST_CLIPBOARD_MS)),
  notifications: v.boolean(),
  theme: v.picklist(['system', 'light', 'dark']),
};

/** A change as the window may ask for it: some of the settings, each within its bounds. */
export const settingsChange = v.strictObject({
  startAtLogin: v.exactOptional(fields.startAtLogin),
  startHidden: v.exactOptional(fields.startHidden),
  keepFresh: v.exactOptional(fields.keepFresh),
  clipboardMs: v.exactOptional(fields.clipboardMs),
  notifications: v.exactOptional(fields.notifications),
  theme: v.exactOptional(fields.theme),
});

/** What is so until the person says otherwise. Nothing starts by itself. */
export const DEFAULT_SETTINGS: SettingsSnapshot = {
  startAtLogin: false,
  startHidden: false,
  keepFresh: true,
  clipboardMs: 30_000,
  notifications: true,
  theme: 'system',
};

/** What the settings file holds. */
export type Kept = Readonly<{
  settings: SettingsSnapshot;
  /** Codes of notices that the person has seen and dismissed for good. */
  dismissed: readonly string[];
}>;

/** Where settings are kept between runs. */
export interface SettingsStore {
  read(): unknown;
  write(kept: Kept): void;
}

/** Reads what a file held. A value that cannot be is its default: one slip costs one setting, not all. */
export function readKept(file: unknown): Kept {
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
