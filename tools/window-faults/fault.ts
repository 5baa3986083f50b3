/** A small, exact change of one built file. */
export type Edit = Readonly<{
  /** Path in the app's folder; `*` stands for the part of a name that the bundler chooses. */
  file: string;
  /**
   * The text to find. The minifier renames things with every change, so the page's script needs a
   * pattern.
   */
  find: string | RegExp;
  /** The replacement; `$1` is a group of the pattern. */
  put: string;
}>;

/** Something that the app no longer does, or does too much. */
export type Fault = Readonly<{
  /** The name on the command line. */
  name: string;
  /** What is broken, as text. */
  what: string;
  edits: readonly Edit[];
  /** The test that should notice. It runs first, and must prove that it does. */
  likely: Readonly<{ spec: string; title: string }>;
}>;

/** The main process, as one bundle. */
export const MAIN = 'out/main/main.js';
export const PRELOAD = 'out/preload/preload.cjs';
export const PAGE = 'out/renderer/index.html';
export const PAGE_SCRIPT = 'out/renderer/assets/index-*.js';

/** A fault of the main process that takes one edit. */
export function ofMain(
  [name, what]: readonly [string, string],
  likely: Fault['likely'],
  [find, put]: readonly [string, string],
): Fault {
  return { name, what, likely, edits: [{ file: MAIN, find, put }] };
}
