import { hostPaths } from '../../host/paths.ts';
import type { Result } from '../../../common/result.ts';
import { ok } from '../../../common/result.ts';
import { readAccounts, readStatus } from '../client/answers.ts';
import type { Agent } from '../client/ask.ts';
import { ask } from '../client/ask.ts';
import type { Call, Command } from '../command.ts';
import { errorOf } from '../errors.ts';
import type { Finding } from './doctor-findings.ts';
import {
  accountFinding,
  agentFindings,
  environmentFindings,
  pathFindings,
  problem,
} from './doctor-findings.ts';
import { shown } from '../terminal/shown.ts';
import type { CommandError } from '../errors.ts';

/** `keyfob doctor`: looks for problems that keep Keyfob from working. The report contains no secrets. */
export const doctor: Command = { name: 'doctor', options: {}, positionals: 0, run };

const MARKS = { ok: 'ok      ', warning: 'warning ', problem: 'PROBLEM ' } as const;

async function run({ io, agent }: Call): Promise<Result<number, CommandError>> {
  const { env, platform, uid } = io;
  const home = io.homedir();
  const findings = [
    ...environmentFindings(io, process.versions.node),
    ...pathFindings(io, hostPaths(env, platform, home, uid)),
    ...(await askAgent(agent)),
  ];
  for (const finding of findings) io.out(findingText(finding, home));
  const problems = findings.filter(({ level }) => level === 'problem').length;
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  const told = `${count(problems, 'problem')}, ${count(warnings, 'warning')}.`;
  io.out(`\n${told.charAt(0).toUpperCase()}${told.slice(1)}\n`);
  return ok(problems === 0 ? 0 : 1);
}

async function askAgent(agent: Agent): Promise<readonly Finding[]> {
  const answer = await ask(agent, { method: 'GET', path: '/v1/status' });
  const status = answer.ok ? readStatus(answer.value) : answer;
  if (!status.ok) return [errorFinding(status.failure)];
  const listed = await ask(agent, { method: 'GET', path: '/v1/accounts' });
  const accounts = listed.ok ? readAccounts(listed.value) : listed;
  const rest = accounts.ok ? accounts.value.map(accountFinding) : [errorFinding(accounts.failure)];
  return [...agentFindings(status.value), ...rest];
}

function errorFinding(error: CommandError): Finding {
  if (error.kind === 'usage') return problem(error.problem.text, '');
  const { message, hint } = errorOf(error);
  return problem(message, hint);
}

/** Reports are shared with others, so the home folder, which contains the user name, becomes `~`. */
function findingText({ level, text, hint }: Finding, home: string): string {
  const short = (words: string): string => shown(words).replaceAll(home, '~');
  return `${MARKS[level]}${short(text)}\n${hint === '' ? '' : `        ${short(hint)}\n`}`;
}

function count(n: number, what: string): string {
  return `${n === 0 ? 'no' : n} ${what}${n === 1 ? '' : 's'}`;
}
