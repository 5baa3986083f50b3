import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { StoredAccount } from '../../main/accounts/record.ts';
import { exchange } from '../../main/cli/client/exchange.ts';
import { ok } from '../../common/result.ts';
import { hostPaths } from '../../main/host/paths.ts';
import { nodeFiles } from '../../main/vault/files/node-files.ts';
import { unprotectedKeyProvider } from '../../main/vault/keys/unprotected-key.ts';
import type { OpenVault } from '../../main/vault/file-vault.ts';
import { openVault } from '../../main/vault/open-vault.ts';

/** The command as it ships, beside the bundle that this is part of. */
export const KEYFOB = join(dirname(process.argv[1] ?? ''), '../node/keyfob.js');

/** A temporary folder, removed afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'keyfob-scale-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An unprotected vault on the real disk, to save the time of a key derivation. */
export async function vaultIn(folder: string): Promise<OpenVault> {
  const unlock = () =>
    Promise.resolve(ok(unprotectedKeyProvider({ consent: true, consentedAt: 0 })));
  const opened = await openVault({ folder, unlock, files: nodeFiles(), now: Date.now });
  if (!opened.ok) throw new Error(`Cannot open the vault: ${opened.failure.code}`);
  return opened.value;
}

/** A real agent, in a process of its own, with the given accounts in its vault. */
export class RealAgent {
  readonly socket: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #process: ChildProcess;

  private constructor(socket: string, env: NodeJS.ProcessEnv, process: ChildProcess) {
    this.socket = socket;
    this.env = env;
    this.#process = process;
  }

  static async start(home: string, accounts: readonly StoredAccount[]): Promise<RealAgent> {
    const env = { ...process.env, KEYFOB_HOME: home };
    const { vault, socket } = hostPaths(
      env,
      process.platform,
      homedir(),
      process.getuid?.() ?? null,
    );
    const kept = await vaultIn(vault);
    for (const account of accounts) await kept.save(account);
    await kept.close();
    const child = spawn(process.execPath, [KEYFOB, 'agent', '--unsealed'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const agent = new RealAgent(socket, env, child);
    await agent.#ready();
    return agent;
  }

  /** Requests a token; throws with the response if there is none. */
  async token(label: string, query = ''): Promise<string> {
    const path = `/v1/accounts/${encodeURIComponent(label)}/token${query}`;
    const body = await this.get(path);
    const { access_token } = JSON.parse(body) as { access_token: string };
    return access_token;
  }

  /** The body of a successful response. */
  async get(path: string): Promise<string> {
    const answer = await exchange(
      this.socket,
      { method: 'GET', path },
      new AbortController().signal,
    );
    if (!answer.ok) throw new Error(`No answer: ${answer.failure.code}`);
    if (answer.value.status !== 200) throw new Error(answer.value.body);
    return answer.value.body;
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  async stop(): Promise<void> {
    const over = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await over;
  }

  /** Resolves when it reports that it is ready; rejects with its output if it exits first. */
  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      let said = '';
      this.#process.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('is ready')) resolve();
      });
      this.#process.once('exit', () => reject(new Error(said)));
    });
  }
}
