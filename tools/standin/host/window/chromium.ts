import type { CDPSession } from '@playwright/test';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** A DevTools session, typed with Playwright's protocol types. */
export type Cdp = Pick<CDPSession, 'send' | 'on'>;

type Waiting = Readonly<{
  method: string;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}>;

type Incoming = Readonly<{
  id?: number;
  result?: unknown;
  error?: { message: string };
  method?: string;
  params?: unknown;
  sessionId?: string;
}>;

/**
 * A running Chromium, controlled over its DevTools pipe. When this process ends, even by a crash, the pipe closes
 * and Chromium exits too.
 */
export class Chromium {
  /** Resolves with the exit code when the browser has exited. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #events = new EventEmitter().setMaxListeners(0);
  #unfinished: Buffer[] = [];
  #lastId = 0;

  constructor(executable: string, args: readonly string[]) {
    this.#child = spawn(executable, ['--remote-debugging-pipe', ...args], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code) => resolve(code));
      this.#child.once('error', () => resolve(null));
    });
    void this.ended.then(() => this.#abandon());
    this.#child.stderr?.on('data', passOnAddress);
    const [, , , toBrowser, fromBrowser] = this.#child.stdio;
    // A broken pipe means that Chromium has exited, which is reported separately.
    toBrowser?.on('error', () => undefined);
    fromBrowser?.on('error', () => undefined);
    (fromBrowser as Readable).on('data', (chunk: Buffer) => this.#read(chunk)); // opened as pipes above
  }

  /** The session of the browser itself, or of an attached target. */
  session(sessionId?: string): Cdp {
    const events = this.#events;
    const cdp = {
      send: (method: string, params?: object) => this.#send(method, params, sessionId),
      on(event: string, listener: (payload: unknown) => void) {
        events.on(`${sessionId ?? ''}/${event}`, listener);
        return cdp;
      },
    };
    return cdp as unknown as Cdp; // adds the protocol's types to the untyped pipe
  }

  /** Closes the browser; kills it if it is still running after two seconds. */
  async end(): Promise<void> {
    this.session()
      .send('Browser.close')
      .catch(() => undefined); // it may exit before it responds
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, 2000);
    });
    await Promise.race([this.ended, patience]);
    clearTimeout(timer);
    this.#child.kill('SIGKILL');
  }

  #send(method: string, params: object | undefined, sessionId: string | undefined) {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method, resolve, reject });
      const text = JSON.stringify({ id, method, params: params ?? {}, sessionId });
      (this.#child.stdio[3] as Writable).write(`${text}\0`); // opened as a pipe above
    });
  }

  #read(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, start)) {
      const text = Buffer.concat([...this.#unfinished, chunk.subarray(start, end)]).toString();
      this.#unfinished = [];
      start = end + 1;
      this.#receive(JSON.parse(text) as Incoming); // Chromium's own framing
    }
    this.#unfinished.push(chunk.subarray(start));
  }

  #receive(message: Incoming): void {
    if (message.id === undefined) {
      this.#events.emit(`${message.sessionId ?? ''}/${message.method ?? ''}`, message.params);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.result);
    else waiting?.reject(new Error(`${waiting.method}: ${message.error.message}`));
  }

  #abandon(): void {
    for (const { method, reject } of this.#waiting.values()) {
      reject(new Error(`${method}: Chromium has ended`));
    }
    this.#waiting.clear();
  }
}

/** Playwright waits for this line of Chromium's output to find it; the rest is noise. */
function passOnAddress(chunk: Buffer): void {
  const all = process.env.STANDIN_DEBUG !== undefined;
  for (const line of chunk.toString().split('\n')) {
    if (all || line.startsWith('DevTools listening')) process.stderr.write(`${line}\n`);
  }
}
