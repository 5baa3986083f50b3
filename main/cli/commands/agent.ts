import type { LogLevel } from '../../host/logger.ts';
import { LOG_LEVELS, readLogLevel } from '../../host/logger.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import type { LocalCommand } from '../command.ts';
import { usageError } from '../command.ts';
import type { Parsed } from '../options.ts';
import type { CommandError } from '../errors.ts';

const DEFAULT_LEVEL: LogLevel = 'warn';

/** `keyfob agent`: runs the agent in this process until it is told to stop. */
export const agent: LocalCommand = {
  name: 'agent',
  options: { unsealed: 'flag', log: 'value' },
  positionals: 0,
  runLocal,
};

async function runLocal({ options }: Parsed): Promise<Result<number, CommandError>> {
  const name = options.get('log') ?? DEFAULT_LEVEL;
  const level = readLogLevel(name);
  if (level === null) {
    const text = `unknown log level "${name}"`;
    return usageError('agent', { text, given: name, candidates: LOG_LEVELS });
  }
  // Loaded on use: the agent is most of the program, and a usage error needs none of it.
  const { runAgent } = await import('../../headless/agent.ts');
  const ended = await runAgent({ unsealed: options.has('unsealed'), level });
  return ended.ok ? ok(0) : err({ kind: 'failure', failure: ended.failure });
}
