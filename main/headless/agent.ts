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
import { promptHidden } from './prompt.ts';
import type { RunningAgent } from '../host/start.ts';
import { startAgent } from '../host/start.ts';

const MAX_ATTEMPTS = 3;

/** The command-line options of `keyfob agent`. */
export type AgentOptions = Readonly<{
  /** Whether a new vault may store sessions unprotected. */
  unsealed: boolean;
  level: LogLevel;
}>;

/** Runs the agent until a signal tells it to stop. Fails with the reason if it can't start. */
export async function runAgent(options: AgentOptions): Promise<Result<void, Failure>> {
  const started = await start(options);
  if (!started.ok) return started;
  const agent = started.value;
  const stopped = stopSignal(); // before the agent says that it is ready, and may be stopped
  say(`Keyfob ${version} is ready.\n  socket      ${agent.socket}\n`);
  say(`  protection  ${protectionText(agent.protection)}\n`);
  await stopped;
  say('Stopping: saving what is in progress.\n');
  await agent.stop();
  return ok(undefined);
}

async function start({ unsealed, level }: AgentOptions): Promise<Result<RunningAgent, Failure>> {
  const { env, platform, stdin } = process;
  const file = env.KEYFOB_PASSPHRASE_FILE ?? null;
  const sources: PassphraseSources = {
    file,
    unsealed,
    prompt: stdin.isTTY ? (question) => promptHidden(question, stdin, say) : null,
    now: Date.now,
  };
  const setup = {
    paths: hostPaths(env, platform, homedir(), process.getuid?.() ?? null),
    unlock: unlockFrom(sources),
    log: lineLog(level, Date.now, say),
    onOpened: (vault: OpenVault) => protect(vault, file),
  };
  for (let attempt = 1; ; attempt += 1) {
    const started = await startAgent(setup);
    const wrong = !started.ok && started.failure.code === 'vault-wrong-passphrase';
    if (!wrong || file !== null || sources.prompt === null || attempt === MAX_ATTEMPTS)
      return started;
    say('Wrong passphrase. ');
  }
}

/** Seals an unprotected vault as soon as a passphrase is configured. */
async function protect(vault: OpenVault, file: string | null): Promise<Result<void, Failure>> {
  if (vault.protection !== 'none') return ok(undefined);
  const passphrase = await passphraseFromFile(file);
  if (!passphrase.ok) return passphrase;
  if (passphrase.value === null) return ok(undefined);
  const changed = await vault.changeKeyProvider(passphraseKeyProvider(passphrase.value));
  return changed.ok ? ok(undefined) : changed;
}

function protectionText(protection: RunningAgent['protection']): string {
  return protection === 'none'
    ? 'none: any program running as you can read your sessions'
    : 'encrypted with your passphrase';
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve());
  });
}

function say(text: string): void {
  process.stderr.write(text);
}
