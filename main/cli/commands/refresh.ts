import type { Result } from '../../../common/result.ts';
import { ok } from '../../../common/result.ts';
import { accountPath, chosenAccount } from './account-argument.ts';
import { readAccount } from '../client/answers.ts';
import { ask } from '../client/ask.ts';
import type { Call, Command } from '../command.ts';
import { shown } from '../terminal/shown.ts';
import type { CommandError } from '../errors.ts';

/** `keyfob refresh`: refreshes the tokens now, even while a lease is held. */
export const refresh: Command = { name: 'refresh', options: { json: 'flag' }, positionals: 1, run };

async function run(call: Call): Promise<Result<number, CommandError>> {
  const account = await chosenAccount(call);
  if (!account.ok) return account;
  const path = accountPath(account.value, '/refresh');
  const answer = await ask(call.agent, { method: 'POST', path });
  if (!answer.ok) return answer;
  if (call.parsed.options.has('json')) {
    call.io.out(`${answer.value}\n`);
    return ok(0);
  }
  const read = readAccount(answer.value);
  if (!read.ok) return read;
  call.io.out(`${shown(read.value.label)}: ${shown(read.value.state.text)}\n`);
  return ok(0);
}
