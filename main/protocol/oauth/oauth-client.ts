import type { CustomFetchOptions } from 'openid-client';
import { Configuration, None, allowInsecureRequests, customFetch } from 'openid-client';
import type { NetworkFailure } from '../../../common/failure.ts';
import type { Network, Step } from '../http/network.ts';
import { catchNetworkError } from '../http/network-error.ts';
import type { RawResponse } from './raw-response.ts';
import { readRawResponse } from './raw-response.ts';
import { isLoopback } from '../../../common/urls.ts';

/** One OAuth request: its endpoint, its client, and the network to send it with. */
export type OAuthRequest = Readonly<{
  issuer: string;
  endpoint: 'device_authorization_endpoint' | 'token_endpoint' | 'revocation_endpoint';
  url: URL;
  clientId: string;
  step: Step;
  network: Network;
  signal?: AbortSignal | undefined;
}>;

/** A response after our own checks: a document for the library to check, or already a result. */
export type ScreenedResponse<V> = Readonly<
  { kind: 'document'; document: Readonly<Record<string, unknown>> } | { kind: 'result'; result: V }
>;

/** How one OAuth request ended. */
export type OAuthReply<T, V> = Readonly<
  /** The library accepted the document; `value` is what it returned. */
  | { kind: 'checked'; value: T }
  /** The library refused the document. Its error contains the body, so it is dropped. */
  | { kind: 'refused' }
  /** The response was not for the library. */
  | { kind: 'screened'; result: V }
  | { kind: 'failed'; failure: NetworkFailure }
>;

/**
 * Lets `openid-client` build, encode and send one request and check a successful response.
 *
 * Real servers send more than the library accepts (errors at any status, HTML, `null` fields), and its
 * errors contain the body as their cause. So `screen` checks every response first: only what looks like
 * success reaches the library, as a normalized document.
 *
 * Rejects with the caller's own abort, or for a bug; never because of what a server sent.
 */
export async function sendOAuthRequest<T, V>(
  request: OAuthRequest,
  screen: (response: RawResponse) => ScreenedResponse<V>,
  send: (config: Configuration) => Promise<T>,
): Promise<OAuthReply<T, V>> {
  // What the replaced `fetch` saw; the library's own errors do not tell.
  const seen: { reply?: OAuthReply<T, V>; thrown?: unknown; isWithLibrary: boolean } = {
    isWithLibrary: false,
  };
  const config = configure(request);
  config[customFetch] = async (_url, options) => {
    try {
      const step = await sendAndScreen(request, screen, options);
      if (step.kind === 'document') {
        seen.isWithLibrary = true;
        return jsonResponse(step.document);
      }
      seen.reply = step;
    } catch (error) {
      seen.thrown = error;
    }
    throw new Error('Not for the library'); // ends its call; `seen` has the result
  };
  try {
    return { kind: 'checked', value: await send(config) };
  } catch (error) {
    if (seen.reply !== undefined) return seen.reply;
    if ('thrown' in seen) throw seen.thrown;
    if (seen.isWithLibrary) return { kind: 'refused' };
    throw error; // nothing was sent: the call itself is a bug
  }
}

async function sendAndScreen<V>(
  request: OAuthRequest,
  screen: (response: RawResponse) => ScreenedResponse<V>,
  options: CustomFetchOptions,
): Promise<
  | Extract<ScreenedResponse<V>, { kind: 'document' }>
  | Extract<OAuthReply<never, V>, { kind: 'screened' | 'failed' }>
> {
  const { step, url, network } = request;
  const response = await catchNetworkError(() => network(step, url, requestInit(request, options)));
  if (!response.ok) return { kind: 'failed', failure: response.failure };
  const screened = screen(await readRawResponse(url.host, response.value));
  return screened.kind === 'document' ? screened : { kind: 'screened', result: screened.result };
}

/** The library's request with Keyfob's User-Agent, which consent pages show, and the caller's signal. */
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
  config.timeout = 0; // the network sets time-outs, and a refresh is never aborted once sent
  if (url.protocol === 'http:' && isLoopback(url.hostname)) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked deprecated only as a warning
    allowInsecureRequests(config);
  }
  return config;
}

function jsonResponse(document: Readonly<Record<string, unknown>>): Response {
  const headers = { 'content-type': 'application/json' };
  return new Response(JSON.stringify(document), { headers });
}
