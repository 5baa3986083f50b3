import type { StoredAccount } from '../../../main/accounts/record.ts';
import type { PersonalityName } from '../../homeserver/personality.ts';
import type { MemoryDisk } from '../../../test/vault/files/memory-disk.ts';
import type { DeathAt } from './disks.ts';
import { diskWith, DyingDisk, heldOn } from './disks.ts';
import { atServer, newSession, refreshTokenOf } from '../session.ts';
import type { Fate, Tally } from '../tally.ts';
import { ALIVE, forgivesLoss, LOST_BY_SERVER, lostByUs, tallyOf } from '../tally.ts';
import type { Sabotage } from '../world.ts';
import { Process, World } from '../world.ts';

/**
 * How a process ends, and what is left of its disk. `kept`: how many unsynced name changes survive;
 * `torn`: whether half of an unsynced overwrite is there.
 */
type End = Readonly<{ death: DeathAt; cut: { kept: number; torn: boolean } | null }>;

/** The result of a run; null: there is no such step. */
type Run = Readonly<{ fate: Fate; unsynced: number }> | null;

/**
 * A process refreshes while its tokens are in use, and is killed at each of its disk steps: before
 * it, after it, and in the middle of a write. The next process starts on what is left: after a
 * kill, everything that was written; after a power cut, only what was synced, with or without half
 * of the rest, and with each possible number of name changes that a journal may have written.
 */
export async function runSteps(
  family: PersonalityName,
  sabotage: Sabotage = {},
  everyNth = 1,
): Promise<readonly Tally[]> {
  const world = await World.start({ personality: family });
  const killed: Fate[] = [];
  const cut: Fate[] = [];
  for (let step = 0; ; step += everyNth) {
    let isLast = false;
    for (const when of ['before', 'half', 'after'] as const) {
      const death = { step, when };
      const run = await liveAndDie(world, { death, cut: null }, sabotage);
      isLast = run === null;
      if (run === null) break;
      killed.push(run.fate);
      for (const torn of [false, true]) {
        for (let kept = 0; kept <= run.unsynced; kept += 1) {
          const again = await liveAndDie(world, { death, cut: { kept, torn } }, sabotage);
          if (again !== null) cut.push(again.fate);
        }
      }
    }
    if (isLast) break;
  }
  await world.close();
  return [
    tallyOf({ row: 'steps', what: 'killed at every step of a save', family }, killed),
    tallyOf({ row: 'steps', what: 'power cut at every step of a save', family }, cut),
  ];
}

async function liveAndDie(world: World, end: End, sabotage: Sabotage): Promise<Run> {
  const account = await newSession(world.server, world.clock);
  const disk = await diskWith(account);
  const dying = new DyingDisk(disk);
  const first = await Process.start(world, dying.files, sabotage);
  dying.arm(end.death);
  let over = false;
  const refreshed = first.engine.refresh(account.label).then(() => first.use());
  void refreshed.then(() => (over = true));
  await world.wind(() => over || dying.dead, 60_000);
  if (!dying.dead) return null;
  // Tools keep using the tokens they hold; the process does nothing more.
  await world.wind(() => true, 0);
  first.kill();
  const early = await usedBeforeSafe(first, disk, world, account);
  if (early !== null) return { fate: early, unsynced: 0 };
  const unsynced = disk.unsynced;
  const left = end.cut === null ? disk : disk.afterPowerCut(end.cut.kept, end.cut.torn);
  return { fate: await fateAfter(world, left, account, sabotage), unsynced };
}

/** The rule behind all others: if the newest token was handed out, it must be on the disk. */
async function usedBeforeSafe(
  process: Process,
  disk: MemoryDisk,
  { server }: World,
  account: StoredAccount,
): Promise<Fate | null> {
  const { accessToken, refreshToken } = atServer(server, account);
  if (process.handedOut !== accessToken) return null;
  const [held] = await heldOn(disk);
  const isSafe = held !== undefined && refreshTokenOf(held) === refreshToken;
  return isSafe ? null : lostByUs('handed out before it was on the disk');
}

/** Starts the next process on the disk and checks the session. */
async function fateAfter(
  world: World,
  disk: MemoryDisk,
  account: StoredAccount,
  sabotage: Sabotage,
): Promise<Fate> {
  const [held] = await heldOn(disk);
  if (held === undefined) return lostByUs('the record is gone');
  const arrived = refreshTokenOf(held) === atServer(world.server, account).refreshToken;
  const next = await Process.start(world, disk, sabotage);
  // Long enough for Tuwunel's retry window to pass if no retry is sent before.
  await world.pass(20_000);
  const came = await next.useSoon(600_000);
  await world.windFor(next.engine.stop());
  if (next.bugs.length > 0) return lostByUs(next.bugs.join('; '));
  if (came === 'used') return ALIVE;
  if (!arrived && !forgivesLoss(world.server.personality)) return LOST_BY_SERVER;
  return lostByUs(came);
}
