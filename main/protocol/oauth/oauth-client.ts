import type { CustomFetchOptions } from 'openid-client';
import { Configuration, None, allowInsecureRequests, customFetch } from 'openid-client';
import type { NetworkFailure } from '../../../common/failure.ts';
import type { Network, Step } from '../http/network.ts';
import { attempt } from '../http/network-error.ts';
import type { RawResponse } from './raw-response.ts';
import { readRawResponse } from './raw-response.ts';
import { isLoopback } from '../../../common/urls.ts';

/** Where one OAuth message goes, for which client, and by which network. */
export type OAuthRequest = Readonly<{
  issuer: string;
  endpoint: 'device_authorization_endpoint' | 'token_endpoint' | 'revocation_endpoint';
  url: URL;
  clientId: string;
  step: Step;
  network: Network;
  signal?: AbortSignal | undefined;
}>;

/** Our first look at an answer: a document that the library shall check, or a verdict that spares it. */
export type Judged<V> = Readonly<
  | { kind: 'document'; document: Readonly<Record<string, unknown>> }
  | { kind: 'verdict'; verdict: V }
>;

/** How one OAuth message ended. */
export type OAuthReply<T, V> = Readonly<
  /** The library has checked the document and made this of it. */
  | { kind: 'checked'; value: T }
  /** The library refused the document. Its reasons hold the body, so they end here. */
  | { kind: 'refused' }
  | { kind: 'judged'; verdict: V }
  | { kind: 'failed'; failure: NetworkFailure }
>;

/**
 * Has `openid-client` build, encode and send one message, and check a good answer to it.
 *
 * Real servers answer in more ways than the library takes (errors at any status, HTML, `null`
 * members), and its errors carry the body as their cause. So every answer passes `judge` first: only
 * what looks like success reaches the library, as a document in canonical form.
 *
 * Rejects with the caller's own abort, or for a bug; never with anything that a server sent.
 */
export async function sendOAuthRequest<T, V>(
  request: OAuthRequest,
  judge: (answer: RawResponse) => Judged<V>,
  send: (config: Configuration) => Promise<T>,
): Promise<OAuthReply<T, V>> {
  const course: { over?: OAuthReply<T, V>; crash?: unknown; handedOver: boolean } = {
    handedOver: false,
  };
  const config = configure(request);
  config[customFetch] = async (_url, options) => {
    try {
      const step = await exchange(request, judge, options);
      if (step.kind === 'document') {
        course.handedOver = true;
        return jsonResponse(step.document);
      }
      course.over = step;
    } catch (error) {
      course.crash = error;
    }
    throw new Error('Answered without the library'); // ends its call; `course` knows the rest
  };
  try {
    return { kind: 'checked', value: await send(config) };
  } catch (error) {
    if (course.over !== undefined) return course.over;
    if ('crash' in course) throw course.crash;
    if (course.handedOver) return { kind: 'refused' };
    throw error; // nothing was sent: the call itself is wrong
  }
}

async function exchange<V>(
  request: OAuthRequest,
  judge: (answer: RawResponse) => Judged<V>,
  options: CustomFetchOptions,
): Promise<
  | Extract<Judged<V>, { kind: 'document' }>
  | Extract<OAuthReply<never, V>, { kind: 'judged' | 'failed' }>
> {
  const { step, url, network } = request;
  const response = await attempt(() => network(step, url, requestInit(request, options)));
  if (!response.ok) return { kind: 'failed', failure: response.failure };
  const judged = judge(await readRawResponse(url.host, response.value));
  return judged.kind === 'document' ? judged : { kind: 'judged', verdict: judged.verdict };
}

/** The library's request as ours: our own User-Agent (consent pages show it), our caller's signal. */
function requestInit({ signal }: OAuthRequest, options: CustomFetchOptions): RequestInit {
  const headers = new Headers(options.headers);
  headers.delete('user-agent');
  headers.set('accept', 'application/json');
  const body = options.body instanceof URLSearchParams ? options.body.toString() : null;
  const init: RequestInit = { method: options.method, headers, body, redirect: options.redirect };
  return signal === undefined ? init : { ...init, signal };
}

function configure({ issuer, endpoint, url, clientId }: OAuthRequest): Configuration {
  const config = new Configuration({ issuer, [endpoint]: url.href }, clientId, undefined, None());
  config.timeout = 0; // limits are the network's business, and a refresh once sent is never cut short
  if (url.protocol === 'http:' && isLoopback(url.hostname)) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that nobody uses it lightly
    allowInsecureRequests(config);
  }
  return config;
}

function jsonResponse(document: Readonly<Record<string, unknown>>): Response {
  const headers = { 'content-type': 'application/json' };
  return new Response(JSON.stringify(document), { headers });
}
