import type { NetworkFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import { retryAfterMsOf } from './retry-after.ts';

/**
 * No usable response. `Network` rejects with it; {@link catchNetworkError} turns it into a value. Contains
 * the host and the kind of failure, never a URL's query, a body or the original error.
 */
export class NetworkError extends Error {
  readonly failure: NetworkFailure;

  constructor(failure: NetworkFailure) {
    super(`No usable response from ${failure.host}: ${failure.code}`);
    this.name = 'NetworkError';
    this.failure = failure;
  }
}

/**
 * The result of `run`; a {@link NetworkError} becomes a failure. Rejects with everything else: the
 * caller's own abort, or a bug.
 */
export async function catchNetworkError<T>(
  run: () => Promise<T>,
): Promise<Result<T, NetworkFailure>> {
  try {
    return ok(await run());
  } catch (error) {
    if (error instanceof NetworkError) return err(error.failure);
    throw error;
  }
}

type Why = Extract<NetworkFailure, { code: 'unreachable' }>['why'];

const WHY_BY_CODE: Readonly<Record<string, Why>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  EAI_NONAME: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ENETUNREACH: 'offline',
  EHOSTUNREACH: 'offline',
  ENETDOWN: 'offline',
  EHOSTDOWN: 'offline',
  EADDRNOTAVAIL: 'offline',
  EPROTO: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  HOSTNAME_MISMATCH: 'tls',
  INVALID_CA: 'tls',
  INVALID_PURPOSE: 'tls',
  PATH_LENGTH_EXCEEDED: 'tls',
};

/** OpenSSL's verification errors and Node's own TLS errors come in families. */
const TLS_FAMILY = /^(?:CERT_|CRL_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|ERROR_IN_CERT_)/;

/** How many links of a chain of causes are examined. */
const MAX_CAUSES = 8;

/**
 * The failure that a rejected `fetch` stands for. The error itself says only "fetch failed"; the reason
 * is a code further down its chain of causes, or, for a host with several addresses, in an
 * `AggregateError`.
 */
export function describeFetchError(host: string, error: unknown): NetworkFailure {
  const chain = [error];
  for (let i = 0; i < chain.length && i < MAX_CAUSES; i += 1) {
    const link = chain[i];
    const why = whyOf(link);
    if (why !== null) return { code: 'unreachable', host, why };
    if (link instanceof Error && link.cause !== undefined) chain.push(link.cause);
    if (link instanceof AggregateError) chain.push(...(link.errors as unknown[])); // typed any[]
  }
  return { code: 'unreachable', host, why: 'other' };
}

function whyOf(error: unknown): Why | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('name' in error && error.name === 'TimeoutError') return 'timeout';
  if (!('code' in error) || typeof error.code !== 'string') return null;
  if (!Object.hasOwn(WHY_BY_CODE, error.code)) return TLS_FAMILY.test(error.code) ? 'tls' : null;
  return byCall(WHY_BY_CODE[error.code] ?? 'other', error);
}

/** Some codes mean a connection that was never made or one that broke; the system call tells which. */
function byCall(why: Why, error: object): Why {
  const syscall = 'syscall' in error ? error.syscall : null;
  // An AggregateError has one attempt to connect per address.
  const isConnecting = syscall === 'connect' || error instanceof AggregateError;
  if (why === 'timeout' && isConnecting) return 'connect-timeout';
  return why === 'offline' && (syscall === 'read' || syscall === 'write') ? 'reset' : why;
}

/**
 * The failure that a status stands for at any endpoint: a redirect that was not followed, 404 and 405, a
 * rate limit (408, 429), a server error. null: the body decides.
 *
 * @param now epoch milliseconds, for a `Retry-After` that is a date. The response's own `Date` header is
 *   preferred, so that a wrong clock on either side does no harm; without both, a date is ignored.
 */
export function networkFailureOfStatus(
  host: string,
  response: Response,
  now: number | null = null,
): NetworkFailure | null {
  const { status } = response;
  if (status === 429 || status === 408) {
    return { code: 'rate-limited', host, retryAfterMs: retryAfterMsOf(response, now) };
  }
  if (status >= 500) {
    return {
      code: 'server-unavailable',
      host,
      status,
      retryAfterMs: retryAfterMsOf(response, now),
    };
  }
  if (status >= 300 && status < 400) return { code: 'redirect-refused', host, status };
  if (status === 404 || status === 405) return { code: 'endpoint-gone', host, status };
  return null;
}

/** Gateway errors of RFC 9110, and Cloudflare's for a failed connection to the server. */
const GATEWAY_ERRORS: readonly number[] = [502, 504, 520, 521, 522, 523, 524, 527];

/**
 * Whether a status comes from a proxy that got no response from the server. The server may have
 * received the request and carried it out.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.3 RFC 9110 §15.6.3}
 */
export function isGatewayError(status: number): boolean {
  return GATEWAY_ERRORS.includes(status);
}
