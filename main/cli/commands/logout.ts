import type { Result } from '../../../common/result.ts';
import { ok } from '../../../common/result.ts';
import { accountPath } from './account-argument.ts';
import { readSignOut } from '../client/answers.ts';
import { ask } from '../client/ask.ts';
import type { Call, Command } from '../command.ts';
import { usageError } from '../command.ts';
import { shown } from '../terminal/shown.ts';
import type { CommandError } from '../errors.ts';

/** `keyfob logout`: signs out and verifies that the server ended the session. */
export const logout: Command = {
  name: 'logout',
  options: { json: 'flag', forget: 'flag' },
  positionals: 1,
  run,
};

async function run({ io, parsed, agent }: Call): Promise<Result<number, CommandError>> {
  // No default here: signing out the wrong account cannot be undone.
  const [account] = parsed.positionals;
  if (account === undefined || account === '') {
    return usageError('logout', { text: 'expected an account', given: '', candidates: [] });
  }
  const query = parsed.options.has('forget') ? '?forget=1' : '';
  const answer = await ask(agent, { method: 'DELETE', path: accountPath(account) + query });
  if (!answer.ok) return answer;
  if (parsed.options.has('json')) {
    io.out(`${answer.value}\n`);
    return ok(0);
  }
  const report = readSignOut(answer.value);
  if (!report.ok) return report;
  const { label, user_id, proof, text, account_page } = report.value;
  const user = user_id === null ? '' : ` (${shown(user_id)})`;
  io.out(`${shown(label)}${user}: ${shown(text)}\n`);
  if (proof === 'unconfirmed' && account_page !== null) io.out(`${shown(account_page)}\n`);
  return ok(0);
}
