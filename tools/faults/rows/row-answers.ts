import type { PersonalityName } from '../../homeserver/personality.ts';
import type { AnswerCase } from './answer-cases.ts';
import { ANSWER_CASES } from './answer-cases.ts';
import { diskWith } from './disks.ts';
import { newSession } from '../session.ts';
import type { Fate, Tally } from '../tally.ts';
import { ALIVE, LOST_BY_SERVER, lostByUs, tallyOf } from '../tally.ts';
import type { Sabotage } from '../world.ts';
import { Process, World } from '../world.ts';

/** Every kind of bad response, while a tool requests a token every few seconds and uses it. */
export async function runAnswers(
  family: PersonalityName,
  sabotage: Sabotage = {},
  cases: readonly AnswerCase[] = ANSWER_CASES,
): Promise<readonly Tally[]> {
  const world = await World.start({ personality: family });
  const lived: Fate[] = [];
  const doomed: Fate[] = [];
  for (const one of cases) {
    const fates = one.survivors.includes(family) ? lived : doomed;
    fates.push(await liveThrough(world, one, sabotage));
  }
  await world.close();
  const about = { row: 'answers', family } as const;
  return [
    tallyOf({ ...about, what: 'bad responses that the server forgives' }, lived),
    tallyOf({ ...about, what: "bad responses that the server doesn't forgive" }, doomed),
  ].filter(({ runs }) => runs > 0);
}

async function liveThrough(world: World, one: AnswerCase, sabotage: Sabotage): Promise<Fate> {
  const { server, clock } = world;
  const account = await newSession(server, clock);
  const process = await Process.start(world, await diskWith(account), sabotage);
  one.arrange(world);
  void process.engine.refresh(account.label);
  const seen = new Set<string>();
  const end = clock.monotonicNow() + one.lastsMs;
  for (
    let pauseMs = 0;
    clock.monotonicNow() < end;
    pauseMs = Math.min(pauseMs * 1.5 + 1_000, 600_000)
  ) {
    await world.pass(Math.min(pauseMs, end - clock.monotonicNow()));
    seen.add((await world.windFor(process.use())) ?? 'no answer');
  }
  server.faults.clear();
  world.line = (send) => send;
  const came = await process.useSoon(600_000);
  await world.windFor(process.engine.stop());
  const problem = problemOf(came, seen, process.bugs);
  if (problem === null) return ALIVE;
  const isDoomed = !one.survivors.includes(server.personality);
  return isDoomed && problem === 'signed-out'
    ? LOST_BY_SERVER
    : lostByUs(`${one.what}: ${problem}`);
}

/** What went wrong; null: nothing. */
function problemOf(
  came: string,
  seen: ReadonlySet<string>,
  bugs: readonly string[],
): string | null {
  if (bugs.length > 0) return bugs.join('; ');
  if (seen.has('dead-token')) return 'handed out a dead token';
  return came === 'used' ? null : came;
}
