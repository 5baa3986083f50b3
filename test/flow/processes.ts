import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a process may run before it is ended for good: no test waits longer for it. */
const LIMIT_MS = 30_000;

/** How a process ended, and what it said. */
export type Ended = Readonly<{ code: number | null; out: string; err: string }>;

/** A process that runs, or did. */
export class Running {
  out = '';
  err = '';
  readonly ended: Promise<Ended>;
  /** What it was started with. */
  readonly words: readonly string[];
  readonly #child: ChildProcessWithoutNullStreams;
  #over = false;

  constructor(child: ChildProcessWithoutNullStreams, words: readonly string[]) {
    this.#child = child;
    this.words = words;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.err += text));
    child.stdin.end();
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    this.ended = once(child, 'close').then(([code]) => {
      clearTimeout(limit);
      this.#over = true;
      return { code: typeof code === 'number' ? code : null, out: this.out, err: this.err };
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Resolves once it has said something of this kind, on either stream. */
  async says(what: RegExp): Promise<void> {
    while (!what.test(this.out + this.err)) {
      if (this.#over) throw new Error(`Ended without ${String(what)}:\n${this.out}${this.err}`);
      await Promise.race([
        this.ended,
        once(this.#child.stdout, 'data'),
        once(this.#child.stderr, 'data'),
      ]);
    }
  }
}

/** A person's machine as far as Keyfob sees it: one folder, one passphrase, one command. */
export class Machine {
  /** `KEYFOB_HOME`. */
  readonly home: string;
  /** null: the sessions lie unprotected. */
  readonly passphraseFile: string | null;
  /** Every process that ran here. */
  readonly processes: Running[] = [];
  readonly #keyfob: string;
  readonly #folder: string;

  private constructor(keyfob: string, folder: string, passphraseFile: string | null) {
    this.#keyfob = keyfob;
    this.#folder = folder;
    this.home = join(folder, 'home');
    this.passphraseFile = passphraseFile;
  }

  /**
   * @param keyfob the path of `keyfob.js`
   * @param passphrase null: the person agrees that the sessions lie unprotected, which saves the time
   * that a passphrase takes
   */
  static async make(keyfob: string, passphrase: string | null = null): Promise<Machine> {
    const folder = await mkdtemp(join(tmpdir(), 'keyfob-flow-'));
    if (passphrase === null) return new Machine(keyfob, folder, null);
    const file = join(folder, 'passphrase');
    await writeFile(file, `${passphrase}\n`, { mode: 0o600 });
    return new Machine(keyfob, folder, file);
  }

  get socket(): string {
    return join(this.home, 'run', 'agent.sock');
  }

  /** Starts `keyfob` with these words. `env`: besides what every command here gets; undefined: without it. */
  start(words: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Running {
    const child = spawn(process.execPath, [this.#keyfob, ...words], {
      env: {
        PATH: process.env.PATH,
        HOME: this.#folder,
        KEYFOB_HOME: this.home,
        KEYFOB_PASSPHRASE_FILE: this.passphraseFile ?? undefined,
        ...env,
      },
    });
    const running = new Running(child, words);
    this.processes.push(running);
    return running;
  }

  /** What a command answers with `--json`. Throws what it said instead. */
  async json(...words: readonly string[]): Promise<Record<string, unknown>> {
    const { code, out, err } = await this.run(...words, '--json');
    if (code !== 0) throw new Error(err);
    // The agent's answers are objects.
    return JSON.parse(out) as Record<string, unknown>;
  }

  /** The accounts, in short: label and state. */
  async accounts(): Promise<readonly string[]> {
    const { accounts } = await this.json('list');
    const all = accounts as { label: string; state: { kind: string } }[]; // the agent API's words
    return all.map(({ label, state }) => `${label} ${state.kind}`).sort();
  }

  /** Runs `keyfob` with these words to its end. */
  run(...words: readonly string[]): Promise<Ended> {
    return this.start(words).ended;
  }

  /** Starts the agent and waits until it is ready. */
  async startAgent(...options: readonly string[]): Promise<Running> {
    const unsealed = this.passphraseFile === null ? ['--unsealed'] : [];
    const agent = this.start(['agent', ...unsealed, ...options]);
    await agent.says(/is ready[^]*protection/);
    return agent;
  }

  /** Ends every process and removes the folder. */
  async remove(): Promise<void> {
    for (const running of this.processes) running.signal('SIGKILL');
    await Promise.all(this.processes.map(({ ended }) => ended));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** How a command ended, in short: its exit code, and the code of the failure that it told of. */
export function endOf({ code, err }: Ended): string {
  const failure = /[[(]([a-z-]+)[\])]\n/.exec(err)?.[1];
  return failure === undefined ? String(code) : `${code ?? 'killed'} ${failure}`;
}

/** Looks again and again until `holds`: for what happens in another process. Throws after ten seconds. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error('Did not come to pass within ten seconds');
    await delay(20);
  }
}
