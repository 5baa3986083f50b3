import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a process may run before it is killed: no test waits longer for it. */
const LIMIT_MS = 30_000;

/** How a process ended, and its output. */
export type Ended = Readonly<{ code: number | null; out: string; err: string }>;

/** A process, running or ended. */
export class Running {
  out = '';
  err = '';
  readonly ended: Promise<Ended>;
  /** Its arguments. */
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

  /** Resolves once its output on either stream matches. */
  async says(what: RegExp): Promise<void> {
    while (!what.test(this.out + this.err)) {
      if (this.#over) throw new Error(`Exited without ${String(what)}:\n${this.out}${this.err}`);
      await Promise.race([
        this.ended,
        once(this.#child.stdout, 'data'),
        once(this.#child.stderr, 'data'),
      ]);
    }
  }
}

/** A user's machine as far as Keyfob sees it: one folder, one passphrase, one command. */
export class Machine {
  /** `KEYFOB_HOME`. */
  readonly home: string;
  /** null: the sessions are stored unprotected. */
  readonly passphraseFile: string | null;
  /** Every process that was started here. */
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

  /**
   * Starts `keyfob` with these arguments. `env` is added to the environment that every command
   * gets; undefined removes a variable.
   */
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

  /** What a command prints with `--json`. Throws its output if it fails. */
  async json(...words: readonly string[]): Promise<Record<string, unknown>> {
    const { code, out, err } = await this.run(...words, '--json');
    if (code !== 0) throw new Error(err);
    // The agent's answers are objects.
    return JSON.parse(out) as Record<string, unknown>;
  }

  /** The accounts as label and state. */
  async accounts(): Promise<readonly string[]> {
    const { accounts } = await this.json('list');
    const all = accounts as { label: string; state: { kind: string } }[]; // the agent API's own values
    return all.map(({ label, state }) => `${label} ${state.kind}`).sort();
  }

  /** Runs `keyfob` with these arguments until it exits. */
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

/** How a command ended: its exit code, and the code of the failure that it reported. */
export function endOf({ code, err }: Ended): string {
  const failure = /[[(]([a-z-]+)[\])]\n/.exec(err)?.[1];
  return failure === undefined ? String(code) : `${code ?? 'killed'} ${failure}`;
}

/** Polls until `holds`, for what happens in another process. Throws after ten seconds. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error('Did not happen within ten seconds');
    await delay(20);
  }
}
