import { Engine } from '../../main/engine/engine.ts';
import { DEFAULT_CLIENT } from '../../main/protocol/oauth/client-metadata.ts';
import { SystemClock, systemRandom } from '../../main/host/system-clock.ts';
import { newSession } from '../faults/session.ts';
import { startHomeserver } from '../homeserver/homeserver.ts';
import { quietLog } from '../scale/fleet.ts';
import { realNetwork } from '../scale/real-accounts.ts';
import { vaultIn, withFolder } from '../scale/real-agent.ts';

/** The durations in milliseconds, in pairs: a bare refresh request, and a refresh by the engine. */
export type RefreshCost = Readonly<{ bare: readonly number[]; whole: readonly number[] }>;

/**
 * What a refresh costs beyond its HTTP request: two encrypted and fsynced writes, and everything
 * else.
 */
export function refreshCost(pairs: number): Promise<RefreshCost> {
  return withFolder(async (folder) => {
    const server = await startHomeserver();
    const plain = await newSession(server);
    const vault = await vaultIn(folder);
    // One account per refresh: a caller that keeps requesting new tokens is given the current one.
    const labels: string[] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      const account = await newSession(server);
      labels.push(account.label);
      await vault.save({ ...account, policy: 'on-demand' });
    }
    const clock = new SystemClock();
    const network = realNetwork(clock);
    const parts = { vault, clock, network, random: systemRandom, log: quietLog };
    const engine = new Engine({ ...parts, protection: 'none', client: DEFAULT_CLIENT });
    await engine.start();
    const bare: number[] = [];
    const whole: number[] = [];
    let token = plain.state.kind === 'active' ? plain.state.tokens.refresh.reveal() : '';
    for (const label of labels) {
      let began = performance.now();
      token = await bareRefresh(plain.session.server.tokenEndpoint, plain.session.clientId, token);
      bare.push(performance.now() - began);
      began = performance.now();
      const refreshed = await engine.refresh(label);
      whole.push(performance.now() - began);
      if (!refreshed.ok) throw new Error(`The refresh failed: ${refreshed.failure.code}`);
    }
    await engine.stop();
    await vault.close();
    await server.close();
    return { bare, whole };
  });
}

/** The durations of `count` durable writes of one account, in milliseconds. */
export function saveCost(count: number): Promise<readonly number[]> {
  return withFolder(async (folder) => {
    const server = await startHomeserver();
    const account = await newSession(server);
    await server.close();
    const vault = await vaultIn(folder);
    const all: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const began = performance.now();
      await vault.save(account);
      all.push(performance.now() - began);
    }
    await vault.close();
    return all;
  });
}

async function bareRefresh(url: string, clientId: string, token: string): Promise<string> {
  const form = { grant_type: 'refresh_token', refresh_token: token, client_id: clientId };
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  const { refresh_token } = (await response.json()) as { refresh_token: string };
  return refresh_token;
}
