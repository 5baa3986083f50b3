/** Everything outside the process that commands use, so that a test can replace it. */
export type Io = Readonly<{
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** The user's numeric id; null where there is none (Windows). */
  uid: number | null;
  homedir: () => string;
  /** Epoch milliseconds. */
  now: () => number;
  /** Writes to stdout: the result and nothing else. */
  out: (text: string) => void;
  /** Writes to stderr: everything else, never a secret. */
  err: (text: string) => void;
  terminal: Terminal;
}>;

/** The user's terminal, where there is one. */
export type Terminal = Readonly<{
  stdoutIsTerminal: boolean;
  stderrIsTerminal: boolean;
  stdinIsTerminal: boolean;
  /** Current size of the terminal behind stderr. */
  size: () => Readonly<{ columns: number; rows: number }>;
  /** Switches to raw mode and reports keys until undone. Ctrl-C arrives as `\u0003`. */
  onKey: (listener: (key: string) => void) => () => void;
  /** Calls `listener` once on SIGINT, SIGTERM or SIGHUP, until undone. */
  onStop: (listener: () => void) => () => void;
  /** Calls `listener` every `ms` milliseconds until undone. */
  every: (ms: number, listener: () => void) => () => void;
  /** Opens `link` in the user's browser; false when that could not be started. */
  openLink: (link: string) => Promise<boolean>;
}>;
