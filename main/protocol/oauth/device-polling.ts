import type { Failure, NetworkFailure } from '../../../common/failure.ts';
import { retryAfterMs } from '../../../common/failure.ts';
import { isGatewayTrouble } from '../http/network-error.ts';
import { unexpected } from '../../../common/result.ts';
import { MINUTE, SECOND } from '../../../common/time.ts';
import type { RawTokenResponse, TokenEndpointResult } from './token-response.ts';

type OAuthErrorAnswer = Extract<TokenEndpointResult, { kind: 'oauth-error' }>;
type TransientAnswer = Extract<TokenEndpointResult, { kind: 'transient' }>;

/** Where the wait for one grant stands. At the start both durations are the grant's interval. */
export type PollState = Readonly<{
  /** The least time from the end of one poll to the start of the next. Only grows. */
  intervalMs: number;
  /** What to wait before the next poll. */
  delayMs: number;
  /** A poll ended in a way that may have hidden the tokens: they cannot be had again. */
  lostAnswer: boolean;
}>;

/** How the wait goes, in a word: for the person to see. */
export type PollNote = 'waiting' | 'slowed-down' | 'unreachable';

/** What follows one poll. */
export type PollStep = Readonly<
  | { kind: 'granted'; grant: RawTokenResponse }
  | { kind: 'wait'; state: PollState; note: PollNote }
  | { kind: 'stop'; failure: Failure }
>;

const SLOW_DOWN_MS = 5 * SECOND;
const LONGEST_BACK_OFF_MS = MINUTE;

/**
 * Decides what follows one poll of the token endpoint. Pure; knows no deadline: whoever waits ends
 * the wait when the code expires.
 *
 * The `error` member decides, not the status: servers say `authorization_pending` with 400, 401, 403
 * and 428. An unanswered poll doubles the delay, up to a minute. An error nobody knows ends the
 * login: polling on would only hide it until the code expires.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628.html#section-3.5 RFC 8628 §3.5}
 */
export function nextPoll(answer: TokenEndpointResult, state: PollState): PollStep {
  switch (answer.kind) {
    case 'granted':
      return { kind: 'granted', grant: answer.grant };
    case 'oauth-error':
      return afterError(answer, state);
    case 'transient':
      return afterTransient(answer, state);
    default:
      return unexpected(answer);
  }
}

function afterError(answer: OAuthErrorAnswer, state: PollState): PollStep {
  const { error, status, description } = answer;
  switch (error) {
    case 'authorization_pending':
      return status === 429 ? rateLimited(state, answer.retryAfterMs) : pending(answer, state);
    case 'slow_down':
      return slowedDown(state, answer.retryAfterMs);
    case 'access_denied':
      return stop({ code: 'login-denied' });
    case 'expired_token':
      return stop({ code: 'login-expired', ...(state.lostAnswer && { maybeSignedIn: true }) });
    case 'invalid_grant':
      return stop({ code: 'login-code-invalid', maybeSignedIn: state.lostAnswer });
    case 'server_error':
    case 'temporarily_unavailable':
      return backOff(state, answer.retryAfterMs);
    default:
      if (status === 429) return rateLimited(state, answer.retryAfterMs);
      if (status === 408 || status >= 500) return backOff(state, answer.retryAfterMs);
      return stop({ code: 'login-refused', error, description });
  }
}

function afterTransient({ failure, status }: TransientAnswer, state: PollState): PollStep {
  const lostAnswer = state.lostAnswer || mayHideTokens(failure, status);
  const after = { ...state, lostAnswer };
  if (failure.code === 'rate-limited' && status !== 408) {
    return rateLimited(after, failure.retryAfterMs);
  }
  return backOff(after, retryAfterMs(failure));
}

/** A real answer: back to the plain interval, whatever the trouble before it was. */
function pending(answer: OAuthErrorAnswer, state: PollState): PollStep {
  const delayMs = Math.max(state.intervalMs, answer.retryAfterMs ?? 0);
  return { kind: 'wait', state: { ...state, delayMs }, note: 'waiting' };
}

/** For good: the interval of every later poll is longer too. */
function slowedDown(state: PollState, askedMs: number | null): PollStep {
  const intervalMs = state.intervalMs + SLOW_DOWN_MS;
  const delayMs = Math.max(intervalMs, askedMs ?? 0);
  return { kind: 'wait', state: { ...state, intervalMs, delayMs }, note: 'slowed-down' };
}

/** This once: some proxy's limit says nothing about the interval of the grant. */
function rateLimited(state: PollState, askedMs: number | null): PollStep {
  const delayMs = Math.max(state.intervalMs, askedMs ?? 0) + SLOW_DOWN_MS;
  return { kind: 'wait', state: { ...state, delayMs }, note: 'slowed-down' };
}

function backOff(state: PollState, askedMs: number | null): PollStep {
  const doubled = Math.min(state.delayMs * 2, LONGEST_BACK_OFF_MS);
  const delayMs = Math.max(doubled, state.intervalMs, askedMs ?? 0);
  return { kind: 'wait', state: { ...state, delayMs }, note: 'unreachable' };
}

function stop(failure: Failure): PollStep {
  return { kind: 'stop', failure };
}

/** Why a request that never left did not. */
const NOT_SENT: readonly string[] = ['dns', 'refused', 'tls', 'connect-timeout', 'offline'];

/**
 * Whether the server may have redeemed the code although we hold no tokens: its answer was lost on
 * the way, cut, unreadable, or a gateway gave up waiting for it. A request that never left is no such case.
 */
function mayHideTokens(failure: NetworkFailure, status: number | null): boolean {
  if (status !== null) return status < 300 || isGatewayTrouble(status);
  if (failure.code !== 'unreachable') return true;
  return !NOT_SENT.includes(failure.why);
}
