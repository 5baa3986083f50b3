import type { Result } from '../../../common/result.ts';
import { ok } from '../../../common/result.ts';
import { accountPath } from './account-argument.ts';
import { readSignOut } from '../client/answers.ts';
import { ask } from '../client/ask.ts';
import type { Call, Command } from '../command.ts';
import { misused } from '../command.ts';
import { shown } from '../terminal/shown.ts';
import type { Trouble } from '../trouble.ts';

/** `keyfob logout`: ends a session at the server, and says how far that is proven. */
export const logout: Command = {
  verb: 'logout',
  options: { json: 'flag', forget: 'flag' },
  positionals: 1,
  run,
};

async function run({ world, parsed, agent }: Call): Promise<Result<number, Trouble>> {
  // No default here: signing out the wrong account cannot be undone.
  const [account] = parsed.positionals;
  if (account === undefined || account === '') {
    return misused('logout', { text: 'an account is needed', given: '', near: [] });
  }
  const query = parsed.options.has('forget') ? '?forget=1' : '';
  const answer = await ask(agent, { method: 'DELETE', path: accountPath(account) + query });
  if (!answer.ok) return answer;
  if (parsed.options.has('json')) {
    world.out(`${answer.value}\n`);
    return ok(0);
  }
  const report = readSignOut(answer.value);
  if (!report.ok) return report;
  const { label, user_id, proof, text, account_page } = report.value;
  const user = user_id === null ? '' : ` (${shown(user_id)})`;
  world.out(`${shown(label)}${user}: ${shown(text)}\n`);
  if (proof === 'unconfirmed' && account_page !== null) world.out(`${shown(account_page)}\n`);
  return ok(0);
}
