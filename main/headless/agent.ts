import { homedir } from 'node:os';
import type { Failure } from '../../common/failure.ts';
import { ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import type { OpenVault } from '../vault/file-vault.ts';
import { passphraseKeyProvider } from '../vault/keys/passphrase-provider.ts';
import { version } from '../host/version.ts';
import type { LogLevel } from '../host/logger.ts';
import { lineLog } from '../host/logger.ts';
import { passphraseFromFile, unlockFrom } from './passphrase.ts';
import type { PassphraseSources } from './passphrase.ts';
import { hostPaths } from '../host/paths.ts';
import { askHidden } from './prompt.ts';
import type { RunningAgent } from '../host/start.ts';
import { startAgent } from '../host/start.ts';

const PROMPTS = 3;

/** What `keyfob agent` was given on the command line. */
export type AgentOptions = Readonly<{
  /** Whether a new vault may be left unprotected on this disk. */
  unsealed: boolean;
  level: LogLevel;
}>;

/** Runs the agent until it is told to stop. Fails with what kept it from starting. */
export async function runAgent(options: AgentOptions): Promise<Result<void, Failure>> {
  const started = await start(options);
  if (!started.ok) return started;
  const agent = started.value;
  const stopped = toldToStop(); // before anybody hears that it is ready, and may stop it
  say(`Keyfob ${version} is ready.\n  socket      ${agent.socket}\n`);
  say(`  protection  ${protectionInWords(agent.protection)}\n`);
  await stopped;
  say('Stopping: what is under way is saved first.\n');
  await agent.stop();
  return ok(undefined);
}

async function start({ unsealed, level }: AgentOptions): Promise<Result<RunningAgent, Failure>> {
  const { env, platform, stdin } = process;
  const file = env.KEYFOB_PASSPHRASE_FILE ?? null;
  const sources: PassphraseSources = {
    file,
    unsealed,
    prompt: stdin.isTTY ? (question) => askHidden(question, stdin, say) : null,
    now: Date.now,
  };
  const setup = {
    places: hostPaths(env, platform, homedir(), process.getuid?.() ?? null),
    unlock: unlockFrom(sources),
    log: lineLog(level, Date.now, say),
    opened: (vault: OpenVault) => protect(vault, file),
  };
  for (let tries = 1; ; tries += 1) {
    const started = await startAgent(setup);
    const wrong = !started.ok && started.failure.code === 'vault-wrong-passphrase';
    if (!wrong || file !== null || sources.prompt === null || tries === PROMPTS) return started;
    say('That is not the passphrase. ');
  }
}

/** A vault that lay open is sealed as soon as there is a passphrase for it. */
async function protect(vault: OpenVault, file: string | null): Promise<Result<void, Failure>> {
  if (vault.protection !== 'none') return ok(undefined);
  const passphrase = await passphraseFromFile(file);
  if (!passphrase.ok) return passphrase;
  if (passphrase.value === null) return ok(undefined);
  const changed = await vault.changeKeyProvider(passphraseKeyProvider(passphrase.value));
  return changed.ok ? ok(undefined) : changed;
}

function protectionInWords(protection: RunningAgent['protection']): string {
  return protection === 'none'
    ? 'none: any program that runs as you can read the sessions'
    : 'sealed under your passphrase';
}

function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve());
  });
}

function say(text: string): void {
  process.stderr.write(text);
}
