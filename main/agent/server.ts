import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Result } from '../../common/result.ts';
import type { Log } from '../accounts/ports.ts';
import type { EngineApi } from '../engine/engine-api.ts';
import { API_HEADER, API_VERSION, VERSION_HEADER } from './api-version.ts';
import type { ErrorReply, Refusal } from './errors.ts';
import { BUG_REPLY, refuse, refusalReply } from './errors.ts';
import type { AgentContext, MatchedRoute } from './routes.ts';
import { handleRequest, matchRoute } from './routes.ts';

/** Time limits for slow clients, in milliseconds. */
export type AgentLimits = Readonly<{
  /** From the connection to the end of the request's headers. */
  headMs: number;
  /** From the connection to the end of the request's body. */
  requestMs: number;
  /** Between two requests on one connection. */
  idleMs: number;
  /** How often `headMs` and `requestMs` are checked: one timer for all connections. */
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
  /** The socket's path as clients see it; default: the path that the server listens on. */
  socket?: string;
  limits?: AgentLimits;
}>;

/**
 * Creates the server of the agent API; the caller makes it listen on a socket it owns.
 *
 * Any program that can open the socket may request tokens: the permissions of the socket's folder are the
 * access control. A request with an `Origin` header comes from a web page through some bridge, and is
 * refused. `Host` has no meaning on a socket and is ignored.
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
    const matched = admit(request);
    if (matched.ok) {
      // Never rejects: errors are answered and logged inside.
      void respond(matched.value, { ...options, startedAt, socket }, request, response);
    } else {
      const { allow } = matched.failure;
      if (allow !== null) response.setHeader('allow', allow);
      sendError(response, refusalReply(matched.failure));
    }
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    refuseUnreadable(error, socket, options.version);
  });
  return server;
}

function admit({ headers, method, url }: IncomingMessage): Result<MatchedRoute, Refusal> {
  if (headers.origin === undefined) return matchRoute(method ?? '', url ?? '');
  return refuse(403, 'requests from web pages are refused: this one carries an Origin header');
}

async function respond(
  matched: MatchedRoute,
  context: AgentContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const reply = await handleRequest(matched, context, request);
    switch (reply.kind) {
      case 'json':
        sendBytes(response, JSON_TYPE, JSON.stringify(reply.body));
        return;
      case 'text':
        sendBytes(response, 'text/plain; charset=utf-8', reply.text);
        return;
      case 'empty':
        response.writeHead(204).end();
        return;
      case 'error':
        sendError(response, reply.error);
        return;
      case 'stream':
        reply.to(response);
    }
  } catch (error) {
    // A client that disconnects while it sends its body is not worth a log entry.
    if (request.destroyed && !request.complete) return;
    context.log.bug(`agent request failed: ${matched.route}`, error);
    if (response.headersSent) response.destroy();
    else sendError(response, BUG_REPLY);
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';

function sendError(response: ServerResponse, { status, error }: ErrorReply): void {
  if (status === 401) response.setHeader('www-authenticate', 'Keyfob');
  if (error.retry_after_s !== null) response.setHeader('retry-after', error.retry_after_s);
  // The rest of the body is not worth reading: the next request comes on a new connection.
  if (!response.req.complete) response.setHeader('connection', 'close');
  sendBytes(response, JSON_TYPE, JSON.stringify({ error }), status);
}

function sendBytes(
  response: ServerResponse,
  contentType: string,
  text: string,
  status = 200,
): void {
  const body = Buffer.from(text);
  response.writeHead(status, { 'content-type': contentType, 'content-length': body.length });
  response.end(body);
}

/** Responds to input that is not HTTP or came too late, and closes the connection. There is no request object. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex, version: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, error: failure } = refusalReply(unreadable(error.code));
  const body = JSON.stringify({ error: failure });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      `${API_HEADER}: ${API_VERSION}`,
      `${VERSION_HEADER}: ${version}`,
      `content-type: ${JSON_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function unreadable(code: string | undefined): Readonly<{ status: number; why: string }> {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { status: 408, why: 'it did not arrive in time' };
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, why: 'its headers are too long' };
  return { status: 400, why: 'it is not HTTP/1.1' };
}

function socketOf(server: Server): string {
  const address = server.address();
  return typeof address === 'string' ? address : '';
}
