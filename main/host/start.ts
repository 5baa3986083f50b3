import { lookup } from 'node:dns/promises';
import { access, constants, mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { release, type } from 'node:os';
import type { Log } from '../accounts/ports.ts';
import type { FreshnessPolicy } from '../accounts/record.ts';
import { Engine } from '../engine/engine.ts';
import { serveAgent } from '../agent/server.ts';
import { acquireSocketLock } from './socket-lock/socket-lock.ts';
import type { SocketLock } from './socket-lock/socket-binding.ts';
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

/** What {@link startAgent} needs. */
export type AgentSetup = Readonly<{
  paths: HostPaths;
  unlock: Unlock;
  log: Log;
  /** Called when the vault is open, before anything is served. May change the vault's key provider. */
  onOpened?: (vault: OpenVault) => Promise<Result<void, Failure>>;
  /** Called with every HTTP exchange, redacted: for an inspector. */
  record?: (exchange: HttpExchange) => void;
  /** The policy of accounts added from now on; default: `keep-fresh`. */
  newPolicy?: () => FreshnessPolicy;
}>;

/** An agent that is running. */
export type RunningAgent = Readonly<{
  engine: Engine;
  socket: string;
  protection: OpenVault['protection'];
  /** Cancels logins, waits for refreshes in flight, and releases the vault and the socket. */
  stop: () => Promise<void>;
}>;

/**
 * Starts the engine and serves the agent API on its socket: the part that the desktop app and `keyfob agent`
 * share. They differ in how they unlock the vault, and in their user interface.
 *
 * The order matters: first the vault's lock is acquired, so that no second process touches the vault; then
 * the vault is opened; and the agent's socket appears only when everything in it has been read.
 */
export async function startAgent(setup: AgentSetup): Promise<Result<RunningAgent, Failure>> {
  const { paths, log } = setup;
  const writable = await onDisk(paths.vault, () => makeWritable(paths.vault));
  if (!writable.ok) return writable;
  const lock = await acquireSocketLock(`${paths.vault}/owner.sock`);
  if (!lock.ok) return lock;
  const started = await openAndServe(setup);
  if (!started.ok) {
    await lock.value.release();
    return started;
  }
  const { engine, vault, server, socket } = started.value;
  log.info('agent started', { socket: paths.socket, protection: vault.protection });
  const stop = async (): Promise<void> => {
    await socket.release(); // first, so that no new connection has to be waited for
    server.closeAllConnections();
    await engine.stop();
    await vault.close();
    await lock.value.release();
    log.info('agent stopped');
  };
  return ok({ engine, socket: paths.socket, protection: vault.protection, stop });
}

/** Rejects with the system's error if the folder isn't writable: the lock would only report an unusable path. */
async function makeWritable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await access(folder, constants.W_OK);
}

type Serving = Readonly<{ engine: Engine; vault: OpenVault; server: Server; socket: SocketLock }>;

async function openAndServe(setup: AgentSetup): Promise<Result<Serving, Failure>> {
  const { paths, unlock, log } = setup;
  const now = (): number => Date.now();
  const opened = await openVault({ folder: paths.vault, unlock, files: nodeFiles(), now });
  if (!opened.ok) return opened;
  const vault = opened.value;
  const changed = await setup.onOpened?.(vault);
  if (changed?.ok === false) return changed;
  const engine = createEngine(vault, setup);
  const loaded = await engine.start();
  if (!loaded.ok) return loaded;
  const server = serveAgent({ engine, version, log, now, socket: paths.socket });
  const socket = await acquireSocketLock(paths.socket, server);
  if (!socket.ok) {
    await engine.stop();
    return socket;
  }
  return ok({ engine, vault, server, socket: socket.value });
}

function createEngine(vault: OpenVault, { log, record, newPolicy }: AgentSetup): Engine {
  const clock = new SystemClock();
  const network = boundedFetch({
    fetch: withDns(plainFetch, new DnsLookups(systemLookup, clock)),
    userAgent: userAgent(version, type(), release()),
    // Discovery admits a loopback address only if the user typed it; nothing else leads to this machine.
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
