import { createServer, request as send } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener } from 'node:http';
import { duplexPair } from 'node:stream';
import type { HttpResponse, HttpRequest } from '../personality.ts';

/** One exchange with a server that doesn't listen. Rejects only if the exchange itself breaks. */
export type Wire = (asked: HttpRequest) => Promise<HttpResponse>;

/** Headers of one connection, or set again for the next one. */
const ofTheConnection: readonly string[] = [
  'connection',
  'content-length',
  'date',
  'host',
  'keep-alive',
  'transfer-encoding',
];

/**
 * Runs a request listener behind plain HTTP, without a port: each exchange has its own pair of
 * streams. As behind a reverse proxy, headers tell the listener its public base.
 */
export function createWire(base: string, listener: RequestListener): Wire {
  const { host, protocol, pathname } = new URL(base);
  const basePath = pathname.replace(/\/$/, '');
  const server = createServer((request, response) => {
    // As Express does where an app is mounted: the library builds its links from it.
    if (basePath !== '') Object.assign(request, { originalUrl: `${basePath}${request.url ?? ''}` });
    listener(request, response);
  });
  return ({ method, url, headers, body, remoteAddress }) =>
    new Promise((resolve, reject) => {
      const [near, far] = duplexPair();
      server.emit('connection', far);
      const proxied = {
        host,
        'x-forwarded-proto': protocol.replace(':', ''),
        'x-forwarded-for': remoteAddress,
      };
      const request = send({
        createConnection: () => near,
        method,
        path: `${below(basePath, url.pathname)}${url.search}`,
        headers: { ...carried(headers), ...proxied },
      });
      request.on('error', reject);
      request.on('response', (response) => {
        readAll(response).then(resolve, reject);
      });
      request.end(body);
    });
}

/** Links include the base path; the requests that the homeserver passes on no longer do. */
function below(basePath: string, path: string): string {
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
}

async function readAll(response: IncomingMessage): Promise<HttpResponse> {
  response.setEncoding('utf8');
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode ?? 0, headers: carried(response.headers), body };
}

function carried(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !ofTheConnection.includes(name)) kept[name] = value;
  }
  return kept;
}
