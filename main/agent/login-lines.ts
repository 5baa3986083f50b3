import type { LoginSnapshot, LoginStateSnapshot } from '../../common/snapshots.ts';
import { unexpected } from '../../common/result.ts';
import type { WireObject } from './wire.ts';
import { wireMoment, wireNotice, wireSecondsUntil } from './wire.ts';

/** What a follower of a login has been told so far. */
export type Told = Readonly<{
  discovered: boolean;
  registered: boolean;
  /** The code, and the state of the wait, that were told last. */
  code: string | null;
  wait: string | null;
  /** The last step that is told once. */
  step: string | null;
}>;

/** What nobody has been told yet. */
export const NOTHING_TOLD: Told = {
  discovered: false,
  registered: false,
  code: null,
  wait: null,
  step: null,
};

/**
 * The lines that bring a follower of a login up to date, and what they then know. Pure; states may be
 * skipped between two calls, the lines still come whole and in order. `now` in epoch milliseconds.
 */
export function loginLines(
  told: Told,
  login: LoginSnapshot,
  now: number,
): Readonly<{ lines: readonly WireObject[]; told: Told }> {
  const { state } = login;
  const lines: WireObject[] = [];
  if (!told.discovered && 'issuer' in state) {
    lines.push({ step: 'discovered', homeserver: state.homeserver, issuer: state.issuer });
  }
  if (!told.registered && 'clientId' in state) {
    lines.push({ step: 'registered', client_id: state.clientId });
  }
  const last = lastLines(told, login.id, state, now);
  return {
    lines: [...lines, ...last.lines],
    told: {
      ...last.told,
      discovered: told.discovered || 'issuer' in state,
      registered: told.registered || 'clientId' in state,
    },
  };
}

type Update = Readonly<{ lines: readonly WireObject[]; told: Told }>;

function lastLines(told: Told, login: string, state: LoginStateSnapshot, now: number): Update {
  switch (state.step) {
    case 'discovering':
    case 'registering':
    case 'requesting-code':
      return { lines: [], told };
    case 'waiting':
      return waitingLines(told, state, now);
    case 'verifying':
      return once(told, `verifying ${state.notice?.code ?? ''}`, {
        step: 'verifying',
        notice: state.notice === null ? null : wireNotice(state.notice),
      });
    case 'confirming':
      return once(told, 'confirm', {
        step: 'confirm',
        login,
        expected: state.expected,
        actual: state.actual,
      });
    case 'done':
      return once(told, 'signed_in', signedIn(state));
    case 'failed':
      return once(told, 'failed', {
        step: 'failed',
        error: { ...wireNotice(state.failure), retry_after_s: null },
      });
    case 'cancelled':
      return { lines: [], told }; // the stream says this one: its words are a failure's
    default:
      return unexpected(state);
  }
}

function waitingLines(
  told: Told,
  state: Extract<LoginStateSnapshot, { step: 'waiting' }>,
  now: number,
): Update {
  const lines: WireObject[] = [];
  if (told.code !== state.userCode) {
    lines.push({
      step: 'code',
      user_code: state.userCode,
      verification_uri: state.verificationUri,
      verification_uri_complete: state.verificationUriComplete,
      expires_at: wireMoment(state.expiresAt),
      expires_in_s: wireSecondsUntil(state.expiresAt, now),
      interval_s: state.intervalMs / 1_000,
    });
  }
  const wait = `${state.poll.state} ${state.poll.nextAt}`;
  if (told.wait !== wait) {
    lines.push({
      step: 'waiting',
      state: state.poll.state,
      next_poll_at: wireMoment(state.poll.nextAt),
    });
  }
  return { lines, told: { ...told, code: state.userCode, wait } };
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

function once(told: Told, step: string, line: WireObject): Update {
  return told.step === step ? { lines: [], told } : { lines: [line], told: { ...told, step } };
}
