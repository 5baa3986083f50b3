import { setTimeout as delay } from 'node:timers/promises';
import type { StoredAccount } from '../../main/accounts/record.ts';
import { Engine } from '../../main/engine/engine.ts';
import { boundedFetch } from '../../main/protocol/http/client.ts';
import { DEFAULT_CLIENT, userAgent } from '../../main/protocol/oauth/client-metadata.ts';
import type { Network } from '../../main/protocol/http/network.ts';
import { SystemClock, systemRandom } from '../../main/host/system-clock.ts';
import { isTaken, newSession } from '../faults/session.ts';
import { startHomeserver } from '../homeserver/homeserver.ts';
import { quietLog } from './fleet.ts';
import { vaultIn, withFolder } from './real-agent.ts';
import type { Row } from './row.ts';
import { atLeast, atMost, exactly } from './row.ts';

const LIFETIME_MS = 30_000;

/** The product's HTTP client, on loopback. */
export function realNetwork(clock: SystemClock): Network {
  return boundedFetch({
    fetch: (url, init) => fetch(url, init),
    userAgent: userAgent('0.0.0', 'Linux', '6.8'),
    loopback: true,
    timeLimit: (ms) => AbortSignal.timeout(ms),
    clock,
  });
}

/** Real sign-ins on the test homeserver, with a vault of real files, running for a while. */
export function manyReal(count: number, ms: number): Promise<readonly Row[]> {
  return withFolder(async (folder) => {
    const server = await startHomeserver({ accessTtlMs: LIFETIME_MS });
    const vault = await vaultIn(folder);
    const accounts: StoredAccount[] = [];
    for (let n = 0; n < count; n += 1) {
      const account = await newSession(server);
      accounts.push(account);
      await vault.save(account);
    }
    const clock = new SystemClock();
    const parts = { vault, clock, random: systemRandom, log: quietLog, client: DEFAULT_CLIENT };
    const engine = new Engine({ ...parts, network: realNetwork(clock), protection: 'none' });
    await engine.start();
    // The sign-ins took longer than a token lives: wait until every account has a valid token.
    await delay(LIFETIME_MS);
    const before = server.count('refresh');
    await delay(ms);
    const refreshes = server.count('refresh') - before;
    let dead = 0;
    for (const { label } of accounts) {
      const taken = await engine.tokenFor(label, { minValidMs: 0, consumer: 'scale' });
      if (!taken.ok || !(await isTaken(server, taken.value.accessToken))) dead += 1;
    }
    await engine.stop();
    await vault.close();
    const lost = server.sessions().filter(({ alive }) => !alive).length;
    await server.close();
    const ideal = (count * ms) / (LIFETIME_MS * 0.8);
    return [
      atMost(
        `${count} real accounts for ${ms / 1_000} s: requests against the ideal number`,
        refreshes / ideal,
        1.1,
      ),
      // A lower number means that tokens were refreshed late, and some had expired by then.
      atLeast('  the same, lower limit', refreshes / ideal, 0.95),
      exactly('  lost sessions', lost, 0),
      exactly('  accounts without a working token', dead, 0),
    ];
  });
}
