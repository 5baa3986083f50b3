import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Agent } from '../../main/cli/client/ask.ts';
import { ask } from '../../main/cli/client/ask.ts';
import { errorOf } from '../../main/cli/errors.ts';
import { followLines } from '../../main/cli/client/follow.ts';
import type { LineOf, LoginLine } from '../../main/cli/login/login-line.ts';
import { readLoginLine } from '../../main/cli/login/login-line.ts';
import type { CommandError } from '../../main/cli/errors.ts';
import type { Log } from '../../main/accounts/ports.ts';
import { unlockFrom } from '../../main/headless/passphrase.ts';
import { hostPaths } from '../../main/host/paths.ts';
import { startAgent } from '../../main/host/start.ts';
import { describeFailure } from '../../common/failure-text.ts';
import { startHomeserver } from '../homeserver/homeserver.ts';
import type { PersonalityName } from '../homeserver/personality.ts';
import type { TestHomeserver } from '../homeserver/homeserver.ts';
import type { DemoView } from './steps.ts';
import { DemoFailed } from './steps.ts';

/** What the demo runs. */
export type DemoWish = Readonly<{
  personality: PersonalityName;
  /** A real homeserver to sign in to; null: the test homeserver, started here. */
  server: string | null;
  /** Whether the user approves in the browser; otherwise a script does, three seconds later. */
  manual: boolean;
  log: Log;
}>;

/** Long enough to see the code, short enough not to be boring. */
const APPROVE_AFTER_MS = 3_000;

type Stage = Readonly<{
  wish: DemoWish;
  view: DemoView;
  agent: Agent;
  test: TestHomeserver | null;
}>;

/**
 * One session from sign-in to sign-out, through the agent's API over its socket: what `keyfob
 * agent`, `keyfob login`, `keyfob token`, `keyfob refresh` and `keyfob logout` do.
 */
export async function tellStory(wish: DemoWish, view: DemoView): Promise<void> {
  const startedAt = Date.now();
  const test =
    wish.server === null ? await startHomeserver({ personality: wish.personality }) : null;
  const home = await mkdtemp(join(tmpdir(), 'keyfob-demo-'));
  const url = test?.baseUrl ?? wish.server ?? '';
  view.show({ step: 'homeserver', url, personality: test?.personality ?? null });
  try {
    await onAgent(home, wish, view, test);
    view.show({ step: 'done', ok: true, took_s: (Date.now() - startedAt) / 1_000 });
  } finally {
    await test?.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function onAgent(
  home: string,
  wish: DemoWish,
  view: DemoView,
  test: TestHomeserver | null,
): Promise<void> {
  const uid = process.getuid?.() ?? null;
  const unlock = unlockFrom({ file: null, unsealed: true, prompt: null, now: Date.now });
  const where = hostPaths({ KEYFOB_HOME: home }, process.platform, home, uid);
  const started = await startAgent({ paths: where, unlock, log: wish.log });
  if (!started.ok) throw new DemoFailed(describeFailure(started.failure));
  const { socket, protection, stop } = started.value;
  try {
    view.show({ step: 'agent', socket, protection });
    const agent = { socket, uid, timeoutMs: 60_000, silenceMs: 30_000, probeMs: 2_000 };
    await liveOneSession({ wish, view, agent, test });
  } finally {
    await stop();
  }
}

async function liveOneSession(stage: Stage): Promise<void> {
  const { view, agent } = stage;
  const { label, homeserver } = await signIn(stage);
  const path = `/v1/accounts/${encodeURIComponent(label)}`;
  const first = await takeToken(agent, path);
  const who = await whoami(homeserver, first.access_token);
  const { expires_in_s } = first;
  view.show({ step: 'token', account: label, expires_in_s, works_for: who ?? 'nobody' });
  await request(agent, 'POST', `${path}/refresh`);
  const second = await takeToken(agent, path);
  const old = await whoami(homeserver, first.access_token);
  view.show({
    step: 'refreshed',
    expires_in_s: second.expires_in_s,
    old_token: old === null ? 'refused' : 'accepted',
  });
  const gone = JSON.parse(await request(agent, 'DELETE', path)) as { proof: string };
  view.show({ step: 'signed_out', proof: gone.proof });
}

async function signIn(stage: Stage): Promise<LineOf<'signed_in'>> {
  const { wish, view, agent, test } = stage;
  const server = test?.baseUrl ?? wish.server ?? '';
  view.show({ step: 'asking', server });
  let end: LineOf<'signed_in'> | LineOf<'failed'> | null = null;
  const never = new AbortController().signal;
  const body = { server, label: null, client: null };
  const followed = await followLines(agent, { path: '/v1/login', body }, never, (text) => {
    const line = readLoginLine(text);
    if (line === null) return;
    if (line.step === 'signed_in' || line.step === 'failed') end = line;
    if (line.step !== 'failed') view.show(line);
    if (line.step === 'code' && !wish.manual) void approveSoon(stage, line);
  });
  if (!followed.ok) throw new DemoFailed(wordsOf(followed.failure));
  // Assigned inside the callback, which the compiler can't see.
  const line = end as LoginLine | null;
  if (line?.step === 'signed_in') return line;
  const error = line?.step === 'failed' ? line.error : noEnd;
  throw new DemoFailed({ code: error.code, message: error.message, hint: error.hint });
}

const noEnd = {
  code: 'bug',
  message: 'The sign-in ended without a result.',
  hint: 'This is a bug: please report it.',
};

async function approveSoon({ test, view }: Stage, { user_code }: LineOf<'code'>): Promise<void> {
  await delay(APPROVE_AFTER_MS);
  if (test?.approve(user_code, 'alice') === true) view.show({ step: 'approved', by: 'alice' });
}

type Token = Readonly<{ access_token: string; expires_in_s: number | null }>;

async function takeToken(agent: Agent, path: string): Promise<Token> {
  return JSON.parse(await request(agent, 'GET', `${path}/token?for=demo`)) as Token;
}

async function request(
  agent: Agent,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
): Promise<string> {
  const answer = await ask(agent, { method, path });
  if (!answer.ok) throw new DemoFailed(wordsOf(answer.failure));
  return answer.value;
}

function wordsOf(error: CommandError): DemoFailed['error'] {
  if (error.kind === 'usage') return noEnd;
  const { code, message, hint } = errorOf(error);
  return { code, message, hint };
}

/** The user a token belongs to, by a whoami request; null: the server refused the token. */
async function whoami(homeserver: string, token: string): Promise<string | null> {
  const answer = await fetch(`${homeserver}/_matrix/client/v3/account/whoami`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) return null;
  return ((await answer.json()) as { user_id: string }).user_id;
}
