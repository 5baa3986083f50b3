/** What the commands touch of the world outside, so that a test can be the world. */
export type Io = Readonly<{
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** The user's numeric id; null where there is none (Windows). */
  uid: number | null;
  homedir: () => string;
  /** Epoch milliseconds. */
  now: () => number;
  /** The value, and nothing but the value. */
  out: (text: string) => void;
  /** Everything else. Never a secret. */
  err: (text: string) => void;
  terminal: Terminal;
}>;

/** The person's terminal, where there is one. */
export type Terminal = Readonly<{
  stdoutIsTerminal: boolean;
  stderrIsTerminal: boolean;
  stdinIsTerminal: boolean;
  /** Size of what stderr is shown on, now. */
  size: () => Readonly<{ columns: number; rows: number }>;
  /** Hands over single keys until undone. Ctrl-C arrives as `\u0003`. */
  onKey: (listener: (key: string) => void) => () => void;
  /** Calls once when the process is asked to stop (SIGINT, SIGTERM, SIGHUP), until undone. */
  onStop: (listener: () => void) => () => void;
  /** Calls every `ms` milliseconds until undone. */
  every: (ms: number, listener: () => void) => () => void;
  /** Shows `link` in the person's browser; false when that could not be started. */
  openLink: (link: string) => Promise<boolean>;
}>;
