import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import {
  DEFAULT_SETTINGS,
  readStoredSettings,
  settingsChange,
} from '../../main/desktop/settings.ts';

test('readStoredSettings() returns the defaults without a file', () => {
  expect(readStoredSettings({})).toEqual({ settings: DEFAULT_SETTINGS, dismissed: [] });
});

test('readStoredSettings() replaces an invalid value with its default and keeps the others', () => {
  const settings = { ...DEFAULT_SETTINGS, theme: 'dark', clipboardMs: -5, keepFresh: 'no', old: 1 };
  expect(readStoredSettings({ settings, dismissed: ['no-tray'] })).toEqual({
    settings: { ...DEFAULT_SETTINGS, theme: 'dark' },
    dismissed: ['no-tray'],
  });
});

test('readStoredSettings() accepts any input, and reads its own result unchanged', () => {
  fc.assert(
    fc.property(fc.anything(), (file) => {
      const kept = readStoredSettings(file);
      expect(readStoredSettings(kept)).toEqual(kept);
    }),
    { numRuns: 10_000 },
  );
});

test.each([
  [{ clipboardMs: 0 }, true],
  [{ clipboardMs: 3_600_001 }, false],
  [{ clipboardMs: 1.5 }, false],
  [{ theme: 'pink' }, false],
  [{ startAtLogin: undefined }, false],
  [{ other: true }, false],
  [{}, true],
  [null, false],
])('settingsChange takes %j: %s', (change, taken) => {
  expect(v.is(settingsChange, change)).toBe(taken);
});
