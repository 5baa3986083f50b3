import type { SettingsSnapshot } from '../../preload/contract.ts';

/** The value of `data-theme` on the page's root; null: none, the system decides. */
export function themeAttribute(theme: SettingsSnapshot['theme']): 'light' | 'dark' | null {
  return theme === 'system' ? null : theme;
}
