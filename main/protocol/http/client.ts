import type { NetworkFailure } from '../../../common/failure.ts';
import type { HttpExchange, RawHttpExchange } from './http-log.ts';
import { redactExchange } from './http-log.ts';
import { describeFetchError, NetworkError } from './network-error.ts';
import type { Fetch, Network, Step } from './network.ts';
import { REQUEST_LIMIT_MS } from '../time-limits.ts';
import { withAbort } from '../../util/async.ts';
import { isLoopbackUrl, mayVisit, parseUrl } from '../../../common/urls.ts';

/** What {@link boundedFetch} is made of. */
export type BoundedFetchOptions = Readonly<{
  fetch: Fetch;
  /** Sent with every request: consent pages and device lists name the client by it. */
  userAgent: string;
  /** Whether a host on this machine may be asked, in plain http too. */
  loopback: boolean | ((url: URL) => boolean);
  /** A signal that aborts after `ms` milliseconds: `AbortSignal.timeout`, or a test's. */
  timeLimit: (ms: number) => AbortSignal;
  clock: Readonly<{ now(): number; monotonicNow(): number }>;
  /** Hears of every request that ended, redirects each by itself. */
  record?: (exchange: HttpExchange) => void;
  /** Milliseconds from the first byte sent to the last one read, redirects included; 30 s unless told. */
  limitsMs?: Partial<Record<Step, number>>;
  /** Bytes of a body, after decompression; 64 KiB unless told, 1 MiB for versions and metadata. */
  limitsBytes?: Partial<Record<Step, number>>;
}>;

const BODY_BYTES = 64 * 1_024;
const LARGE_BODY_BYTES = 1_024 * 1_024;
const MAX_REDIRECTS = 5;
const FOLLOWED: readonly number[] = [301, 302, 303, 307, 308];
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/** About the connection, not the content; and cookies, which nobody here keeps. */
const DROPPED_HEADERS: readonly string[] = [
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'set-cookie',
];

/**
 * The only way to the network: https (this machine apart), no cookies, no cache, no userinfo, a
 * limit to time and size. POST follows no redirect, as it would carry codes and tokens along: the
 * caller gets the 3xx. GET follows five, never from https to http, never from the internet to this
 * machine, and leaves `Authorization` behind where the origin changes.
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
    const watch = new Watch(
      caller,
      options.timeLimit(options.limitsMs?.[step] ?? REQUEST_LIMIT_MS),
    );
    const method = (init.method ?? 'GET').toUpperCase();
    const { body = null, loginId = null } = init;
    const visit: Visit = { step, loginId, url, method, headers, body, watch };
    try {
      const answer = await visitAndFollow(options, visit);
      const read = WITHOUT_BODY.includes(answer.status) ? null : answer.body;
      return new Response(read, { status: answer.status, headers: keptHeaders(answer.headers) });
    } finally {
      watch.end();
    }
  };
}

/** One request of a chain of redirects. */
type Visit = Readonly<{
  step: Step;
  loginId: string | null;
  url: URL;
  method: string;
  headers: Headers;
  body: NonNullable<RequestInit['body']> | null;
  watch: Watch;
}>;

type Answer = Readonly<{ status: number; headers: Headers; body: Uint8Array<ArrayBuffer> }>;

async function visitAndFollow(options: BoundedFetchOptions, first: Visit): Promise<Answer> {
  const seen = new Set<string>();
  let visit = first;
  for (;;) {
    const { url } = visit;
    seen.add(url.href);
    const answer = await visitOnce(options, visit);
    if (!isFollowed(visit, answer)) return answer;
    const next = redirectTarget(options, url, answer.headers.get('location') ?? '');
    if (next === null || seen.has(next.href) || seen.size > MAX_REDIRECTS) {
      throw new NetworkError({ code: 'redirect-refused', host: url.host, status: answer.status });
    }
    const headers = new Headers(visit.headers);
    if (next.origin !== url.origin) headers.delete('authorization');
    visit = { ...visit, url: next, headers };
  }
}

function isFollowed(
  { method }: Visit,
  { status, headers }: Readonly<{ status: number; headers: Headers }>,
): boolean {
  return method === 'GET' && FOLLOWED.includes(status) && headers.has('location');
}

/** Where a redirect leads, or null where we do not go. */
function redirectTarget(options: BoundedFetchOptions, from: URL, location: string): URL | null {
  const to = parseUrl(location, from);
  if (to === null) return null;
  to.hash = '';
  if (from.protocol === 'https:' && to.protocol !== 'https:') return null;
  const loopback = isLoopbackUrl(from) && isAllowedOnThisMachine(options, to);
  return mayVisit(to, { loopback }) ? to : null;
}

function isAllowedOnThisMachine({ loopback }: BoundedFetchOptions, url: URL): boolean {
  return typeof loopback === 'function' ? loopback(url) : loopback;
}

/** Sends one request, reads the whole answer, and records both. */
async function visitOnce(options: BoundedFetchOptions, visit: Visit): Promise<Answer> {
  const { clock } = options;
  const started = { at: clock.now(), monotonic: clock.monotonicNow() };
  const course: Course = { status: null, headers: new Headers(), body: null };
  const record = (failure: HttpExchange['failure']) => {
    const tookMs = clock.monotonicNow() - started.monotonic;
    options.record?.(redactExchange(rawExchange(visit, course, started.at, tookMs, failure)));
  };
  try {
    const answer = await visit.watch.guard(() => exchange(options, visit, course));
    record(null);
    return answer;
  } catch (error) {
    const failure = visit.watch.failureOf(visit.url.host, error);
    record(failure ?? { code: 'aborted' });
    if (failure === null) throw error;
    throw new NetworkError(failure);
  }
}

/** What is known of an answer so far, for the record of one that breaks off. */
type Course = {
  status: number | null;
  headers: Headers;
  body: Uint8Array<ArrayBuffer> | null;
};

async function exchange(
  options: BoundedFetchOptions,
  visit: Visit,
  course: Course,
): Promise<Answer> {
  const { url, step, method, headers, body, watch } = visit;
  if (!mayVisit(url, { loopback: isAllowedOnThisMachine(options, url) })) {
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
    signal: watch.signal,
  });
  const { status } = response;
  if (response.type === 'opaqueredirect') {
    // Some runtimes hide where a redirect leads; nobody can follow it then.
    throw new NetworkError({ code: 'redirect-refused', host: url.host, status: 302 });
  }
  if (status < 200 || status > 599) {
    throw new NetworkError({ code: 'malformed-response', host: url.host, field: 'status' });
  }
  Object.assign(course, { status, headers: response.headers });
  course.body = isFollowed(visit, response)
    ? await discard(response)
    : await readBody(response, url.host, bodyLimit(options, step));
  return { status, headers: response.headers, body: course.body };
}

function bodyLimit({ limitsBytes }: BoundedFetchOptions, step: Step): number {
  const large = step === 'versions' || step === 'auth-metadata';
  return limitsBytes?.[step] ?? (large ? LARGE_BODY_BYTES : BODY_BYTES);
}

async function discard(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  await response.body?.cancel();
  return new Uint8Array();
}

/** The body as it is after decompression, never more than the limit of it. */
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
  { step, loginId, method, url, headers, body }: Visit,
  course: Course,
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
    status: course.status,
    responseHeaders: course.headers,
    responseBody: course.body,
    startedAt,
    tookMs,
    failure,
  };
}

/**
 * The caller's signal and our own limit in one, and afterwards the answer to which of them it was.
 * Made by hand: `AbortSignal.any` loses time-outs to the garbage collector on Node 20.
 */
class Watch {
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

  /** The result of `run`, or a rejection as soon as a signal aborts, should `run` not heed it. */
  async guard<T>(run: () => Promise<T>): Promise<T> {
    const { signal } = this.#both;
    try {
      signal.throwIfAborted();
      return await withAbort(run(), signal, () => {
        throw new Error('Stopped'); // failureOf() knows why
      });
    } catch (error) {
      this.#caller?.throwIfAborted();
      throw error;
    }
  }

  /** What an error out of {@link guard} means; null: the caller's own abort. */
  failureOf(host: string, error: unknown): NetworkFailure | null {
    if (this.#caller?.aborted === true) return null;
    if (this.#limit.aborted) return { code: 'unreachable', host, why: 'timeout' };
    return error instanceof NetworkError ? error.failure : describeFetchError(host, error);
  }

  /** Leaves no listener behind. */
  end(): void {
    this.#caller?.removeEventListener('abort', this.#stop);
    this.#limit.removeEventListener('abort', this.#stop);
  }
}
