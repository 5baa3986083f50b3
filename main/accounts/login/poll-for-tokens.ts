import type { AuthServer } from '../../protocol/discovery/server-metadata.ts';
import type { DeviceAuthorizationResponse } from '../../protocol/oauth/device-authorization.ts';
import type { Failure } from '../../../common/failure.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { nextPoll } from '../../protocol/oauth/device-polling.ts';
import type { PollNote, PollState } from '../../protocol/oauth/device-polling.ts';
import type { RawTokenResponse, TokenResponse } from '../../protocol/oauth/token-response.ts';
import { requestTokens } from '../../protocol/oauth/token-endpoint.ts';
import type { MonotonicMs } from '../account.ts';
import type { SentAt } from '../refresh/send-times.ts';
import { sentNow } from '../refresh/send-times.ts';
import type { Deps } from '../ports.ts';

/** The device authorization to wait for. `deadline`: when the code expires. */
export type PendingApproval = Readonly<{
  server: AuthServer;
  clientId: string;
  grant: DeviceAuthorizationResponse;
  deadline: MonotonicMs;
}>;

/** The last poll is sent this long before the deadline: at the deadline the code has expired. */
const LAST_POLL_MS = 1_000;

/** Progress, for display. */
export type PollProgress = Readonly<{ note: PollNote; polls: number; next: MonotonicMs }>;

/** The token response, and when its request was sent. */
export type ReceivedTokens = Readonly<{
  grant: RawTokenResponse;
  sent: SentAt;
}>;

/**
 * Polls the token endpoint until the user has approved or denied, or the code has expired. `nextPoll`
 * decides what follows each response.
 *
 * Waits before the first poll, and sends one last poll just before the deadline even within the interval:
 * the last chance to see an approval. The interval runs from the end of one request to the start of the
 * next. A poll is never aborted: it may return the tokens. After an abort they go to `orphaned`, which
 * revokes them.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628.html#section-3.4 RFC 8628 §3.4}
 */
export async function pollForTokens(
  { server, clientId, grant, deadline }: PendingApproval,
  { clock, network }: Deps,
  signal: AbortSignal,
  progress: (progress: PollProgress) => void,
  orphaned: (grant: TokenResponse) => Promise<void>,
): Promise<Result<ReceivedTokens, Failure>> {
  const { intervalMs } = grant;
  let state: PollState = { intervalMs, delayMs: intervalMs, responseLost: false };
  let note: PollNote = 'waiting';
  for (let polls = 0; ; polls += 1) {
    const lastAt = deadline - LAST_POLL_MS;
    const last = clock.monotonicNow() + state.delayMs >= lastAt;
    const pauseMs = last ? Math.max(0, lastAt - clock.monotonicNow()) : state.delayMs;
    progress({ note, polls, next: clock.monotonicNow() + pauseMs });
    await clock.sleep(pauseMs, signal);
    const sent = sentNow(clock);
    const answer = await requestTokens(server, clientId, grant.deviceCode, network);
    const step = nextPoll(answer, state);
    if (step.kind === 'granted') {
      if (!signal.aborted) return ok({ grant: step.grant, sent });
      await orphaned(step.grant);
    }
    signal.throwIfAborted();
    if (step.kind === 'stop') return err(step.failure);
    // After a suspend, the deadline may have passed already.
    if (step.kind === 'wait') ({ state, note } = step);
    if (last || clock.monotonicNow() >= deadline)
      return err({ code: 'login-expired', ...(state.responseLost && { maybeSignedIn: true }) });
  }
}
