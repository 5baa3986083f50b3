import { join } from 'node:path';
import { acquireSocketLock } from '../../../main/host/socket-lock/socket-lock.ts';
import { startHomeserver } from '../../homeserver/homeserver.ts';
import type { TestHomeserver } from '../../homeserver/homeserver.ts';
import type { Started } from '../agent-process.ts';
import { AgentProcess } from '../agent-process.ts';
import { Home } from '../home.ts';
import type { Fate, Tally } from '../tally.ts';
import { ALIVE, lostByUs, tallyOf } from '../tally.ts';

/** How soon after its owner exits the vault must be available. */
const TAKEN_OVER_WITHIN_MS = 1_000;

/** Every how many rounds the time to acquire a dead owner's lock is measured. */
const MEASURE_EVERY = 5;

/** The result of one round. */
type Round = Readonly<{ agent: AgentProcess | null; fate: Fate }>;

/**
 * Starts two agents at once on one vault, repeatedly: the owner is told to refresh, and then killed
 * (SIGKILL). The other must name the owner and send nothing. No refresh token may be sent twice.
 */
export async function runOwners(rounds: number): Promise<readonly Tally[]> {
  const server = await startHomeserver();
  const home = await Home.make(server);
  const fates: Fate[] = [];
  const waits: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { agent, fate } = await liveAndDie(home);
    fates.push(fate);
    await agent?.kill();
    if (round % MEASURE_EVERY !== 0) continue;
    const tookMs = await claimMs(home);
    if (tookMs === null) fates.push(lostByUs('a dead owner keeps the vault'));
    else waits.push(tookMs);
  }
  const stopped = await whileStopped(home);
  const twice = sentTwice(server);
  await home.remove();
  await server.close();
  const slow = waits.filter((ms) => ms > TAKEN_OVER_WITHIN_MS).length;
  const about = { row: 'owners', family: null } as const;
  return [
    tallyOf(
      { ...about, what: 'two agents at once on one vault, owner killed' },
      fates,
      `available within a second of the kill: ${waits.length - slow} of ${waits.length}`,
    ),
    tallyOf({ ...about, what: 'refresh tokens sent more than once' }, twice),
    tallyOf({ ...about, what: 'a stopped owner keeps the vault' }, [stopped]),
  ];
}

async function liveAndDie(home: Home): Promise<Round> {
  const { ready, other } = await firstOf(home);
  if (ready === null) return { agent: null, fate: lostByUs('neither agent got the vault') };
  const [{ status }, second] = await Promise.all([ready.refresh(home.account.label), other]);
  if (second.kind === 'ready') {
    await second.agent.kill();
    return { agent: ready, fate: lostByUs('both agents got the vault') };
  }
  const said = second.said.includes('vault-in-use');
  if (status !== 200) return { agent: ready, fate: lostByUs(`refresh: ${status}`) };
  const fate = said ? ALIVE : lostByUs(`the other agent did not name the owner: ${second.said}`);
  return { agent: ready, fate };
}

/** How long it takes to acquire a vault whose owner was killed; null: it can't be acquired. */
async function claimMs(home: Home): Promise<number | null> {
  const from = performance.now();
  const claimed = await acquireSocketLock(join(home.path, 'vault', 'owner.sock'));
  const tookMs = performance.now() - from;
  if (!claimed.ok) return null;
  await claimed.value.release();
  return tookMs;
}

/** Starts two agents; gives the owner as soon as it is ready, and the result of the other. */
async function firstOf(
  home: Home,
): Promise<Readonly<{ ready: AgentProcess | null; other: Promise<Started> }>> {
  const starts = [AgentProcess.start(home.path), AgentProcess.start(home.path)] as const;
  const [one, two] = starts;
  const ready = await Promise.any(
    starts.map(async (start, index) => {
      const started = await start;
      if (started.kind === 'ended') throw new Error(started.said);
      return { agent: started.agent, other: index === 0 ? two : one };
    }),
  ).catch(() => null);
  return { ready: ready?.agent ?? null, other: ready?.other ?? one };
}

/** An owner that doesn't respond isn't dead: no other process may take the vault. */
async function whileStopped(home: Home): Promise<Fate> {
  const owner = await AgentProcess.startReady(home.path);
  owner.signal('SIGSTOP');
  const second = await AgentProcess.start(home.path);
  owner.signal('SIGCONT');
  const { status } = await owner.refresh(home.account.label);
  await owner.kill();
  if (second.kind === 'ready') {
    await second.agent.kill();
    return lostByUs('the vault was taken from a live owner');
  }
  return status === 200 ? ALIVE : lostByUs(`refresh: ${status}`);
}

/** One fate for each refresh token that the server received. */
function sentTwice({ requests }: TestHomeserver): readonly Fate[] {
  const sent = new Map<string, number>();
  for (const { step, form } of requests) {
    if (step !== 'refresh') continue;
    const token = form.refresh_token ?? '';
    sent.set(token, (sent.get(token) ?? 0) + 1);
  }
  return [...sent.values()].map((times) => (times === 1 ? ALIVE : lostByUs(`sent ${times} times`)));
}
