import type { Row } from '../row.ts';
import type { Stage } from '../stage.ts';
import { resultOf, signInAs, waiting } from '../signing-in.ts';
import type { WaitResult } from '../signing-in.ts';

const everyFiveSeconds = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55];
const aMinute = { homeserver: { codeTtlMs: 60_000 } };

/** Approved in the end, after these polls. */
function approved(askedAtS: readonly number[], ...waits: readonly string[]): WaitResult {
  return {
    login: 'done',
    waits: ['waiting', ...waits],
    askedAtS,
    sessions: ['alive'],
    lost: false,
  };
}

/** The code expired first. */
function expired(askedAtS: readonly number[], ...waits: readonly string[]): WaitResult {
  const login = 'failed login-expired';
  return { login, waits: ['waiting', ...waits], askedAtS, sessions: [], lost: false };
}

function pendingAs(status: number): Row {
  const name = `poll pending as ${status}`;
  return { name, live: waiting(1), expects: approved([5, 10, 15, 20]) };
}

/** Not polled again before the server allows it, except once just before the code expires. */
function limited(name: string): Row {
  return { name, live: waiting(0), expects: approved([5, 1_199], 'slowed-down') };
}

/** A new code is requested when the user wants one, and not before. */
async function askAgain(stage: Stage): Promise<unknown> {
  stage.server.autoApprove('alice', { afterPolls: 1 });
  const first = await signInAs(stage);
  await stage.pass(3_600_000);
  const codesGiven = stage.server.count('device-authorization');
  const ended = resultOf(stage, first).login;
  stage.server.faults.clear();
  const second = await stage.engine.retryLogin(first);
  if (!second.ok) return second.failure.code;
  const { id } = second.value;
  await stage.wind(() => stage.loginState(id).step === 'done', 'the second sign-in');
  return { ended, codesGiven, then: resultOf(stage, id).login };
}

/** Rows 29 to 36. */
export const pollingRows: readonly Row[] = [
  pendingAs(400),
  pendingAs(401),
  pendingAs(403),
  pendingAs(428),
  pendingAs(200),
  {
    name: 'poll slowed down for ever',
    stage: aMinute,
    live: waiting(null),
    expects: expired([5, 15, 30, 50, 59], 'slowed-down'),
  },
  limited('poll limited for 999999 s'),
  limited('poll limited until a date'),
  {
    name: 'poll expired at once',
    live: askAgain,
    expects: { ended: 'failed login-expired', codesGiven: 1, then: 'done' },
  },
  {
    name: 'declined and never told',
    live: waiting(null),
    expects: expired([...everyFiveSeconds, 59]),
  },
  {
    name: 'poll pending for ever',
    stage: aMinute,
    live: waiting(0),
    expects: expired([...everyFiveSeconds, 59]),
  },
  {
    name: 'poll meets a 500 twice',
    live: waiting(1),
    expects: approved([5, 15, 35, 40], 'unreachable'),
  },
  {
    name: 'poll meets a captive portal',
    live: waiting(1),
    expects: approved([5, 15, 35, 40], 'unreachable'),
  },
];
