import type { Result } from '../../../common/result.ts';
import { ok } from '../../../common/result.ts';
import { accountPath } from './account-argument.ts';
import { readAccount } from '../client/answers.ts';
import { ask } from '../client/ask.ts';
import type { Call, Command } from '../command.ts';
import { misused } from '../command.ts';
import { shown } from '../terminal/shown.ts';
import type { Trouble } from '../trouble.ts';

/** `keyfob rename`: another label for an account. */
export const rename: Command = {
  verb: 'rename',
  options: { json: 'flag' },
  positionals: 2,
  run: async (call) => {
    const [account, label] = call.parsed.positionals;
    if (account === undefined || label === undefined) {
      return misused('rename', { text: 'two labels are needed', given: '', near: [] });
    }
    return arrange(
      call,
      account,
      { label },
      (answer) => `${answer.label}: renamed from ${account}`,
    );
  },
};

/** `keyfob set`: how an account is kept fresh. */
export const set: Command = {
  verb: 'set',
  options: { json: 'flag', policy: 'value' },
  positionals: 1,
  run: async (call) => {
    const [account] = call.parsed.positionals;
    const policy = call.parsed.options.get('policy');
    if (account === undefined || policy === undefined) {
      return misused('set', { text: 'an account and --policy are needed', given: '', near: [] });
    }
    if (!Object.hasOwn(POLICIES, policy)) {
      const text = `there is no policy "${policy}"`;
      return misused('set', { text, given: policy, near: Object.keys(POLICIES) });
    }
    return arrange(call, account, { policy }, ({ label }) => `${label}: ${POLICIES[policy] ?? ''}`);
  },
};

const POLICIES: Readonly<Record<string, string>> = {
  'keep-fresh': 'kept fresh, so that a token is there at once',
  'on-demand': 'refreshed only when a token is asked for',
};

async function arrange(
  { agent, parsed, world }: Call,
  account: string,
  body: Readonly<Record<string, string>>,
  say: (answer: Readonly<{ label: string }>) => string,
): Promise<Result<number, Trouble>> {
  const answer = await ask(agent, { method: 'PATCH', path: accountPath(account), body });
  if (!answer.ok) return answer;
  if (parsed.options.has('json')) {
    world.out(`${answer.value}\n`);
    return ok(0);
  }
  const read = readAccount(answer.value);
  if (!read.ok) return read;
  world.out(`${shown(say(read.value))}\n`);
  return ok(0);
}
