import { styleText } from 'node:util';
import type { Io } from '../io.ts';

/** How much a terminal may be asked to show. */
export type Looks = Readonly<{
  /** Whether control sequences may be written: colours, and a line that is redrawn in place. */
  ansi: boolean;
  /** Whether letters beyond ASCII arrive as they are. */
  unicode: boolean;
}>;

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red';

/**
 * What stderr's terminal supports and the user wants.
 *
 * An empty NO_COLOR counts as unset. That is why this is decided here and not by
 * `util.styleText`, for which any NO_COLOR counts.
 *
 * @see {@link https://no-color.org/ NO_COLOR}
 */
export function looksOf({ env, platform, terminal }: Io): Looks {
  const dumb = env.TERM === 'dumb';
  const noColour = (env.NO_COLOR ?? '') !== '';
  // The first variable that is set and not empty decides.
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((name) => name) ?? '';
  const unicode = platform === 'win32' || platform === 'darwin' || /utf-?8/i.test(locale);
  return { ansi: terminal.stderrIsTerminal && !dumb && !noColour, unicode: unicode && !dumb };
}

/** `text` in a style, or unchanged where control sequences are unwanted. */
export function paint(style: Style, text: string, { ansi }: Looks): string {
  return ansi ? styleText(style, text, { validateStream: false }) : text;
}
