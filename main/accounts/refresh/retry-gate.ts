import type { Failure } from '../../../common/failure.ts';
import type { MonotonicMs, RetryGate } from '../account.ts';
import { serverRetryAfterMs } from './backoff.ts';

/** A caller that keeps asking while the server is away causes at most one request in this time. */
const MIN_PAUSE_MS = 1_000;

/**
 * The gate that a failed refresh closes, whatever state the account is in meanwhile. The time that the
 * server named holds for everything that would send a refresh; a second holds for callers.
 */
export function gateAfter(failure: Failure, failedAt: MonotonicMs): RetryGate {
  const askedMs = serverRetryAfterMs(failure);
  return { failure, failedAt, notBefore: askedMs === 0 ? null : failedAt + askedMs };
}

/** The failure to repeat until the time that the server named is over, with what is left of it; null: none. */
export function serverBlock(gate: RetryGate | null, now: MonotonicMs): Failure | null {
  const notBefore = gate?.notBefore ?? now;
  if (gate === null || notBefore <= now) return null;
  const { failure } = gate;
  return 'retryAfterMs' in failure ? { ...failure, retryAfterMs: notBefore - now } : failure;
}

/** The failure to repeat to a caller while it is too early to ask the server again; null: it is not. */
export function callerBlock(gate: RetryGate | null, now: MonotonicMs): Failure | null {
  if (gate === null) return null;
  return serverBlock(gate, now) ?? (now < gate.failedAt + MIN_PAUSE_MS ? gate.failure : null);
}
