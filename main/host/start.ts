import { lookup } from 'node:dns/promises';
import { access, constants, mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { release, type } from 'node:os';
import type { Log } from '../accounts/ports.ts';
import type { FreshnessPolicy } from '../accounts/record.ts';
import { Engine } from '../engine/engine.ts';
import { serveAgent } from '../agent/server.ts';
import { acquireSocketLock } from './socket-lock/owner.ts';
import type { Claim } from './socket-lock/owner.ts';
import { boundedFetch } from '../protocol/http/client.ts';
import { DEFAULT_CLIENT, userAgent } from '../protocol/oauth/client-metadata.ts';
import type { HttpExchange } from '../protocol/http/http-log.ts';
import type { Failure } from '../../common/failure.ts';
import type { Fetch } from '../protocol/http/network.ts';
import { ok } from '../../common/result.ts';
import type { Result } from '../../common/result.ts';
import { SystemClock, systemRandom } from './system-clock.ts';
import { onDisk } from '../vault/files/disk-failure.ts';
import { nodeFiles } from '../vault/files/node-files.ts';
import type { OpenVault } from '../vault/file-vault.ts';
import { openVault } from '../vault/open-vault.ts';
import type { Unlock } from '../vault/open-vault.ts';
import { version } from './version.ts';
import type { Lookup } from './dns.ts';
import { withDns, DnsLookups } from './dns.ts';
import type { HostPaths } from './paths.ts';

/** What an agent is started with. */
export type AgentSetup = Readonly<{
  places: HostPaths;
  unlock: Unlock;
  log: Log;
  /** Called once the vault is open and before anything is served: the shell may change its keeper. */
  opened?: (vault: OpenVault) => Promise<Result<void, Failure>>;
  /** Hears of every exchange with a server, without secrets: for an inspector. */
  record?: (exchange: HttpExchange) => void;
  /** How accounts are kept fresh that are added from now on; absent: always. */
  newPolicy?: () => FreshnessPolicy;
}>;

/** An agent that runs. */
export type RunningAgent = Readonly<{
  engine: Engine;
  socket: string;
  protection: OpenVault['protection'];
  /** Gives up logins, waits for refreshes under way, and frees the vault and the socket. */
  stop: () => Promise<void>;
}>;

/**
 * Runs the engine and serves the agent API on its socket: the part that every shell shares. They differ
 * in who keeps the vault's key, and in what is around it.
 *
 * The order matters: first the vault is claimed, so that no second process touches it; then it is
 * opened; and only when everything in it was read does the socket appear.
 */
export async function startAgent(setup: AgentSetup): Promise<Result<RunningAgent, Failure>> {
  const { places, log } = setup;
  const writable = await onDisk(places.vault, () => makeWritable(places.vault));
  if (!writable.ok) return writable;
  const owner = await acquireSocketLock(`${places.vault}/owner.sock`);
  if (!owner.ok) return owner;
  const started = await openAndServe(setup);
  if (!started.ok) {
    await owner.value.release();
    return started;
  }
  const { engine, vault, server, socket } = started.value;
  log.info('agent started', { socket: places.socket, protection: vault.protection });
  const stop = async (): Promise<void> => {
    await socket.release(); // in this order: nobody connects any more whom it would have to wait for
    server.closeAllConnections();
    await engine.stop();
    await vault.close();
    await owner.value.release();
    log.info('agent stopped');
  };
  return ok({ engine, socket: places.socket, protection: vault.protection, stop });
}

/** Rejects as the system does where nothing can be written: the claim of the vault would only say that it has no place. */
async function makeWritable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await access(folder, constants.W_OK);
}

type Serving = Readonly<{ engine: Engine; vault: OpenVault; server: Server; socket: Claim }>;

async function openAndServe(setup: AgentSetup): Promise<Result<Serving, Failure>> {
  const { places, unlock, log } = setup;
  const now = (): number => Date.now();
  const opened = await openVault({ folder: places.vault, unlock, files: nodeFiles(), now });
  if (!opened.ok) return opened;
  const vault = opened.value;
  const changed = await setup.opened?.(vault);
  if (changed?.ok === false) return changed;
  const engine = engineOf(vault, setup);
  const loaded = await engine.start();
  if (!loaded.ok) return loaded;
  const server = serveAgent({ engine, version, log, now, socket: places.socket });
  const socket = await acquireSocketLock(places.socket, server);
  if (!socket.ok) {
    await engine.stop();
    return socket;
  }
  return ok({ engine, vault, server, socket: socket.value });
}

function engineOf(vault: OpenVault, { log, record, newPolicy }: AgentSetup): Engine {
  const clock = new SystemClock();
  const network = boundedFetch({
    fetch: withDns(plainFetch, new DnsLookups(systemLookup, clock)),
    userAgent: userAgent(version, type(), release()),
    // Where the person typed an address of this machine, discovery let it through; else nothing leads here.
    loopback: true,
    timeLimit: (ms) => AbortSignal.timeout(ms),
    clock,
    record: (exchange) => {
      logExchange(log, exchange);
      record?.(exchange);
    },
  });
  const { protection } = vault;
  return new Engine({
    vault,
    clock,
    random: systemRandom,
    network,
    log,
    protection,
    client: DEFAULT_CLIENT,
    ...(newPolicy && { newPolicy }),
  });
}

const plainFetch: Fetch = (url, init) => fetch(url, init);
const systemLookup: Lookup = (host) => lookup(host, { all: true });

function logExchange(log: Log, exchange: HttpExchange): void {
  const { step, method, url, status, tookMs, failure } = exchange;
  log.debug('exchange', {
    step,
    method,
    url,
    status,
    tookMs: Math.round(tookMs),
    failure: failure?.code ?? null,
    request: exchange.requestBody,
    response: exchange.responseBody,
  });
}
