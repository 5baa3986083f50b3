import type { JSX } from 'preact';
import type { SettingsSnapshot } from '../../../preload/contract.ts';
import { texts } from '../../texts/en.ts';

const THEMES = ['system', 'light', 'dark'] as const;

type ThemeProps = Readonly<{
  theme: SettingsSnapshot['theme'];
  onTheme: (theme: SettingsSnapshot['theme']) => void;
}>;

/** The window's appearance: one of three. */
export function Theme({ theme, onTheme }: ThemeProps): JSX.Element {
  const words = texts.settings;
  return (
    <fieldset class="plain">
      <legend class="group-title">{words.theme}</legend>
      <div class="segments">
        {THEMES.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="theme"
              value={name}
              checked={theme === name}
              onChange={() => onTheme(name)}
            />
            <span>{words.themes[name]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
