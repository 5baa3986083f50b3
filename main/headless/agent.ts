import { homedir } from 'node:os';
import { parseArgs } from 'node:util';
import { exitCodeOf } from '../../common/failure-codes.ts';
import type { Failure } from '../../common/failure.ts';
import { describeFailure } from '../../common/failure-text.ts';
import { ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import type { OpenVault } from '../vault/file-vault.ts';
import { passphraseKeyProvider } from '../vault/keys/passphrase-provider.ts';
import { version } from '../host/version.ts';
import type { LogLevel } from '../host/logger.ts';
import { lineLog, readLogLevel } from '../host/logger.ts';
import { passphraseFromFile, unlockFrom } from './passphrase.ts';
import type { PassphraseSources } from './passphrase.ts';
import { hostPaths } from '../host/paths.ts';
import { askHidden } from './prompt.ts';
import type { RunningAgent } from '../host/start.ts';
import { startAgent } from '../host/start.ts';

const USAGE = `Usage: keyfob agent [--unsealed] [--log LEVEL]

Holds your sessions, keeps their tokens fresh and hands them out, until stopped (Ctrl-C).

  --unsealed    leave the sessions of a new vault unprotected on this disk
  --log LEVEL   debug, info or warn (default)

The passphrase is asked for at the terminal, or read from the file that
KEYFOB_PASSPHRASE_FILE names. KEYFOB_HOME moves everything into one folder.
`;

const PROMPTS = 3;

type Options = Readonly<{ unsealed: boolean; level: LogLevel }>;

/** `keyfob agent`: runs until it is told to stop. Gives the exit code. */
export async function runAgent(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (typeof options === 'string') {
    say(options === '' ? USAGE : `${options}\n\n${USAGE}`);
    return options === '' ? 0 : 2;
  }
  const started = await start(options);
  if (!started.ok) {
    const { code, message, hint } = describeFailure(started.failure);
    say(`keyfob: ${message} [${code}]\n  ${hint}\n`);
    return exitCodeOf(started.failure.code);
  }
  const agent = started.value;
  const stopped = toldToStop(); // before anybody hears that it is ready, and may stop it
  say(`Keyfob ${version} is ready.\n  socket      ${agent.socket}\n`);
  say(`  protection  ${protectionInWords(agent.protection)}\n`);
  await stopped;
  say('Stopping: what is under way is saved first.\n');
  await agent.stop();
  return 0;
}

/** The options; or what is wrong with them, empty where help was asked for. */
function readOptions(argv: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        unsealed: { type: 'boolean', default: false },
        log: { type: 'string', default: 'warn' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return '';
    const level = readLogLevel(values.log);
    if (level === null) return `There is no log level "${values.log}".`;
    return { unsealed: values.unsealed, level };
  } catch (error) {
    // parseArgs throws for exactly this: words it does not know. Its message names the word.
    return error instanceof Error ? error.message : String(error);
  }
}

async function start({ unsealed, level }: Options): Promise<Result<RunningAgent, Failure>> {
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
  const changed = await vault.changeKeeper(passphraseKeyProvider(passphrase.value));
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
