import { durationText } from '../../../common/time.ts';
import type { Result } from '../../../common/result.ts';
import { ok } from '../../../common/result.ts';
import type { AccountAnswer } from '../client/answers.ts';
import { readAccounts } from '../client/answers.ts';
import { ask } from '../client/ask.ts';
import type { Call, Command } from '../command.ts';
import { shown } from '../terminal/shown.ts';
import { tableText } from '../terminal/table.ts';
import type { CommandError } from '../errors.ts';

/** `keyfob list`: accounts and their status. */
export const list: Command = { name: 'list', options: { json: 'flag' }, positionals: 0, run };

async function run({ io, parsed, agent }: Call): Promise<Result<number, CommandError>> {
  const answer = await ask(agent, { method: 'GET', path: '/v1/accounts' });
  if (!answer.ok) return answer;
  if (parsed.options.has('json')) {
    io.out(`${answer.value}\n`);
    return ok(0);
  }
  const accounts = readAccounts(answer.value);
  if (!accounts.ok) return accounts;
  if (accounts.value.length === 0) io.err('No accounts yet. Sign in with: keyfob login SERVER\n');
  else io.out(accountsText(accounts.value));
  return ok(0);
}

/** The accounts as a table. */
export function accountsText(accounts: readonly AccountAnswer[]): string {
  const rows = accounts.map(({ label, user_id, state, expires_in_s }) => [
    shown(label),
    user_id === null ? '-' : shown(user_id),
    shown(state.text),
    expires_in_s === null ? '-' : durationText(expires_in_s * 1_000),
  ]);
  return tableText(['LABEL', 'USER ID', 'STATE', 'EXPIRES IN'], rows);
}
