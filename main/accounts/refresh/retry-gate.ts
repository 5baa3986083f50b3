import type { Failure } from '../../../common/failure.ts';
import type { MonotonicMs, RetryGate } from '../account.ts';
import { serverRetryAfterMs } from './backoff.ts';

/** While refreshes fail, callers cause at most one request per this time. */
const CALLER_PAUSE_MS = 1_000;

/**
 * The gate after a failed refresh. The server's `Retry-After` applies to everything that would send a
 * refresh, in whatever state the account is; callers have to wait a second in any case.
 */
export function gateAfter(failure: Failure, failedAt: MonotonicMs): RetryGate {
  const askedMs = serverRetryAfterMs(failure);
  return { failure, failedAt, notBefore: askedMs === 0 ? null : failedAt + askedMs };
}

/** The failure to return until `Retry-After` is over, with the time that is left; null: not blocked. */
export function serverBlock(gate: RetryGate | null, now: MonotonicMs): Failure | null {
  const notBefore = gate?.notBefore ?? now;
  if (gate === null || notBefore <= now) return null;
  const { failure } = gate;
  return 'retryAfterMs' in failure ? { ...failure, retryAfterMs: notBefore - now } : failure;
}

/** The failure to return to callers while the gate is closed for them; null: not blocked. */
export function callerBlock(gate: RetryGate | null, now: MonotonicMs): Failure | null {
  if (gate === null) return null;
  return serverBlock(gate, now) ?? (now < gate.failedAt + CALLER_PAUSE_MS ? gate.failure : null);
}
