import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredAccount } from '../../main/accounts/record.ts';
import { Engine } from '../../main/engine/engine.ts';
import { DEFAULT_CLIENT } from '../../main/protocol/oauth/client-metadata.ts';
import { SystemClock, systemRandom } from '../../main/host/system-clock.ts';
import { newSession } from '../faults/session.ts';
import { startHomeserver } from '../homeserver/homeserver.ts';
import { quietLog } from './fleet.ts';
import { heapBytes } from './heap.ts';
import { RealAgent, vaultIn, withFolder } from './real-agent.ts';
import type { Row } from './row.ts';
import { exactly, inTime, quantile } from './row.ts';

const MANY = 1_000;

/** The least of three p99s, in milliseconds: other load can only add to it. */
async function leastP99(agent: RealAgent, label: string): Promise<number> {
  let least = Infinity;
  for (let series = 0; series < 3; series += 1)
    least = Math.min(least, quantile(await latencies(agent, label), 0.99));
  return least;
}

/** The durations of `count` token requests, in milliseconds. */
export async function latencies(
  agent: RealAgent,
  label: string,
  count = MANY,
): Promise<readonly number[]> {
  const all: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    await agent.token(label);
    all.push(performance.now() - began);
  }
  return all;
}

/**
 * A thousand callers at the moment of expiry, and then an account whose server hangs beside a
 * working one.
 */
export function callers(): Promise<readonly Row[]> {
  return withFolder(async (home) => {
    const server = await startHomeserver({ accessTtlMs: 3_000 });
    const other = await startHomeserver();
    const hole = await blackHole();
    const [one, well, made] = [
      await newSession(server),
      await newSession(other),
      await newSession(other),
    ];
    const { session } = made;
    const hung: StoredAccount = {
      ...made,
      session: { ...session, server: { ...session.server, tokenEndpoint: hole.url } },
    };
    const demand: StoredAccount = { ...one, policy: 'on-demand' };
    const agent = await RealAgent.start(home, [demand, well, hung]);
    await delay(3_200);
    const before = server.count('refresh');
    const tokens = await Promise.all(Array.from({ length: MANY }, () => agent.token(one.label)));
    const requests = server.count('refresh') - before;
    const quiet = await leastP99(agent, well.label);
    void agent.get(`/v1/accounts/${hung.label}/token?min_valid=1h`).catch(() => undefined); // never answered
    await delay(100);
    const beside = await leastP99(agent, well.label);
    agent.signal('SIGKILL');
    await Promise.all([server.close(), other.close(), hole.close()]);
    return [
      exactly(`${MANY} callers at the moment of expiry: requests`, requests, 1),
      exactly('  different tokens handed out', new Set(tokens).size, 1),
      inTime('a token on an idle agent: p99', quiet, 5),
      inTime('a token while another account’s refresh hangs: p99', beside, 5),
    ];
  });
}

/** A thousand clients that send nothing, or half a request, delay no other client. */
export function silentClients(): Promise<readonly Row[]> {
  return withFolder(async (home) => {
    const server = await startHomeserver();
    const account = await newSession(server);
    const agent = await RealAgent.start(home, [account]);
    const silent = await crowd(agent.socket, '');
    const half = await crowd(agent.socket, 'GET /v1/acc');
    const p99 = await leastP99(agent, account.label);
    for (const socket of [...silent, ...half]) socket.destroy();
    await agent.stop();
    await server.close();
    return [inTime(`a token beside ${2 * MANY} silent clients: p99`, p99, 5)];
  });
}

/** The time from a vault of real files to a running engine; no request is sent in that time. */
export async function loadTime(
  count: number,
): Promise<Readonly<{ ms: number; requests: number; bytes: number }>> {
  return withFolder(async (folder) => {
    const server = await startHomeserver();
    const account = await newSession(server);
    await server.close();
    const vault = await vaultIn(folder);
    for (let n = 0; n < count; n += 1) {
      const id = n.toString(16).padStart(16, '0');
      await vault.save({ ...account, id, label: `account-${n}` });
    }
    await vault.close();
    const before = heapBytes();
    const began = performance.now();
    const opened = await vaultIn(folder);
    let requests = 0;
    const engine = new Engine({
      vault: opened,
      clock: new SystemClock(),
      random: systemRandom,
      log: quietLog,
      protection: 'none',
      client: DEFAULT_CLIENT,
      network: () => {
        requests += 1;
        return Promise.reject(new Error('Nothing must be due'));
      },
    });
    await engine.start();
    const ms = performance.now() - began;
    const bytes = heapBytes() - before;
    await delay(50);
    if ((await engine.snapshot()).accounts.length !== count)
      throw new Error('Some accounts are missing');
    await engine.stop();
    await opened.close();
    return { ms, requests, bytes };
  });
}

/** Loads a hundred accounts at start. */
export async function loading(): Promise<readonly Row[]> {
  const { ms, requests } = await loadTime(100);
  return [
    inTime('100 accounts from the disk', ms, 1_000),
    exactly('  requests sent without being asked for', requests, 0),
  ];
}

function crowd(socket: string, says: string): Promise<readonly Socket[]> {
  const one = () =>
    new Promise<Socket>((resolve, reject) => {
      const client = connect({ path: socket }, () => resolve(client));
      client.once('error', reject);
      if (says !== '') client.write(says);
    });
  return inTurn(MANY, one);
}

/** One after the other, since a listening socket's queue is short. */
async function inTurn<T>(count: number, make: () => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  while (made.length < count) {
    try {
      made.push(await make());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await delay(10); // the queue is full
    }
  }
  return made;
}

/** A server that accepts requests and never answers. */
async function blackHole(): Promise<Readonly<{ url: string; close: () => Promise<void> }>> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address of this type.
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/token`, close };
}
