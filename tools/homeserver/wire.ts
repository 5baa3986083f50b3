import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Delivery, Parcel } from './delivery.ts';
import type { HttpRequest } from './personality.ts';

const requestLimit = 1_048_576;

/**
 * Reads a request whole; null: it is larger than anything that is sent here on purpose.
 *
 * @param origin what its URL is resolved against
 * @param prefix a path before all others, which is taken off
 */
export async function readRequest(
  request: IncomingMessage,
  origin: string,
  prefix: string,
): Promise<HttpRequest | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue;
    size += chunk.length;
    if (size > requestLimit) return null;
    chunks.push(chunk);
  }
  const path = withoutPrefix(request.url ?? '/', prefix);
  return {
    method: request.method ?? 'GET',
    url: new URL(`${origin}${path}`),
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    remoteAddress: request.socket.remoteAddress ?? 'unknown',
  };
}

/** The requested path; the client-server API exists only behind the prefix. */
function withoutPrefix(target: string, prefix: string): string {
  const path = target.startsWith('/') ? target : `/${target}`;
  if (prefix === '') return path;
  if (path.startsWith(`${prefix}/`)) return path.slice(prefix.length);
  return path.startsWith('/_matrix/') ? `/outside${path}` : path;
}

/** Sends the response in the way its fault requires. */
export function send(response: ServerResponse, delivery: Delivery, dateAt: number): void {
  switch (delivery.how) {
    case 'dropped':
      response.socket?.resetAndDestroy();
      return;
    case 'endless':
      sendEndlessly(response, delivery.bytes);
      return;
    case 'whole': {
      const { parcel, delayMs } = delivery;
      const finish = () => {
        writeHead(response, parcel, dateAt);
        response.end(parcel.body);
      };
      if (delayMs === 0) finish();
      else whileOpen(response, setTimeout(finish, delayMs));
      return;
    }
    case 'cut': {
      writeHead(response, delivery.parcel, dateAt);
      const part = Buffer.from(delivery.parcel.body).subarray(0, delivery.bytes);
      response.flushHeaders();
      response.write(part, () => response.socket?.destroy());
      return;
    }
    case 'drip':
      writeHead(response, delivery.parcel, dateAt);
      sendDrop(response, Buffer.from(delivery.parcel.body), delivery.bytesPerS);
  }
}

function writeHead(response: ServerResponse, { status, headers, body }: Parcel, dateAt: number) {
  response.statusCode = status;
  response.setHeader('date', new Date(dateAt).toUTCString());
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (status !== 204) response.setHeader('content-length', Buffer.byteLength(body));
}

function sendDrop(response: ServerResponse, body: Buffer, bytesPerS: number): void {
  const size = Math.max(1, Math.round(bytesPerS / 10));
  response.write(body.subarray(0, size));
  const rest = body.subarray(size);
  if (rest.length === 0) response.end();
  else {
    const again = () => sendDrop(response, rest, bytesPerS);
    whileOpen(response, setTimeout(again, (size / bytesPerS) * 1000));
  }
}

/** JSON that never closes its string, in blocks, as fast as they are read. */
function sendEndlessly(response: ServerResponse, bytes: number): void {
  response.statusCode = 200;
  response.setHeader('content-type', 'application/json');
  const block = 'a'.repeat(65_536);
  let left = bytes;
  const more = () => {
    while (!response.destroyed && left > 0) {
      left -= block.length;
      if (!response.write(block)) return;
    }
    if (left <= 0) response.end('"}');
  };
  response.on('drain', more);
  response.write('{"filler":"');
  more();
}

/** Forgets a timer when the connection ends before it is due. */
function whileOpen(response: ServerResponse, timer: NodeJS.Timeout): void {
  response.once('close', () => clearTimeout(timer));
}
