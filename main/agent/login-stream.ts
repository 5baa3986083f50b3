import type { ServerResponse } from 'node:http';
import { describeFailure } from '../../common/failure-text.ts';
import { hasEnded } from '../../common/login-steps.ts';
import { unexpected } from '../../common/result.ts';
import type { AppSnapshot, LoginSnapshot, LoginStateSnapshot } from '../../common/snapshots.ts';
import type { Log } from '../accounts/ports.ts';
import type { EngineApi } from '../engine/engine-api.ts';
import type { Update } from './event-stream.ts';
import { streamSnapshots } from './event-stream.ts';
import type { WireObject } from './wire.ts';
import { wireTime, wireNotice, wireSecondsUntil } from './wire.ts';

/**
 * Streams the steps of a login that has just started, one per line, until it ends. A client that
 * disconnects before that cancels the login.
 */
export function streamLogin(
  response: ServerResponse,
  engine: EngineApi,
  started: LoginSnapshot,
  log: Log,
): void {
  let sent = NOTHING_SENT;
  let opening: readonly WireObject[] = [{ step: 'started', login: started.id }];

  const update = (snapshot: AppSnapshot): Update => {
    const login = snapshot.logins.find(({ id }) => id === started.id);
    const first = opening;
    opening = [];
    // A login that is no longer listed was cancelled by the window or by another client.
    if (login === undefined || login.state.step === 'cancelled') {
      return { lines: [...first, cancelledLine()], isLast: true };
    }
    const next = loginLines(sent, login, snapshot.madeAt);
    sent = next.sent;
    return { lines: [...first, ...next.lines], isLast: hasEnded(login.state) };
  };

  streamSnapshots(response, engine, update, () => {
    engine.cancelLogin(started.id).catch((error: unknown) => {
      log.bug('cannot cancel the login of a client that disconnected', error);
    });
  });
}

function cancelledLine(): WireObject {
  const error = wireNotice(describeFailure({ code: 'login-cancelled' }));
  return { step: 'failed', error: { ...error, retry_after_s: null } };
}

/** What a client has been sent of a login so far. */
export type SentSteps = Readonly<{
  discovered: boolean;
  registered: boolean;
  /** The code and the state of the polling that were sent last. */
  code: string | null;
  wait: string | null;
  /** The last of the steps that are sent only once. */
  step: string | null;
}>;

/** The start of a stream. */
export const NOTHING_SENT: SentSteps = {
  discovered: false,
  registered: false,
  code: null,
  wait: null,
  step: null,
};

type LoginUpdate = Readonly<{ lines: readonly WireObject[]; sent: SentSteps }>;

/**
 * The lines that bring a client up to date, and what it has been sent then. If snapshots were skipped
 * between two calls, the lines of the skipped steps still come, in order. `now` in epoch milliseconds.
 */
export function loginLines(sent: SentSteps, login: LoginSnapshot, now: number): LoginUpdate {
  const { state } = login;
  const lines: WireObject[] = [];
  if (!sent.discovered && 'issuer' in state) {
    lines.push({ step: 'discovered', homeserver: state.homeserver, issuer: state.issuer });
  }
  if (!sent.registered && 'clientId' in state) {
    lines.push({ step: 'registered', client_id: state.clientId });
  }
  const last = lastLines(sent, login.id, state, now);
  return {
    lines: [...lines, ...last.lines],
    sent: {
      ...last.sent,
      discovered: sent.discovered || 'issuer' in state,
      registered: sent.registered || 'clientId' in state,
    },
  };
}

function lastLines(
  sent: SentSteps,
  login: string,
  state: LoginStateSnapshot,
  now: number,
): LoginUpdate {
  switch (state.step) {
    case 'discovering':
    case 'registering':
    case 'requesting-code':
      return { lines: [], sent };
    case 'waiting':
      return waitingLines(sent, state, now);
    case 'verifying':
      return once(sent, `verifying ${state.notice?.code ?? ''}`, {
        step: 'verifying',
        notice: state.notice === null ? null : wireNotice(state.notice),
      });
    case 'confirming':
      return once(sent, 'confirm', {
        step: 'confirm',
        login,
        expected: state.expected,
        actual: state.actual,
      });
    case 'done':
      return once(sent, 'signed_in', signedIn(state));
    case 'failed':
      return once(sent, 'failed', {
        step: 'failed',
        error: { ...wireNotice(state.failure), retry_after_s: null },
      });
    case 'cancelled':
      return { lines: [], sent }; // the stream reports this one, as a failure
    default:
      return unexpected(state);
  }
}

function waitingLines(
  sent: SentSteps,
  state: Extract<LoginStateSnapshot, { step: 'waiting' }>,
  now: number,
): LoginUpdate {
  const lines: WireObject[] = [];
  if (sent.code !== state.userCode) {
    lines.push({
      step: 'code',
      user_code: state.userCode,
      verification_uri: state.verificationUri,
      verification_uri_complete: state.verificationUriComplete,
      expires_at: wireTime(state.expiresAt),
      expires_in_s: wireSecondsUntil(state.expiresAt, now),
      interval_s: state.intervalMs / 1_000,
    });
  }
  const wait = `${state.poll.state} ${state.poll.nextAt}`;
  if (sent.wait !== wait) {
    lines.push({
      step: 'waiting',
      state: state.poll.state,
      next_poll_at: wireTime(state.poll.nextAt),
    });
  }
  return { lines, sent: { ...sent, code: state.userCode, wait } };
}

function signedIn(state: Extract<LoginStateSnapshot, { step: 'done' }>): WireObject {
  return {
    step: 'signed_in',
    label: state.label,
    user_id: state.userId,
    device_id: state.deviceId,
    homeserver: state.homeserver,
    notices: state.notices.map(wireNotice),
  };
}

function once(sent: SentSteps, step: string, line: WireObject): LoginUpdate {
  return sent.step === step ? { lines: [], sent } : { lines: [line], sent: { ...sent, step } };
}
