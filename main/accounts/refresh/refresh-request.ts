import { discoverAuthServer } from '../../protocol/discovery/discover.ts';
import type { SessionServer } from '../../protocol/discovery/server-metadata.ts';
import type { Failure } from '../../../common/failure.ts';
import type { Network } from '../../protocol/http/network.ts';
import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import type { TokenResponse } from '../../protocol/oauth/token-response.ts';
import { LOST_RESPONSE_GRACE_MS } from '../../protocol/time-limits.ts';
import { refreshTokens } from '../../protocol/oauth/token-endpoint.ts';
import { withTimeout } from '../../util/async.ts';
import { isLoopback } from '../../../common/urls.ts';
import type { Tokens } from '../account.ts';
import { SendTimes } from './send-times.ts';
import { serverRetryAfterMs, mayBeLostResponse, mayHaveSpentToken } from './backoff.ts';
import type { SentAt } from './send-times.ts';
import type { Session } from '../record.ts';
import type { Deps } from '../ports.ts';

/** New tokens, and the session with its current scope and endpoints. */
export type Refreshed = Readonly<{ tokens: Tokens; session: Session }>;

/**
 * No new tokens. `lost`: the server may have issued some in a response that was lost. `sent`: when the
 * first request was sent.
 */
export type RefreshFailure = Readonly<{
  failure: Failure;
  lost: boolean;
  sent: SentAt['monotonic'];
}>;

/**
 * Sends the refresh token and returns the new tokens.
 *
 * If the response may be lost, retries once at once with the same token, unless the server sent
 * `Retry-After`: some servers accept the old token for a few seconds only (Tuwunel: 15). After that, the
 * next refresh is soon enough, so this never takes longer than `FLIGHT_LIMIT_MS`. If the endpoint is gone, discovers it
 * again once; if the homeserver then names another issuer, the refresh token is not sent.
 *
 * Takes no `AbortSignal`: aborting a refresh may lose the only token that still works.
 *
 * @see {@link https://spec.matrix.org/v1.18/client-server-api/#refresh-token-grant Matrix 1.18, refresh token grant}
 */
export async function requestNewTokens(
  session: Session,
  tokens: Tokens,
  deps: Deps,
): Promise<Result<Refreshed, RefreshFailure>> {
  const course = { deps, sendTimes: new SendTimes(deps.clock) };
  const answer = await sendWithRetry(session, tokens, course);
  if (answer.ok) return answer;
  return err({ ...answer.failure, sent: course.sendTimes.first.monotonic });
}

/** One refresh under way. */
type Course = Readonly<{ deps: Deps; sendTimes: SendTimes }>;

async function sendWithRetry(
  session: Session,
  tokens: Tokens,
  course: Course,
): Promise<Result<Refreshed, Omit<RefreshFailure, 'sent'>>> {
  const first = await send(session, tokens, course);
  if (first.ok) return first;
  const once = afterLoss(first, { lostBefore: false });
  if (leftMs(course) <= 0) return once;
  if (mayRetryAtOnce(first.failure))
    return afterLoss(await send(session, tokens, course), { lostBefore: true });
  if (first.failure.code !== 'endpoint-gone') return once;
  const server = await currentServer(session.server, course);
  // Discovery sends no refresh token, so nothing can be lost.
  if (!server.ok) return err({ failure: server.failure, lost: false });
  const moved = { ...session, server: server.value };
  return afterLoss(await send(moved, tokens, course), { lostBefore: false });
}

/** How much time is left to send a second request, in milliseconds. */
function leftMs({ deps, sendTimes }: Course): number {
  return sendTimes.first.monotonic + LOST_RESPONSE_GRACE_MS - deps.clock.monotonicNow();
}

/** `Retry-After` is honoured even if the response may be lost. */
function mayRetryAtOnce(failure: Failure): boolean {
  return mayBeLostResponse(failure) && serverRetryAfterMs(failure) === 0;
}

/** Once a response may be lost, that stays so however the retry fails. */
function afterLoss(
  outcome: Result<Refreshed, Failure>,
  { lostBefore }: Readonly<{ lostBefore: boolean }>,
): Result<Refreshed, Omit<RefreshFailure, 'sent'>> {
  if (outcome.ok) return outcome;
  const { failure } = outcome;
  return err({ failure, lost: lostBefore || mayHaveSpentToken(failure) });
}

async function send(
  session: Session,
  tokens: Tokens,
  { deps, sendTimes }: Course,
): Promise<Result<Refreshed, Failure>> {
  const network = sendTimes.withSendTimes(deps.network);
  const { server, clientId } = session;
  const granted = await refreshTokens(server, clientId, tokens.refresh, network);
  if (!granted.ok) return granted;
  const fresh = tokensFrom(granted.value, tokens.refresh, sendTimes.last);
  const scope = granted.value.scope ?? session.scope;
  return ok({ tokens: fresh, session: { ...session, scope } });
}

/** The tokens of a response; if it has no refresh token, the old one stays valid (RFC 6749 §6). */
export function tokensFrom(
  grant: TokenResponse,
  oldRefresh: Tokens['refresh'],
  sent: SentAt,
): Tokens {
  const { accessToken, refreshToken, lifetimeMs } = grant;
  return {
    access: accessToken,
    refresh: refreshToken ?? oldRefresh,
    issuedAt: sent.at,
    issuedUptime: sent.uptime,
    lifetimeMs,
    expires: lifetimeMs === null ? null : sent.monotonic + lifetimeMs,
  };
}

/** Discovers the session's server again, within the time that is left. */
async function currentServer(
  known: SessionServer,
  course: Course,
): Promise<Result<SessionServer, Failure>> {
  const { hostname, host } = new URL(known.homeserver);
  const found = await inTime(leftMs(course), course.deps, (network) =>
    discoverAuthServer(known.homeserver, null, network, { loopback: isLoopback(hostname) }),
  );
  if (found === null) return err({ code: 'unreachable', host, why: 'timeout' });
  if (!found.ok) return found;
  const { issuer, tokenEndpoint, revocationEndpoint } = found.value;
  if (issuer !== known.issuer)
    return err({ code: 'issuer-changed', was: known.issuer, is: issuer });
  return ok({
    ...known,
    tokenEndpoint: tokenEndpoint.href,
    revocationEndpoint: revocationEndpoint?.href ?? null,
  });
}

/** The result of `run`, with a network that is aborted after `ms`; null: it took too long. */
function inTime<T>(
  ms: number,
  { clock, network }: Deps,
  run: (network: Network) => Promise<T>,
): Promise<T | null> {
  const late = new AbortController();
  const bounded: Network = (step, url, init) =>
    network(step, url, { ...init, signal: late.signal });
  return withTimeout(run(bounded), ms, clock, () => {
    late.abort();
    return null;
  });
}
