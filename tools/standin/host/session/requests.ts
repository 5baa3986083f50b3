import type { Cdp } from '../window/chromium.ts';
import type { FrameTree, WebFrameMain } from '../window/frames.ts';
import { applyPermissions } from './permissions.ts';
import { emitPreventable, eventWith } from '../app/preventable.ts';
import { debug } from '../app/running.ts';
import { fromWire, hasSchemes, schemeOf } from './schemes.ts';
import { askListener, sessionHooks } from './session.ts';
import type { RequestAnswer } from './session.ts';
import type { WebContents } from '../window/web-contents.ts';

type Header = { name: string; value: string };

/** The parts of `Fetch.requestPaused` that are used. */
type Paused = Readonly<{
  requestId: string;
  frameId: string;
  resourceType: string;
  request: Readonly<{
    url: string;
    method: string;
    headers: Record<string, string>;
    postData?: string;
  }>;
  redirectedRequestId?: string;
  responseStatusCode?: number;
  responseErrorReason?: string;
  responseHeaders?: Header[];
}>;

/** Handles every request of a page: navigation guards, webRequest, permissions and custom schemes. */
export class Requests {
  readonly #cdp: Cdp;
  readonly #contents: WebContents;
  readonly #frames: FrameTree;
  #expected: string | undefined;

  constructor(cdp: Cdp, contents: WebContents, frames: FrameTree) {
    this.#cdp = cdp;
    this.#contents = contents;
    this.#frames = frames;
    cdp.on('Fetch.requestPaused', (paused) => {
      // The page has canceled the request, so it can no longer be answered.
      this.#decide(paused).catch(debug);
    });
  }

  /** Sets the document that the app itself is about to load, for which no navigation event is emitted. */
  expect(wireUrl: string): void {
    this.#expected = withoutHash(wireUrl);
  }

  /** Always intercepts documents; other requests only if the app listens for them. */
  async enable(): Promise<void> {
    const wantsAll = hasSchemes() || sessionHooks.beforeRequest !== null;
    const requests = wantsAll
      ? { urlPattern: '*' }
      : { urlPattern: '*', resourceType: 'Document' as const };
    const responses = { urlPattern: '*', requestStage: 'Response' as const };
    const patterns = sessionHooks.headersReceived === null ? [requests] : [requests, responses];
    await this.#cdp.send('Fetch.enable', { patterns });
  }

  async #decide(paused: Paused): Promise<void> {
    const isResponse =
      paused.responseStatusCode !== undefined || paused.responseErrorReason !== undefined;
    if (isResponse) return this.#passResponse(paused);
    const url = fromWire(paused.request.url);
    if (paused.resourceType === 'Document' && !this.#mayNavigate(paused, url)) {
      return this.#fail(paused, 'Aborted');
    }
    if (this.#isMainDocument(paused)) await applyPermissions(this.#contents, url);
    const answer = await askListener(sessionHooks.beforeRequest, this.#details(paused, url));
    if (answer?.cancel === true) return this.#fail(paused, 'BlockedByClient');
    return this.#serve(paused, url);
  }

  /** Emits `will-redirect`, or `will-frame-navigate` and `will-navigate`, unless the app started the load. */
  #mayNavigate(paused: Paused, url: string): boolean {
    const isMain = this.#isMainDocument(paused);
    const isExpected = isMain && this.#expected === withoutHash(paused.request.url);
    if (isExpected) {
      this.#expected = undefined;
      return true;
    }
    const frame = this.#frames.get(paused.frameId) ?? null;
    const ask = this.#asker(frame, isMain, url);
    if (paused.redirectedRequestId !== undefined) {
      return ask('will-redirect', url, false, isMain, 1, 1);
    }
    return ask('will-frame-navigate') && (!isMain || ask('will-navigate', url));
  }

  /** Emits the navigation events for a navigation stopped in the page. It stays stopped even if the app allows it. */
  refuse(frame: WebFrameMain, wireUrl: string): void {
    const url = fromWire(wireUrl);
    const isMain = frame.parent === null;
    const ask = this.#asker(frame, isMain, url);
    if (!ask('will-frame-navigate') || (isMain && !ask('will-navigate', url))) return;
    process.stderr.write(
      `electron stand-in: the app allows a page to go to ${url}; such pages are not provided, so it stays\n`,
    );
  }

  #asker(frame: WebFrameMain | null, isMainFrame: boolean, url: string) {
    const details = { url, isMainFrame, isSameDocument: false, frame, initiator: frame };
    return (name: string, ...more: readonly unknown[]): boolean =>
      emitPreventable(this.#contents, name, eventWith(details), ...more);
  }

  async #serve(paused: Paused, url: string): Promise<void> {
    const { requestId, request } = paused;
    const scheme = schemeOf(url);
    if (scheme === undefined) {
      await this.#cdp.send('Fetch.continueRequest', { requestId });
      return;
    }
    const isFetch = paused.resourceType === 'Fetch' || paused.resourceType === 'XHR';
    if (isFetch && scheme.privileges.supportFetchAPI !== true) {
      return this.#fail(paused, 'AccessDenied');
    }
    const { method, headers, postData } = request;
    const init = { method, headers, ...(postData === undefined ? {} : { body: postData }) };
    const response = await answered(() => scheme.handler(new Request(url, init)));
    if (response === undefined) return this.#fail(paused, 'Failed');
    const listed = Array.from(response.headers, ([name, value]) => ({ name, value }));
    const answer = await this.#askHeaders(paused, url, response.status, listed);
    if (answer?.cancel === true) return this.#fail(paused, 'BlockedByClient');
    await this.#cdp.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status,
      responseHeaders: headersOf(answer, listed),
      body: Buffer.from(await response.arrayBuffer()).toString('base64'),
    });
  }

  async #passResponse(paused: Paused): Promise<void> {
    const { requestId, responseStatusCode: responseCode, responseHeaders = [] } = paused;
    if (responseCode === undefined) {
      await this.#cdp.send('Fetch.continueRequest', { requestId });
      return;
    }
    const url = fromWire(paused.request.url);
    const answer = await this.#askHeaders(paused, url, responseCode, responseHeaders);
    if (answer?.cancel === true) return this.#fail(paused, 'BlockedByClient');
    const changed = headersOf(answer, responseHeaders);
    await this.#cdp.send('Fetch.continueResponse', {
      requestId,
      responseCode,
      responseHeaders: changed,
    });
  }

  /** Files have no headers, as Electron documents: their policy belongs in the page itself. */
  async #askHeaders(paused: Paused, url: string, statusCode: number, headers: readonly Header[]) {
    if (url.startsWith('file:')) return undefined;
    const responseHeaders: Record<string, string[]> = {};
    for (const { name, value } of headers) (responseHeaders[name] ??= []).push(value);
    const statusLine = `HTTP/1.1 ${statusCode}`;
    const details = { ...this.#details(paused, url), responseHeaders, statusCode, statusLine };
    return askListener(sessionHooks.headersReceived, details);
  }

  #details(paused: Paused, url: string) {
    const isDocument = paused.resourceType === 'Document';
    const documentType = this.#isMainDocument(paused) ? 'mainFrame' : 'subFrame';
    return {
      id: 0,
      url,
      method: paused.request.method,
      resourceType: isDocument ? documentType : paused.resourceType.toLowerCase(),
      webContents: this.#contents,
      webContentsId: this.#contents.id,
      frame: this.#frames.get(paused.frameId) ?? null,
      referrer: '',
      timestamp: Date.now(),
    };
  }

  #isMainDocument({ resourceType, frameId }: Paused): boolean {
    const top = this.#frames.top?.frameToken;
    return resourceType === 'Document' && (top === undefined || top === frameId);
  }

  async #fail(
    { requestId }: Paused,
    errorReason: 'Aborted' | 'AccessDenied' | 'BlockedByClient' | 'Failed',
  ) {
    await this.#cdp.send('Fetch.failRequest', { requestId, errorReason });
  }
}

/** Runs the app's protocol handler. If it throws, the request fails and the error goes to stderr. */
async function answered(handle: () => Response | Promise<Response>): Promise<Response | undefined> {
  try {
    return await handle();
  } catch (error) {
    process.stderr.write(`electron stand-in: a protocol handler failed: ${String(error)}\n`);
    return undefined;
  }
}

function headersOf(answer: RequestAnswer | undefined, fallback: readonly Header[]): Header[] {
  if (answer?.responseHeaders === undefined) return [...fallback];
  return Object.entries(answer.responseHeaders).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name, value })),
  );
}

function withoutHash(url: string): string {
  return url.split('#', 1)[0] ?? url;
}
