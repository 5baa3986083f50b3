import type { NetworkFailure } from '../../../common/failure.ts';
import type { HttpExchange, RawHttpExchange } from './http-log.ts';
import { redactExchange } from './http-log.ts';
import { describeFetchError, NetworkError } from './network-error.ts';
import type { Fetch, Network, Step } from './network.ts';
import { REQUEST_TIMEOUT_MS } from '../time-limits.ts';
import { withAbort } from '../../util/async.ts';
import { isLoopbackUrl, isAllowedUrl, parseUrl } from '../../../common/urls.ts';

/** Options of {@link boundedFetch}. */
export type BoundedFetchOptions = Readonly<{
  fetch: Fetch;
  /** Sent with every request. Consent pages and device lists show it as the client's name. */
  userAgent: string;
  /** Whether requests to this machine are allowed, over plain http too. */
  loopback: boolean | ((url: URL) => boolean);
  /** A signal that aborts after `ms` milliseconds: `AbortSignal.timeout`, or a test's. */
  timeLimit: (ms: number) => AbortSignal;
  clock: Readonly<{ now(): number; monotonicNow(): number }>;
  /** Called with every finished request; each hop of a redirect is a request of its own. */
  record?: (exchange: HttpExchange) => void;
  /** Milliseconds from the first byte sent to the last one read, redirects included; default 30 s. */
  limitsMs?: Partial<Record<Step, number>>;
  /** Bytes of a body, after decompression; default 64 KiB, for versions and metadata 1 MiB. */
  limitsBytes?: Partial<Record<Step, number>>;
}>;

const BODY_BYTES = 64 * 1_024;
const LARGE_BODY_BYTES = 1_024 * 1_024;
const MAX_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/** About the connection, not the content; and cookies, which are not kept. */
const DROPPED_HEADERS: readonly string[] = [
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'set-cookie',
];

/**
 * The HTTP client: https only (except on this machine), no cookies, cache or userinfo, limited in time
 * and size. POST follows no redirect, because it would take codes and tokens along: the caller gets the
 * 3xx. GET follows up to five, never from https to http or from the internet to this machine, and drops
 * `Authorization` when the origin changes.
 *
 * Rejects with a `NetworkError`, or with the caller's own abort reason.
 */
export function boundedFetch(options: BoundedFetchOptions): Network {
  return async (step, url, init = {}) => {
    const caller = init.signal ?? null;
    caller?.throwIfAborted();
    const headers = new Headers(init.headers);
    headers.set('user-agent', options.userAgent);
    if (!headers.has('accept')) headers.set('accept', 'application/json');
    const guard = new RequestGuard(
      caller,
      options.timeLimit(options.limitsMs?.[step] ?? REQUEST_TIMEOUT_MS),
    );
    const method = (init.method ?? 'GET').toUpperCase();
    const { body = null, loginId = null } = init;
    const hop: Hop = { step, loginId, url, method, headers, body, guard };
    try {
      const response = await followRedirects(options, hop);
      const read = WITHOUT_BODY.includes(response.status) ? null : response.body;
      return new Response(read, {
        status: response.status,
        headers: keptHeaders(response.headers),
      });
    } finally {
      guard.end();
    }
  };
}

/** One request of a chain of redirects. */
type Hop = Readonly<{
  step: Step;
  loginId: string | null;
  url: URL;
  method: string;
  headers: Headers;
  body: NonNullable<RequestInit['body']> | null;
  guard: RequestGuard;
}>;

type FullResponse = Readonly<{ status: number; headers: Headers; body: Uint8Array<ArrayBuffer> }>;

async function followRedirects(options: BoundedFetchOptions, first: Hop): Promise<FullResponse> {
  const seen = new Set<string>();
  let hop = first;
  for (;;) {
    const { url } = hop;
    seen.add(url.href);
    const response = await sendAndRecord(options, hop);
    if (!isFollowed(hop, response)) return response;
    const next = redirectTarget(options, url, response.headers.get('location') ?? '');
    if (next === null || seen.has(next.href) || seen.size > MAX_REDIRECTS) {
      throw new NetworkError({ code: 'redirect-refused', host: url.host, status: response.status });
    }
    const headers = new Headers(hop.headers);
    if (next.origin !== url.origin) headers.delete('authorization');
    hop = { ...hop, url: next, headers };
  }
}

function isFollowed(
  { method }: Hop,
  { status, headers }: Readonly<{ status: number; headers: Headers }>,
): boolean {
  return method === 'GET' && REDIRECTS.includes(status) && headers.has('location');
}

/** The URL that a redirect leads to; null: not allowed. */
function redirectTarget(options: BoundedFetchOptions, from: URL, location: string): URL | null {
  const to = parseUrl(location, from);
  if (to === null) return null;
  to.hash = '';
  if (from.protocol === 'https:' && to.protocol !== 'https:') return null;
  const loopback = isLoopbackUrl(from) && isAllowedOnThisMachine(options, to);
  return isAllowedUrl(to, { loopback }) ? to : null;
}

function isAllowedOnThisMachine({ loopback }: BoundedFetchOptions, url: URL): boolean {
  return typeof loopback === 'function' ? loopback(url) : loopback;
}

/** Sends one request, reads the whole response, and records both. */
async function sendAndRecord(options: BoundedFetchOptions, hop: Hop): Promise<FullResponse> {
  const { clock } = options;
  const started = { at: clock.now(), monotonic: clock.monotonicNow() };
  const partial: PartialResponse = { status: null, headers: new Headers(), body: null };
  const record = (failure: HttpExchange['failure']) => {
    const tookMs = clock.monotonicNow() - started.monotonic;
    options.record?.(redactExchange(rawExchange(hop, partial, started.at, tookMs, failure)));
  };
  try {
    const response = await hop.guard.run(() => send(options, hop, partial));
    record(null);
    return response;
  } catch (error) {
    const failure = hop.guard.failureOf(hop.url.host, error);
    record(failure ?? { code: 'aborted' });
    if (failure === null) throw error;
    throw new NetworkError(failure);
  }
}

/** What has arrived so far, so that a response that breaks off is recorded too. */
type PartialResponse = {
  status: number | null;
  headers: Headers;
  body: Uint8Array<ArrayBuffer> | null;
};

async function send(
  options: BoundedFetchOptions,
  hop: Hop,
  partial: PartialResponse,
): Promise<FullResponse> {
  const { url, step, method, headers, body, guard } = hop;
  if (!isAllowedUrl(url, { loopback: isAllowedOnThisMachine(options, url) })) {
    throw new NetworkError({ code: 'unreachable', host: url.host, why: 'other' });
  }
  const response = await options.fetch(url.href, {
    method,
    headers,
    body,
    redirect: 'manual',
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    signal: guard.signal,
  });
  const { status } = response;
  if (response.type === 'opaqueredirect') {
    // Some runtimes hide where a redirect leads, so it cannot be followed.
    throw new NetworkError({ code: 'redirect-refused', host: url.host, status: 302 });
  }
  if (status < 200 || status > 599) {
    throw new NetworkError({ code: 'malformed-response', host: url.host, field: 'status' });
  }
  Object.assign(partial, { status, headers: response.headers });
  partial.body = isFollowed(hop, response)
    ? await discard(response)
    : await readBody(response, url.host, bodyLimit(options, step));
  return { status, headers: response.headers, body: partial.body };
}

function bodyLimit({ limitsBytes }: BoundedFetchOptions, step: Step): number {
  const large = step === 'versions' || step === 'auth-metadata';
  return limitsBytes?.[step] ?? (large ? LARGE_BODY_BYTES : BODY_BYTES);
}

async function discard(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  await response.body?.cancel();
  return new Uint8Array();
}

/** The decompressed body; fails as soon as it is larger than the limit. */
async function readBody(
  response: Response,
  host: string,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (response.body === null) return new Uint8Array();
  const stream: AsyncIterable<Uint8Array> = response.body;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.byteLength;
    // Leaving the loop cancels the stream, and with it the connection.
    if (length > limitBytes) throw new NetworkError({ code: 'too-large', host, limitBytes });
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
}

function keptHeaders(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of DROPPED_HEADERS) kept.delete(name);
  return kept;
}

function rawExchange(
  { step, loginId, method, url, headers, body }: Hop,
  partial: PartialResponse,
  startedAt: number,
  tookMs: number,
  failure: HttpExchange['failure'],
): RawHttpExchange {
  const text = typeof body === 'string' || body instanceof URLSearchParams ? String(body) : null;
  return {
    step,
    loginId,
    method,
    url,
    requestHeaders: headers,
    requestBody: text,
    status: partial.status,
    responseHeaders: partial.headers,
    responseBody: partial.body,
    startedAt,
    tookMs,
    failure,
  };
}

/**
 * Combines the caller's signal and our time limit, and tells afterwards which of the two aborted.
 * `AbortSignal.any` would do, but on Node 20 its time-outs get garbage-collected.
 */
class RequestGuard {
  readonly #caller: AbortSignal | null;
  readonly #limit: AbortSignal;
  readonly #both = new AbortController();
  readonly #stop = () => this.#both.abort();

  constructor(caller: AbortSignal | null, limit: AbortSignal) {
    this.#caller = caller;
    this.#limit = limit;
    for (const signal of [caller, limit]) {
      signal?.addEventListener('abort', this.#stop);
      if (signal?.aborted === true) this.#stop();
    }
  }

  get signal(): AbortSignal {
    return this.#both.signal;
  }

  /** The result of `run`; rejects as soon as a signal aborts, even if `run` ignores it. */
  async run<T>(run: () => Promise<T>): Promise<T> {
    const { signal } = this.#both;
    try {
      signal.throwIfAborted();
      return await withAbort(run(), signal, () => {
        throw new Error('Stopped'); // failureOf() tells why
      });
    } catch (error) {
      this.#caller?.throwIfAborted();
      throw error;
    }
  }

  /** The failure that an error from {@link run} stands for; null: the caller's own abort. */
  failureOf(host: string, error: unknown): NetworkFailure | null {
    if (this.#caller?.aborted === true) return null;
    if (this.#limit.aborted) return { code: 'unreachable', host, why: 'timeout' };
    return error instanceof NetworkError ? error.failure : describeFetchError(host, error);
  }

  /** Removes its listeners. */
  end(): void {
    this.#caller?.removeEventListener('abort', this.#stop);
    this.#limit.removeEventListener('abort', this.#stop);
  }
}
