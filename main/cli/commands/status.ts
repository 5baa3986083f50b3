import type { Result } from '../../../common/result.ts';
import { ok } from '../../../common/result.ts';
import { version } from '../../host/version.ts';
import { readAccounts, readStatus } from '../client/answers.ts';
import { ask } from '../client/ask.ts';
import type { Call, Command } from '../command.ts';
import { accountsText } from './list.ts';
import { protectionText } from './protection-text.ts';
import { shown } from '../terminal/shown.ts';
import { fieldsText } from '../terminal/table.ts';
import type { CommandError } from '../errors.ts';

/** `keyfob status`: the running agent, the protection of its sessions, and its accounts. */
export const status: Command = { name: 'status', options: { json: 'flag' }, positionals: 0, run };

async function run({ io, parsed, agent }: Call): Promise<Result<number, CommandError>> {
  const answer = await ask(agent, { method: 'GET', path: '/v1/status' });
  if (!answer.ok) return answer;
  if (parsed.options.has('json')) {
    io.out(`${answer.value}\n`);
    return ok(0);
  }
  const read = readStatus(answer.value);
  if (!read.ok) return read;
  const listed = await ask(agent, { method: 'GET', path: '/v1/accounts' });
  if (!listed.ok) return listed;
  const accounts = readAccounts(listed.value);
  if (!accounts.ok) return accounts;
  const own = read.value.version === version ? '' : ` (this command: ${version})`;
  const signIns = read.value.logins === 0 ? '' : `, ${read.value.logins} signing in now`;
  io.out(
    fieldsText([
      ['Agent', `${shown(read.value.version)}${own}, process ${read.value.pid}`],
      ['Started', shown(read.value.started_at)],
      ['Socket', shown(read.value.socket)],
      ['Sessions', shown(protectionText(read.value.protection))],
      ...read.value.warnings.map(
        ({ message, hint }) => ['Warning', `${shown(message)} ${shown(hint)}`] as const,
      ),
      ['Accounts', `${read.value.accounts}${signIns}`],
    ]),
  );
  if (accounts.value.length > 0) io.out(`\n${accountsText(accounts.value)}`);
  return ok(0);
}
