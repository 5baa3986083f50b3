import { clockSkewText, durationText, SECOND } from '../../../common/time.ts';
import type { Result } from '../../../common/result.ts';
import { ok } from '../../../common/result.ts';
import { accountPath, chosenAccount } from './account-argument.ts';
import type { CheckAnswer } from '../client/answers.ts';
import { readCheck } from '../client/answers.ts';
import { ask } from '../client/ask.ts';
import type { Call, Command } from '../command.ts';
import { shown } from '../terminal/shown.ts';
import { fieldsText } from '../terminal/table.ts';
import type { CommandError } from '../errors.ts';

/** `keyfob check`: verifies an account's token with its homeserver. */
export const check: Command = { name: 'check', options: { json: 'flag' }, positionals: 1, run };

async function run(call: Call): Promise<Result<number, CommandError>> {
  const account = await chosenAccount(call);
  if (!account.ok) return account;
  const path = accountPath(account.value, '/check');
  const answer = await ask(call.agent, { method: 'POST', path });
  if (!answer.ok) return answer;
  if (call.parsed.options.has('json')) {
    call.io.out(`${answer.value}\n`);
    return ok(0);
  }
  const report = readCheck(answer.value);
  if (!report.ok) return report;
  call.io.out(reportText(report.value));
  return ok(0);
}

function reportText(report: CheckAnswer): string {
  const { account, clock_skew_s: skew } = report;
  const expiry = account.expires_in_s;
  return fieldsText([
    ['Account', shown(account.label)],
    ['User', `${shown(report.user_id)} (confirmed by the homeserver)`],
    ['Device', report.device_id === null ? 'none' : shown(report.device_id)],
    ['Homeserver', shown(account.homeserver_url)],
    ['State', shown(account.state.text)],
    ['Expires in', expiry === null ? 'not given by the server' : durationText(expiry * 1_000)],
    ['Scopes', shown(report.scopes.join(' '))],
    ['Matrix', shown(report.versions.join(' '))],
    ['Device sign-in', report.device_grant ? 'available' : 'not available'],
    ['Clock', clockSkewText(skew === null ? null : skew * SECOND)],
    ...(account.account_page === null
      ? []
      : [['Account page', shown(account.account_page)] as const]),
  ]);
}
