import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from '../accounts/ports.ts';
import type { ErrorAnswer } from './errors.ts';
import { BUG_ANSWER, errorAnswer } from './errors.ts';
import { answerRoute } from './agent-answers.ts';
import type { Refusal, Route } from './routes.ts';
import { routeOf } from './routes.ts';
import { API_HEADER, API_VERSION, VERSION_HEADER } from './api-version.ts';
import type { EngineApi } from '../engine/engine-api.ts';

/** How patient the agent is with a client that does not say what it wants. Milliseconds. */
export type AgentLimits = Readonly<{
  /** From the connection to the end of the request's head. */
  headMs: number;
  /** From the connection to the end of the request's body. */
  requestMs: number;
  /** Between two requests on one connection. */
  idleMs: number;
  /** How often the two limits above are looked at: one timer for all connections. */
  checkMs: number;
}>;

const LIMITS: AgentLimits = { headMs: 10_000, requestMs: 30_000, idleMs: 15_000, checkMs: 5_000 };

export type AgentOptions = Readonly<{
  engine: EngineApi;
  /** Keyfob's own version. */
  version: string;
  log: Log;
  /** The wall clock: epoch milliseconds. */
  now: () => number;
  /** Where clients find the agent, for them to be told; where the server listens when left out. */
  socket?: string;
  limits?: AgentLimits;
}>;

/**
 * The agent API as a server that listens nowhere yet: whoever owns the socket lets it listen there.
 *
 * Everyone who can open the socket may ask for tokens, so the socket's folder is the lock. A request
 * with an `Origin` comes from a browser, by way of some bridge, and is refused. `Host` says nothing
 * on a socket and is not looked at.
 */
export function serveAgent(options: AgentOptions): Server {
  const { headMs, requestMs, idleMs, checkMs } = options.limits ?? LIMITS;
  const startedAt = options.now();
  const server = createServer({
    headersTimeout: headMs,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: checkMs,
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader(API_HEADER, API_VERSION);
    response.setHeader(VERSION_HEADER, options.version);
    response.setHeader('cache-control', 'no-store');
    const socket = options.socket ?? socketOf(server);
    const context = { ...options, startedAt, socket, request, response };
    const route = admit(request);
    if (!route.ok) {
      sendRefusal(response, route.failure);
      return;
    }
    // Never rejects: what goes wrong is answered and logged inside.
    void answer(route.value, context);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    refuseUnreadable(error, socket, options.version);
  });
  return server;
}

type Context = Parameters<typeof answerRoute>[1];

async function answer(route: Route, context: Context): Promise<void> {
  const { request, response, log } = context;
  try {
    const failed = await answerRoute(route, context);
    if (failed !== null) sendError(response, failed);
  } catch (error) {
    // A client that left while it was sending its body is no news.
    if (request.destroyed && !request.complete) return;
    log.bug(`an agent request could not be answered: ${route.name}`, error);
    if (response.headersSent) response.destroy();
    else sendError(response, BUG_ANSWER);
  }
}

function admit(request: IncomingMessage) {
  if (request.headers.origin === undefined) {
    return routeOf(request.method ?? '', request.url ?? '');
  }
  const why = 'requests from web pages are refused: this one carries an Origin header';
  return { ok: false, failure: { status: 403, why, allow: null } } as const;
}

function sendRefusal(response: ServerResponse, { status, why, allow }: Refusal): void {
  if (allow !== null) response.setHeader('allow', allow);
  sendError(response, errorAnswer({ code: 'request-invalid', why }, status));
}

function sendError(response: ServerResponse, { status, error }: ErrorAnswer): void {
  if (status === 401) response.setHeader('www-authenticate', 'Keyfob');
  if (error.retry_after_s !== null) response.setHeader('retry-after', error.retry_after_s);
  // What is left of the body is not worth reading: the next request comes on a new connection.
  if (!response.req.complete) response.setHeader('connection', 'close');
  const body = Buffer.from(JSON.stringify({ error }));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
}

/** Answers what is not HTTP, or came too late, and hangs up: there is no request to answer to. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex, version: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, why] = unreadable(error.code);
  const body = JSON.stringify({ error: errorAnswer({ code: 'request-invalid', why }).error });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      `${API_HEADER}: ${API_VERSION}`,
      `${VERSION_HEADER}: ${version}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function unreadable(code: string | undefined): readonly [status: number, why: string] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'the request did not come in time'];
  if (code === 'HPE_HEADER_OVERFLOW') return [431, 'the head of the request is too long'];
  return [400, 'this is not an HTTP/1.1 request'];
}

function socketOf(server: Server): string {
  const address = server.address();
  return typeof address === 'string' ? address : '';
}
