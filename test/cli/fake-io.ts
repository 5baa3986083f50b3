import { stripVTControlCharacters } from 'node:util';
import type { Terminal, Io } from '../../main/cli/io.ts';
import { NOW } from '../fixtures/fake-engine.ts';

/** An Io that records what is written, and on which the test presses keys. */
export class FakeIo implements Io {
  env: Record<string, string> = { LANG: 'en_GB.UTF-8', NO_COLOR: '1' };
  readonly platform = 'linux';
  uid: number | null = process.getuid?.() ?? null;
  stdout = '';
  stderr = '';
  moment = NOW;
  readonly opened: string[] = [];
  readonly terminal: Terminal;
  #keyListener: ((key: string) => void) | null = null;
  #stopListener: (() => void) | null = null;
  #ticker: (() => void) | null = null;

  constructor(terminal: Partial<Terminal> = {}) {
    this.terminal = {
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      stdinIsTerminal: false,
      size: () => ({ columns: 80, rows: 50 }),
      onKey: (listener) => {
        this.#keyListener = listener;
        return () => (this.#keyListener = null);
      },
      onStop: (listener) => {
        this.#stopListener = listener;
        return () => (this.#stopListener = null);
      },
      every: (_ms, listener) => {
        this.#ticker = listener;
        return () => (this.#ticker = null);
      },
      openLink: (link) => {
        this.opened.push(link);
        return Promise.resolve(true);
      },
      ...terminal,
    };
  }

  homedir(): string {
    return '/home/alice';
  }

  readonly now = () => this.moment;
  readonly out = (text: string) => void (this.stdout += text);
  readonly err = (text: string) => void (this.stderr += text);

  /** Presses a key. */
  press(key: string): void {
    this.#keyListener?.(key);
  }

  /** Sends the process a signal to stop. */
  stop(): void {
    this.#stopListener?.();
  }

  /** Lets a second pass. */
  tick(): void {
    this.moment += 1_000;
    this.#ticker?.();
  }

  /** Whether listeners for keys, signals or the clock are left: a terminal must be restored. */
  get isHeld(): boolean {
    return this.#keyListener !== null || this.#stopListener !== null || this.#ticker !== null;
  }

  /** What a terminal shows after all that was written to stderr. */
  get screen(): string {
    const lines = [''];
    for (const [, erase, newline, text] of this.stderr.matchAll(
      /(\r\u001b\[2K)|(\n)|([^\r\n]+)/g,
    )) {
      if (erase !== undefined) lines[lines.length - 1] = '';
      if (newline !== undefined) lines.push('');
      if (text !== undefined) lines.push(`${lines.pop() ?? ''}${text}`);
    }
    return lines.map((line) => stripVTControlCharacters(line).trimEnd()).join('\n');
  }
}

/** An interactive terminal that shows stdout as well. */
export const AT_A_TERMINAL = {
  stdoutIsTerminal: true,
  stderrIsTerminal: true,
  stdinIsTerminal: true,
} as const;
