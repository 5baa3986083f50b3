import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import type { Agent } from '../client/ask.ts';
import { ask } from '../client/ask.ts';
import type { Call } from '../command.ts';
import type { CommandError } from '../errors.ts';

/**
 * The account a command acts on: its argument, else `KEYFOB_ACCOUNT`, else the only account. With
 * several this fails and lists them, as a guess could hand out the wrong person's token.
 */
export async function chosenAccount(call: Call): Promise<Result<string, CommandError>> {
  const named = call.parsed.positionals[0] ?? call.io.env.KEYFOB_ACCOUNT;
  if (named !== undefined && named !== '') return ok(named);
  const labels = await askLabels(call.agent);
  if (!labels.ok) return labels;
  const [only, ...others] = labels.value;
  if (only !== undefined && others.length === 0) return ok(only);
  const code = only === undefined ? 'account-unknown' : 'account-ambiguous';
  return err({ kind: 'failure', failure: { code, account: '', labels: labels.value } });
}

/** The API path of a resource of `account`, which is a label or a user ID. */
export function accountPath(account: string, rest = ''): string {
  return `/v1/accounts/${encodeURIComponent(account)}${rest}`;
}

async function askLabels(agent: Agent): Promise<Result<readonly string[], CommandError>> {
  const answer = await ask(agent, { method: 'GET', path: '/v1/accounts' });
  if (!answer.ok) return answer;
  const { readAccounts } = await import('../client/answers.ts');
  const accounts = readAccounts(answer.value);
  return accounts.ok ? ok(accounts.value.map(({ label }) => label)) : accounts;
}
