import type { Io } from '../io.ts';

/** How much a terminal may be asked to show. */
export type Looks = Readonly<{
  /** Whether colours and weights are wanted. */
  colour: boolean;
  /** Whether letters beyond ASCII arrive as they are. */
  unicode: boolean;
}>;

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'qr';

/** `qr`: black on white whatever the theme, because cameras expect it so. */
const STYLES: Readonly<Record<Style, string>> = {
  bold: '1',
  dim: '2',
  green: '32',
  yellow: '33',
  red: '31',
  qr: '38;5;16;48;5;231',
};

/**
 * What stderr's terminal is to be shown.
 *
 * @see {@link https://no-color.org/ NO_COLOR}
 */
export function looksOf({ env, platform, terminal }: Io): Looks {
  const dumb = env.TERM === 'dumb';
  const noColour = (env.NO_COLOR ?? '') !== '';
  // The first that says something counts, and an empty one says nothing.
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((name) => name) ?? '';
  const unicode = platform === 'win32' || platform === 'darwin' || /utf-?8/i.test(locale);
  return { colour: terminal.stderrIsTerminal && !dumb && !noColour, unicode: unicode && !dumb };
}

/** `text` in a style, or as it is where colours are not wanted. */
export function paint(style: Style, text: string, { colour }: Looks): string {
  return colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
}
