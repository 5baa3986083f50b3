import { readDurationMs } from '../../agent/duration.ts';
import type { TokenFormat } from '../../agent/token-formats.ts';
import { DEFAULT_VARIABLE, formatToken, isVariableName } from '../../agent/token-formats.ts';
import { readTokenJson } from '../../agent/token-json.ts';
import type { Result } from '../../../common/result.ts';
import { ok } from '../../../common/result.ts';
import { accountPath, chosenAccount } from './account-argument.ts';
import { ask, otherVersion } from '../client/ask.ts';
import type { Call, Command } from '../command.ts';
import { usageError } from '../command.ts';
import type { Parsed, UsageProblem } from '../options.ts';
import { usageProblem } from '../options.ts';
import type { CommandError } from '../errors.ts';

/** `keyfob token`: prints a valid access token. */
export const token: Command = {
  name: 'token',
  options: {
    'min-valid': 'value',
    json: 'flag',
    header: 'flag',
    env: 'optional',
    curl: 'flag',
    for: 'value',
  },
  positionals: 1,
  run,
};

const FORMATS = ['json', 'header', 'env', 'curl'] as const;

type Request = Readonly<{ format: TokenFormat; query: string }>;

async function run(call: Call): Promise<Result<number, CommandError>> {
  const request = readRequest(call.parsed);
  if (!request.ok) return usageError('token', request.failure);
  const account = await chosenAccount(call);
  if (!account.ok) return account;
  const { format, query } = request.value;
  if (format.kind === 'curl') {
    const { printCurlCommand } = await import('./curl-command.ts');
    return printCurlCommand(call, account.value);
  }
  const path = accountPath(account.value, `/token?${query}`);
  const answer = await ask(call.agent, { method: 'GET', path });
  if (!answer.ok) return answer;
  const handed = readTokenJson(answer.value);
  if (handed === null) return otherVersion(null);
  // No newline after a header: `curl --header @-` and other consumers would keep it.
  call.io.out(formatToken(format, handed) + (format.kind === 'header' ? '' : '\n'));
  return ok(0);
}

function readRequest({ options }: Parsed): Result<Request, UsageProblem> {
  const [format, second] = FORMATS.filter((name) => options.has(name));
  if (format !== undefined && second !== undefined) {
    return usageProblem(`--${format} and --${second} cannot be combined`, `--${second}`);
  }
  const named = options.get('env') ?? '';
  const variable = named === '' ? DEFAULT_VARIABLE : named;
  if (!isVariableName(variable))
    return usageProblem(`"${variable}" is not a valid variable name`, variable);
  const minValid = options.get('min-valid') ?? '60s';
  const minValidMs = readDurationMs(minValid);
  if (minValidMs === null) {
    return usageProblem(
      '--min-valid requires a duration of at most a day, such as 60s or 5m',
      minValid,
    );
  }
  const query = new URLSearchParams({ min_valid: String(minValidMs / 1_000) });
  query.set('for', options.get('for') ?? 'the command line');
  return ok({ format: formatOf(format, variable), query: query.toString() });
}

function formatOf(name: (typeof FORMATS)[number] | undefined, variable: string): TokenFormat {
  return name === 'env' ? { kind: 'env', name: variable } : { kind: name ?? 'token' };
}
