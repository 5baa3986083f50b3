import type { Result } from '../../../common/result.ts';
import { ok } from '../../../common/result.ts';
import { accountPath } from './account-argument.ts';
import { readAccount } from '../client/answers.ts';
import { ask } from '../client/ask.ts';
import type { Call, Command } from '../command.ts';
import { usageError } from '../command.ts';
import { shown } from '../terminal/shown.ts';
import type { CommandError } from '../errors.ts';

/** `keyfob rename`: changes an account's label. */
export const rename: Command = {
  name: 'rename',
  options: { json: 'flag' },
  positionals: 2,
  run: async (call) => {
    const [account, label] = call.parsed.positionals;
    if (account === undefined || label === undefined) {
      return usageError('rename', {
        text: 'expected an account and a new label',
        given: '',
        candidates: [],
      });
    }
    return update(call, account, { label }, (answer) => `${answer.label}: renamed from ${account}`);
  },
};

/** `keyfob set`: chooses when an account's tokens are refreshed. */
export const set: Command = {
  name: 'set',
  options: { json: 'flag', policy: 'value' },
  positionals: 1,
  run: async (call) => {
    const [account] = call.parsed.positionals;
    const policy = call.parsed.options.get('policy');
    if (account === undefined || policy === undefined) {
      return usageError('set', {
        text: 'expected an account and --policy',
        given: '',
        candidates: [],
      });
    }
    if (!Object.hasOwn(POLICIES, policy)) {
      const text = `unknown policy "${policy}"`;
      return usageError('set', { text, given: policy, candidates: Object.keys(POLICIES) });
    }
    return update(call, account, { policy }, ({ label }) => `${label}: ${POLICIES[policy] ?? ''}`);
  },
};

const POLICIES: Readonly<Record<string, string>> = {
  'keep-fresh': 'tokens are refreshed before they expire',
  'on-demand': 'tokens are refreshed only on request',
};

async function update(
  { agent, parsed, io }: Call,
  account: string,
  body: Readonly<Record<string, string>>,
  say: (answer: Readonly<{ label: string }>) => string,
): Promise<Result<number, CommandError>> {
  const answer = await ask(agent, { method: 'PATCH', path: accountPath(account), body });
  if (!answer.ok) return answer;
  if (parsed.options.has('json')) {
    io.out(`${answer.value}\n`);
    return ok(0);
  }
  const read = readAccount(answer.value);
  if (!read.ok) return read;
  io.out(`${shown(say(read.value))}\n`);
  return ok(0);
}
