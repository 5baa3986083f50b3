import type { StoredAccount } from '../../../main/accounts/record.ts';
import type { PersonalityName } from '../../homeserver/personality.ts';
import { CuttingProxy } from './cutting-proxy.ts';
import { diskWith } from './disks.ts';
import { newSession } from '../session.ts';
import type { Fate, Tally } from '../tally.ts';
import { ALIVE, forgivesLoss, LOST_BY_SERVER, lostByUs, tallyOf } from '../tally.ts';
import { Process, World } from '../world.ts';

/** Resets the connection after each byte of the response to a refresh, from none to all of them. */
export async function runBytes(family: PersonalityName, everyNth = 1): Promise<Tally> {
  const proxy = await CuttingProxy.start();
  const world = await World.start({ personality: family, publicBase: proxy.baseUrl });
  proxy.leadTo(world.server.baseUrl);
  const fates: Fate[] = [];
  let process = await lively(world);
  await world.windFor(process.engine.refresh(labelOf(process)));
  const whole = proxy.lastLength;
  for (let bytes = 0; bytes <= whole; bytes += everyNth) {
    // A new account each time: a caller that keeps requesting new tokens is given the current one.
    await world.pass(10_000);
    proxy.cutNext(bytes);
    await world.windFor(process.engine.refresh(labelOf(process)));
    const came = await process.useSoon(600_000);
    const fate = fateOf(family, process, came, `cut after ${bytes} of ${whole} bytes`);
    fates.push(proxy.isArmed ? lostByUs('the response was never cut') : fate);
    if (fate.kind === 'alive') continue;
    await world.windFor(process.engine.stop());
    process = await lively(world);
  }
  await world.windFor(process.engine.stop());
  await world.close();
  await proxy.close();
  return tallyOf({ row: 'bytes', what: 'reset after every byte of the response', family }, fates);
}

async function lively(world: World): Promise<Process> {
  const account: StoredAccount = await newSession(world.server, world.clock);
  return Process.start(world, await diskWith(account));
}

function labelOf(process: Process): string {
  return process.account?.label ?? '';
}

function fateOf(family: PersonalityName, process: Process, came: string, when: string): Fate {
  if (process.bugs.length > 0) return lostByUs(`${when}: ${process.bugs.join('; ')}`);
  if (came === 'used') return ALIVE;
  const forgotten = came === 'signed-out' && !forgivesLoss(family);
  return forgotten ? LOST_BY_SERVER : lostByUs(`${when}: ${came}`);
}
