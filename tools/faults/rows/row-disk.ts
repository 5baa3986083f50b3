import type { AccountSnapshot, LoginSnapshot } from '../../../common/snapshots.ts';
import { until } from '../../../test/fixtures/fake-clock.ts';
import type { MemoryDisk } from '../../../test/vault/files/memory-disk.ts';
import type { Sickness } from './disks.ts';
import { diskWith, heldOn, SickDisk } from './disks.ts';
import { isTaken, newSession } from '../session.ts';
import type { Fate, Tally } from '../tally.ts';
import { ALIVE, lostByUs, tallyOf } from '../tally.ts';
import { Process, World } from '../world.ts';

/** What the user does while the disk is failing. */
type Act = 'refresh' | 'sign-in' | 'sign-out';

/** The errors of a full disk, a read-only one, one without permission, and a broken one. */
const ILLS: readonly Readonly<{ errno: string; refuses: Sickness['refuses']; code: string }>[] = [
  { errno: 'ENOSPC', refuses: 'room', code: 'disk-full' },
  { errno: 'EROFS', refuses: 'all', code: 'disk-denied' },
  { errno: 'EACCES', refuses: 'all', code: 'disk-denied' },
  { errno: 'ENOENT', refuses: 'room', code: 'disk-failed' },
  { errno: 'EIO', refuses: 'all', code: 'disk-failed' },
];

/** How long the disk fails, and how long recovery may take after that. */
const ILL_MS = 60_000;
const HEALED_WITHIN_MS = 600_000;

/**
 * The disk starts failing at each step of a refresh, a sign-in and a sign-out, and recovers after a
 * minute: without a restart, everything must end as it would have, and the user must be told
 * meanwhile.
 */
export async function runDisk(everyNth = 1): Promise<readonly Tally[]> {
  const world = await World.start({ personality: 'mas' });
  world.server.autoApprove('alice');
  const tallies: Tally[] = [];
  for (const act of ['refresh', 'sign-in', 'sign-out'] as const) {
    const fates: Fate[] = [];
    for (const { errno, refuses, code } of ILLS) {
      for (let from = 0; ; from += everyNth) {
        const fate = await liveThrough(world, act, { errno, refuses, from }, code);
        if (fate === null) break;
        fates.push(fate);
      }
    }
    const what = `disk full, read-only, forbidden, missing or broken at every step of a ${act}`;
    tallies.push(tallyOf({ row: 'disk', what, family: null }, fates));
  }
  await world.close();
  return tallies;
}

/** null: that step is never reached. */
async function liveThrough(
  world: World,
  act: Act,
  sickness: Sickness,
  code: string,
): Promise<Fate | null> {
  const account = await newSession(world.server, world.clock);
  const disk = await diskWith(act === 'sign-in' ? null : account);
  const sick = new SickDisk(disk);
  const process = await Process.start(world, sick.files);
  const told = new Set<string>();
  process.engine.subscribe(({ accounts, logins }) => {
    for (const said of [...accounts.map(accountSays), ...logins.map(loginSays)]) told.add(said);
  });
  sick.fallIll(sickness);
  const begun = begin(process, act, account.label, world.server.baseUrl);
  if (act === 'sign-in') await begun;
  await world.pass(ILL_MS);
  const met = sick.refused > 0;
  const whole = await isWhole(disk, act);
  sick.heal();
  const fate = met ? await fateOf(world, process, disk, act) : null;
  await world.windFor(begun);
  await world.windFor(process.engine.stop());
  if (fate === null) return null;
  const at = `${act}, ${sickness.errno} from step ${sickness.from}`;
  if (process.bugs.length > 0) return lostByUs(`${at}: ${process.bugs.join('; ')}`);
  if (!whole) return lostByUs(`${at}: no complete record while the disk was failing`);
  if (act !== 'sign-out' && !told.has(code))
    return lostByUs(`${at}: the user was not told: ${[...told].join(' ')}`);
  return fate.kind === 'lost-by-us' ? lostByUs(`${at}: ${fate.how}`) : fate;
}

async function begin(process: Process, act: Act, label: string, server: string): Promise<void> {
  switch (act) {
    case 'refresh':
      await process.engine.refresh(label);
      return;
    case 'sign-out':
      await process.engine.signOut(label);
      return;
    case 'sign-in':
      await process.engine.startLogin({ server, label: null, client: null });
      // Hashing runs on other threads, which virtual time doesn't wait for.
      await until(() => process.snapshot?.logins.some(({ state }) => 'poll' in state) ?? false);
  }
}

/** Checks the session after the disk recovered. */
async function fateOf(world: World, process: Process, disk: MemoryDisk, act: Act): Promise<Fate> {
  if (act === 'sign-out') {
    const gone = await world.wind(() => process.account === null, HEALED_WITHIN_MS);
    if (!gone) return lostByUs("the sign-out doesn't finish");
    await world.pass(HEALED_WITHIN_MS);
    const left = await heldOn(disk);
    return left.length === 0 ? ALIVE : lostByUs('the record is still on the disk');
  }
  const came = await process.useSoon(HEALED_WITHIN_MS);
  if (came !== 'used') return lostByUs(came);
  // A token that is handed out is on the disk, so the next process has it too.
  const next = await Process.start(world, disk);
  const again = await next.useSoon(HEALED_WITHIN_MS);
  await world.windFor(next.engine.stop());
  const handed = next.handedOut ?? '';
  const isGood = again === 'used' && (await isTaken(world.server, handed));
  return isGood ? ALIVE : lostByUs(`after a restart: ${again}`);
}

/** While the disk fails, the record must stay there and complete. */
async function isWhole(disk: MemoryDisk, act: Act): Promise<boolean> {
  return act !== 'refresh' || (await heldOn(disk)).length === 1;
}

function accountSays({ state }: AccountSnapshot): string {
  return 'notice' in state && state.notice !== null ? state.notice.code : '';
}

function loginSays({ state }: LoginSnapshot): string {
  if (state.step === 'failed') return state.failure.code;
  return 'notice' in state && state.notice !== null ? state.notice.code : '';
}
