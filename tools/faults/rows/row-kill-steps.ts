import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readTokenJson } from '../../../main/agent/token-json.ts';
import { startHomeserver } from '../../homeserver/homeserver.ts';
import type { TestHomeserver } from '../../homeserver/homeserver.ts';
import type { PersonalityName } from '../../homeserver/personality.ts';
import { AgentProcess } from '../agent-process.ts';
import { Home } from '../home.ts';
import { atServer, isTaken, refreshTokenOf } from '../session.ts';
import type { Fate, Tally } from '../tally.ts';
import { ALIVE, forgivesLoss, LOST_BY_SERVER, lostByUs, tallyOf } from '../tally.ts';

/**
 * The agent as it ships, killed (SIGKILL) before and after each system call by which a refresh
 * changes the vault: open, write, fsync, close, rename, unlink.
 */
export async function runKillSteps(family: PersonalityName, everyNth = 1): Promise<Tally> {
  const server = await startHomeserver({ personality: family });
  const fates: Fate[] = [];
  let steps = 0;
  for (let isOver = false; !isOver; steps += everyNth) {
    for (const side of ['before', 'after']) {
      const fate = await dieAt(server, `${steps} ${side}`);
      isOver = fate === null;
      if (fate === null) break;
      fates.push(fate);
    }
  }
  await server.close();
  const what = 'kill -9 before and after every call that changes the vault';
  return tallyOf({ row: 'kill-steps', what, family }, fates);
}

/** null: the refresh finished before that call. */
async function dieAt(server: TestHomeserver, at: string): Promise<Fate | null> {
  const home = await Home.make(server);
  const armed = join(home.path, 'armed');
  const env = { KEYFOB_DIE_AT: at, KEYFOB_DIE_WHEN: armed };
  const imports = [resolve('out/tools/die-at-step.js')];
  const started = await AgentProcess.start(home.path, { imports, env });
  if (started.kind === 'ended') throw new Error(`The agent doesn't start: ${started.said}`);
  const { agent } = started;
  await writeFile(armed, '');
  const answered = await agent.refresh(home.account.label).then(
    ({ status }) => status === 200,
    () => false, // it died before it answered, as it should
  );
  const died = !answered;
  await (died ? agent.gone() : agent.kill());
  await rm(armed);
  const held = await home.held();
  const { refreshToken } = atServer(server, home.account);
  const arrived = held !== null && refreshTokenOf(held) === refreshToken;
  const fate = died ? await fateOf(server, home, arrived) : null;
  await home.remove();
  return fate;
}

async function fateOf(server: TestHomeserver, home: Home, arrived: boolean): Promise<Fate> {
  const next = await AgentProcess.startReady(home.path);
  const { status, body } = await next.token(home.account.label);
  await next.kill();
  const token = readTokenJson(body)?.access_token;
  if (token !== undefined && (await isTaken(server, token))) return ALIVE;
  if (token !== undefined) return lostByUs('dead token');
  return !arrived && !forgivesLoss(server.personality)
    ? LOST_BY_SERVER
    : lostByUs(`no token: ${status}`);
}
