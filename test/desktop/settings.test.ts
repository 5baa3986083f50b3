import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import {
  DEFAULT_SETTINGS,
  readStoredSettings,
  settingsChange,
} from '../../main/desktop/settings.ts';

test('readKept gives the defaults where there is no file', () => {
  expect(readStoredSettings({})).toEqual({ settings: DEFAULT_SETTINGS, dismissed: [] });
});

test('readKept makes a value that cannot be its default, and keeps the others', () => {
  const settings = { ...DEFAULT_SETTINGS, theme: 'dark', clipboardMs: -5, keepFresh: 'no', old: 1 };
  expect(readStoredSettings({ settings, dismissed: ['no-tray'] })).toEqual({
    settings: { ...DEFAULT_SETTINGS, theme: 'dark' },
    dismissed: ['no-tray'],
  });
});

test('readKept reads anything, and what it gives it reads again', () => {
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
