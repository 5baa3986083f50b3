import { homedir } from 'node:os';
import type { Terminal, Io } from '../io.ts';

/** The Io of this process. Streams are opened on first use: each takes a millisecond. */
export function processIo(): Io {
  return {
    env: process.env,
    platform: process.platform,
    uid: process.getuid?.() ?? null,
    homedir,
    now: Date.now,
    out: (text) => write(process.stdout, text),
    err: (text) => write(process.stderr, text),
    terminal: processTerminal,
  };
}

const processTerminal: Terminal = {
  get stdoutIsTerminal() {
    return process.stdout.isTTY;
  },
  get stderrIsTerminal() {
    return process.stderr.isTTY;
  },
  get stdinIsTerminal() {
    return process.stdin.isTTY;
  },
  size: () => ({ columns: process.stderr.columns || 80, rows: process.stderr.rows || 24 }),
  onKey(listener) {
    const { stdin } = process;
    const take = (bytes: Buffer): void => listener(bytes.toString('utf8'));
    stdin.setRawMode(true);
    stdin.on('data', take);
    stdin.resume();
    return () => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
    };
  },
  onStop(listener) {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.once(signal, listener);
    return () => {
      for (const signal of signals) process.off(signal, listener);
    };
  },
  every(ms, listener) {
    const timer = setInterval(listener, ms);
    return () => clearInterval(timer);
  },
  async openLink(link) {
    const { openLink } = await import('../login/open-link.ts');
    return openLink(link, process.platform);
  },
};

const guarded = new WeakSet<NodeJS.WriteStream>();

/**
 * Ignores EPIPE and EIO: a reader may stop early (`keyfob list | head -1`), and a terminal may be
 * closed.
 */
function write(stream: NodeJS.WriteStream, text: string): void {
  if (!guarded.has(stream)) {
    guarded.add(stream);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
  stream.write(text);
}
