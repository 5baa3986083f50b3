import { curlCommand } from '../../agent/token-formats.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import { readAccounts } from '../client/answers.ts';
import { ask } from '../client/ask.ts';
import type { Call } from '../command.ts';
import type { CommandError } from '../errors.ts';

/** Prints a curl command for `account`, a label or a user ID. Requests no token and takes no lease. */
export async function printCurlCommand(
  { io, agent }: Call,
  account: string,
): Promise<Result<number, CommandError>> {
  const answer = await ask(agent, { method: 'GET', path: '/v1/accounts' });
  if (!answer.ok) return answer;
  const accounts = readAccounts(answer.value);
  if (!accounts.ok) return accounts;
  const named = accounts.value.filter(
    ({ label, user_id }) => label === account || user_id === account,
  );
  const [found, second] = named;
  if (found !== undefined && second === undefined) {
    io.out(`${curlCommand(found.label, found.homeserver_url)}\n`);
    return ok(0);
  }
  const code = found === undefined ? 'account-unknown' : 'account-ambiguous';
  const labels = (found === undefined ? accounts.value : named).map(({ label }) => label);
  return err({ kind: 'failure', failure: { code, account, labels } });
}
