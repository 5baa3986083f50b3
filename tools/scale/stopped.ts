import { setTimeout as delay } from 'node:timers/promises';
import { newSession } from '../faults/session.ts';
import { isTaken } from '../faults/session.ts';
import { startHomeserver } from '../homeserver/homeserver.ts';
import { RealAgent, withFolder } from './real-agent.ts';
import type { Row } from './row.ts';
import { atMost, exactly } from './row.ts';

const LIFETIME_MS = 20_000;

/** Accounts of the agent that is stopped. */
const ACCOUNTS = 20;

/**
 * A real agent is stopped (SIGSTOP) until every token has expired, and continued: no request storm,
 * no dead token handed out, no session lost.
 */
export function stopped(): Promise<readonly Row[]> {
  return withFolder(async (home) => {
    const server = await startHomeserver({ accessTtlMs: LIFETIME_MS });
    const accounts = [];
    for (let n = 0; n < ACCOUNTS; n += 1) accounts.push(await newSession(server));
    const agent = await RealAgent.start(home, accounts);
    await delay(1_000);
    agent.signal('SIGSTOP');
    await delay(LIFETIME_MS + 4_000);
    const before = server.count('refresh');
    agent.signal('SIGCONT');
    const [first] = accounts;
    const token = await agent.token(first?.label ?? '');
    const works = await isTaken(server, token);
    await delay(2_000);
    const refreshes = server.count('refresh') - before;
    const { accounts: listed } = JSON.parse(await agent.get('/v1/accounts')) as {
      accounts: readonly { expires_in_s: number; state: { kind: string } }[];
    };
    const left = Math.max(...listed.map(({ expires_in_s }) => expires_in_s));
    await agent.stop();
    const lost = server.sessions().filter(({ alive }) => !alive).length;
    await server.close();
    return [
      exactly('SIGSTOP and SIGCONT: the token handed out right after it works', Number(works), 1),
      atMost(`  refreshes in 2 s, of ${ACCOUNTS} accounts`, refreshes, ACCOUNTS),
      exactly('  lost sessions', lost, 0),
      exactly('  accounts in a failure state', listed.filter(isUnwell).length, 0),
      atMost('  longest countdown', left, LIFETIME_MS / 1_000, 's'),
    ];
  });
}

function isUnwell({ state }: Readonly<{ state: Readonly<{ kind: string }> }>): boolean {
  return state.kind !== 'active' && state.kind !== 'refreshing';
}
