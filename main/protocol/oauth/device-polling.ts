import type { Failure, NetworkFailure } from '../../../common/failure.ts';
import { retryAfterMs } from '../../../common/failure.ts';
import { isGatewayError } from '../http/network-error.ts';
import { unexpected } from '../../../common/result.ts';
import { MINUTE, SECOND } from '../../../common/time.ts';
import type { RawTokenResponse, TokenEndpointResult } from './token-response.ts';

type OAuthErrorResult = Extract<TokenEndpointResult, { kind: 'oauth-error' }>;
type TransientResult = Extract<TokenEndpointResult, { kind: 'transient' }>;

/** The state of polling for one device code. At the start both durations are the server's interval. */
export type PollState = Readonly<{
  /** Minimum time from the end of one poll to the start of the next. Only grows. */
  intervalMs: number;
  /** How long to wait before the next poll. */
  delayMs: number;
  /** The response of a poll was lost, and may have had the tokens, which are sent only once. */
  responseLost: boolean;
}>;

/** The state of polling as a person sees it. */
export type PollNote = 'waiting' | 'slowed-down' | 'unreachable';

/** What to do after a poll. */
export type PollStep = Readonly<
  | { kind: 'granted'; grant: RawTokenResponse }
  | { kind: 'wait'; state: PollState; note: PollNote }
  | { kind: 'stop'; failure: Failure }
>;

const SLOW_DOWN_MS = 5 * SECOND;
const MAX_BACK_OFF_MS = MINUTE;

/**
 * Decides what to do after a poll of the token endpoint. Pure, and without a deadline: the caller stops
 * when the code expires.
 *
 * The `error` field decides, not the status: servers send `authorization_pending` with 400, 401, 403 and
 * 428. A poll without a response doubles the delay, up to a minute. An unknown error ends the login,
 * because polling would only hide it until the code expires.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628.html#section-3.5 RFC 8628 §3.5}
 */
export function nextPoll(result: TokenEndpointResult, state: PollState): PollStep {
  switch (result.kind) {
    case 'granted':
      return { kind: 'granted', grant: result.grant };
    case 'oauth-error':
      return afterError(result, state);
    case 'transient':
      return afterTransient(result, state);
    default:
      return unexpected(result);
  }
}

function afterError(result: OAuthErrorResult, state: PollState): PollStep {
  const { error, status, description } = result;
  switch (error) {
    case 'authorization_pending':
      return status === 429 ? rateLimited(state, result.retryAfterMs) : pending(result, state);
    case 'slow_down':
      return slowedDown(state, result.retryAfterMs);
    case 'access_denied':
      return stop({ code: 'login-denied' });
    case 'expired_token':
      return stop({ code: 'login-expired', ...(state.responseLost && { maybeSignedIn: true }) });
    case 'invalid_grant':
      return stop({ code: 'login-code-invalid', maybeSignedIn: state.responseLost });
    case 'server_error':
    case 'temporarily_unavailable':
      return backOff(state, result.retryAfterMs);
    default:
      if (status === 429) return rateLimited(state, result.retryAfterMs);
      if (status === 408 || status >= 500) return backOff(state, result.retryAfterMs);
      return stop({ code: 'login-refused', error, description });
  }
}

function afterTransient({ failure, status }: TransientResult, state: PollState): PollStep {
  const responseLost = state.responseLost || mayHideTokens(failure, status);
  const after = { ...state, responseLost };
  if (failure.code === 'rate-limited' && status !== 408) {
    return rateLimited(after, failure.retryAfterMs);
  }
  return backOff(after, retryAfterMs(failure));
}

/** A proper response: back to the plain interval, whatever failed before. */
function pending(result: OAuthErrorResult, state: PollState): PollStep {
  const delayMs = Math.max(state.intervalMs, result.retryAfterMs ?? 0);
  return { kind: 'wait', state: { ...state, delayMs }, note: 'waiting' };
}

/** Permanently: the interval of every later poll is longer too (RFC 8628 §3.5). */
function slowedDown(state: PollState, requestedMs: number | null): PollStep {
  const intervalMs = state.intervalMs + SLOW_DOWN_MS;
  const delayMs = Math.max(intervalMs, requestedMs ?? 0);
  return { kind: 'wait', state: { ...state, intervalMs, delayMs }, note: 'slowed-down' };
}

/** Once: a proxy's rate limit does not change the server's interval. */
function rateLimited(state: PollState, requestedMs: number | null): PollStep {
  const delayMs = Math.max(state.intervalMs, requestedMs ?? 0) + SLOW_DOWN_MS;
  return { kind: 'wait', state: { ...state, delayMs }, note: 'slowed-down' };
}

function backOff(state: PollState, requestedMs: number | null): PollStep {
  const doubled = Math.min(state.delayMs * 2, MAX_BACK_OFF_MS);
  const delayMs = Math.max(doubled, state.intervalMs, requestedMs ?? 0);
  return { kind: 'wait', state: { ...state, delayMs }, note: 'unreachable' };
}

function stop(failure: Failure): PollStep {
  return { kind: 'stop', failure };
}

/** Failures of a request that was never sent. */
const NOT_SENT: readonly string[] = ['dns', 'refused', 'tls', 'connect-timeout', 'offline'];

/**
 * Whether the server may have redeemed the code although no tokens arrived: its response was lost, cut
 * off or unreadable, or a gateway timed out. Not if the request was never sent.
 */
function mayHideTokens(failure: NetworkFailure, status: number | null): boolean {
  if (status !== null) return status < 300 || isGatewayError(status);
  if (failure.code !== 'unreachable') return true;
  return !NOT_SENT.includes(failure.why);
}
