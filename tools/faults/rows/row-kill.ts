import { setTimeout as sleep } from 'node:timers/promises';
import { readTokenJson } from '../../../main/agent/token-json.ts';
import { startHomeserver } from '../../homeserver/homeserver.ts';
import type { TestHomeserver } from '../../homeserver/homeserver.ts';
import type { PersonalityName } from '../../homeserver/personality.ts';
import { AgentProcess } from '../agent-process.ts';
import { Home } from '../home.ts';
import { seeded } from '../seeded.ts';
import { atServer, isTaken, refreshTokenOf } from '../session.ts';
import type { Fate, Tally } from '../tally.ts';
import { ALIVE, forgivenMs, LOST_BY_SERVER, lostByUs, tallyOf } from '../tally.ts';

/** How far a refresh had got when its process was killed. */
type Stage = 'unsent' | 'spent' | 'on disk' | 'answered';

const STAGES: readonly Stage[] = ['unsent', 'spent', 'on disk', 'answered'];

/**
 * Initial estimates of how long a refresh takes, and its last part after the server's response;
 * adjusted during the runs.
 */
const FIRST_GUESS_MS = { whole: 200, end: 30 };

/** How long data sent on this machine may take until its receiver has read it. */
const QUIET_MS = 20;

/** When to kill: in which part of the refresh, and where in it. */
type Shot = Readonly<{ span: keyof typeof FIRST_GUESS_MS; where: number }>;

/**
 * The agent as it ships is told to refresh and killed (SIGKILL) at a random time while it does. The
 * next agent on the same folder must then give a token that the homeserver accepts. Half of the
 * kills fall anywhere in the refresh, the others between the server's response and the agent's own.
 * The seed decides where in its part each kill falls; the length of a part depends on the machine
 * and is adjusted so that about a fifth of the kills come too late.
 */
export async function runKills(
  family: PersonalityName,
  runs: number,
  seed: number,
  atOnce: number,
  progress: (done: number) => void = () => undefined,
): Promise<Tally> {
  const server = await startHomeserver({ personality: family });
  const random = seeded(seed);
  const fates: Fate[] = [];
  const reached = new Map<Stage, number>(STAGES.map((stage) => [stage, 0]));
  let left = runs;
  const worker = async () => {
    const victim = new Victim(server);
    while (left > 0) {
      left -= 1;
      const shot: Shot = { span: left % 2 === 0 ? 'whole' : 'end', where: random() };
      const { fate, stage } = await victim.killOnce(shot);
      fates.push(fate);
      reached.set(stage, (reached.get(stage) ?? 0) + 1);
      progress(fates.length);
    }
    await victim.end();
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, runs) }, worker));
  await server.close();
  const note = STAGES.map((stage) => `${stage} ${reached.get(stage) ?? 0}`).join(', ');
  return tallyOf({ row: 'kill', what: 'kill -9 at a random time', family }, fates, note);
}

/** One folder, and the agents that are killed on it. */
class Victim {
  readonly #server: TestHomeserver;
  readonly #spanMs = { ...FIRST_GUESS_MS };
  #home: Home | null = null;
  #agent: AgentProcess | null = null;

  constructor(server: TestHomeserver) {
    this.#server = server;
  }

  async killOnce(shot: Shot): Promise<Readonly<{ fate: Fate; stage: Stage }>> {
    this.#home ??= await Home.make(this.#server);
    const home = this.#home;
    this.#agent ??= await AgentProcess.startReady(home.path);
    const before = atServer(this.#server, home.account).refreshToken;
    const answered = await this.#refreshAndKill(this.#agent, home.account.label, shot);
    await this.#quiet();
    const newest = atServer(this.#server, home.account).refreshToken;
    const held = await home.held();
    const arrived = held !== null && refreshTokenOf(held) === newest;
    const stage = stageOf(newest !== before, arrived, answered);
    const fate = await this.#fateOf(home, { lost: !arrived, answered, before });
    return { fate, stage };
  }

  async end(): Promise<void> {
    await this.#agent?.kill();
    await this.#home?.remove();
  }

  async #refreshAndKill(agent: AgentProcess, label: string, shot: Shot): Promise<boolean> {
    const seen = this.#server.requests.length;
    const course = { answered: false, over: false };
    const asked = agent
      .refresh(label)
      .then(
        ({ status }) => void (course.answered = status === 200),
        () => undefined, // it died before it answered, as it should
      )
      .then(() => void (course.over = true));
    if (shot.span === 'end') while (!course.over && !this.#hasAnswered(seen)) await sleep(1);
    await sleep(shot.where * this.#spanMs[shot.span]);
    this.#spanMs[shot.span] *= course.answered ? 0.85 : 1.04;
    agent.signal('SIGKILL');
    await agent.gone();
    await asked;
    return course.answered;
  }

  /** Requests of a killed agent may still be on their way or being processed. */
  async #quiet(): Promise<void> {
    const isBusy = () =>
      this.#server.requests.some(({ step, status }) => step === 'refresh' && status === null);
    do await sleep(QUIET_MS);
    while (isBusy());
  }

  /** Whether the server has answered a refresh, of any agent: accurate enough here. */
  #hasAnswered(since: number): boolean {
    return this.#server.requests
      .slice(since)
      .some(({ step, status }) => step === 'refresh' && status !== null);
  }

  async #fateOf(
    home: Home,
    { lost, answered, before }: Readonly<{ lost: boolean; answered: boolean; before: string }>,
  ): Promise<Fate> {
    const killedAt = performance.now();
    const started = await AgentProcess.start(home.path);
    if (started.kind === 'ended') {
      await this.#startAnew();
      return lostByUs(`the next agent doesn't start: ${started.said}`);
    }
    this.#agent = started.agent;
    const { status, body } = await started.agent.token(home.account.label);
    const token = readTokenJson(body)?.access_token;
    if (token !== undefined && (await isTaken(this.#server, token))) return ALIVE;
    await this.#startAnew();
    if (answered && lost) return lostByUs('answered before the tokens were on the disk');
    const tooLate = performance.now() - killedAt >= forgivenMs(this.#server.personality);
    const gone = lost || this.#wasSpentByTheDead(before);
    if (token === undefined && gone && tooLate) return LOST_BY_SERVER;
    return lostByUs(token === undefined ? `no token: ${status} ${codeIn(body)}` : 'dead token');
  }

  /**
   * Whether the refresh token was already spent when the next agent sent it: on a busy machine, the
   * server may read the killed agent's request only after the quiet time.
   */
  #wasSpentByTheDead(refreshToken: string): boolean {
    const sent = this.#server.requests.filter(
      ({ step, form }) => step === 'refresh' && form.refresh_token === refreshToken,
    );
    return sent.length > 1 && sent[0]?.status === 200;
  }

  async #startAnew(): Promise<void> {
    await this.end();
    this.#agent = null;
    this.#home = null;
  }
}

function stageOf(spent: boolean, arrived: boolean, answered: boolean): Stage {
  if (answered) return 'answered';
  if (!spent) return 'unsent';
  return arrived ? 'on disk' : 'spent';
}

function codeIn(body: string): string {
  return /"code":\s*"([a-z-]+)"/.exec(body)?.[1] ?? 'unreadable';
}
