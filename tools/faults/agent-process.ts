import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join, resolve } from 'node:path';

/** The agent's HTTP response. */
export type AgentReply = Readonly<{ status: number; body: string }>;

/** How a start ended. */
export type Started = Readonly<
  { kind: 'ready'; agent: AgentProcess } | { kind: 'ended'; code: number | null; said: string }
>;

const START_PATIENCE_MS = 60_000;

/** `keyfob agent`, as it ships, in a process of its own. */
export class AgentProcess {
  readonly #child: ChildProcess;
  readonly #socket: string;

  private constructor(child: ChildProcess, socket: string) {
    this.#child = child;
    this.#socket = socket;
  }

  /**
   * Starts it on the folder `home`; resolves when it is ready or has exited.
   *
   * @param imports what Node loads before it
   */
  static async start(
    home: string,
    { imports = [], env = {} }: { imports?: readonly string[]; env?: Record<string, string> } = {},
  ): Promise<Started> {
    const flags = imports.flatMap((path) => ['--import', path]);
    const words = [...flags, resolve('out/node/keyfob.js'), 'agent', '--unsealed'];
    const child = spawn(process.execPath, words, {
      env: { PATH: process.env.PATH, KEYFOB_HOME: home, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    const ready = new Promise<'ready'>((tell) =>
      child.stderr.on('data', (chunk) => {
        said += String(chunk);
        if (said.includes('is ready')) tell('ready');
      }),
    );
    const ended = once(child, 'close').then(() => 'ended' as const);
    const late = AbortSignal.timeout(START_PATIENCE_MS);
    late.addEventListener('abort', () => child.kill('SIGKILL'));
    if ((await Promise.race([ready, ended])) === 'ended')
      return { kind: 'ended', code: child.exitCode, said };
    return { kind: 'ready', agent: new AgentProcess(child, join(home, 'run', 'agent.sock')) };
  }

  /** Starts an agent that must become ready. */
  static async startReady(home: string): Promise<AgentProcess> {
    const started = await AgentProcess.start(home);
    if (started.kind === 'ready') return started.agent;
    throw new Error(`The agent does not start: ${started.code ?? 'killed'} ${started.said}`);
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends it a request. Rejects if the agent dies first. */
  ask(method: string, path: string): Promise<AgentReply> {
    return new Promise((tell, fail) => {
      const options = { socketPath: this.#socket, method, path, agent: false };
      const asked = request(options, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => tell({ status: response.statusCode ?? 0, body }));
        response.on('error', fail);
      });
      asked.on('error', fail);
      asked.end();
    });
  }

  /** The current token of an account as plain text, or the error response. */
  token(label: string): Promise<AgentReply> {
    return this.ask(
      'GET',
      `/v1/accounts/${encodeURIComponent(label)}/token?min_valid=0&for=faults`,
    );
  }

  refresh(label: string): Promise<AgentReply> {
    return this.ask('POST', `/v1/accounts/${encodeURIComponent(label)}/refresh`);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Resolves when the process has exited. */
  async gone(): Promise<void> {
    if (this.isRunning) await once(this.#child, 'exit');
  }

  /** Sends SIGKILL. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.gone();
  }
}
