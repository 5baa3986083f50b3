import { connect } from 'node:net';
import type { AgentFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import { exponentialBackoff, retryUntil } from '../../util/async.ts';
import { processTimer } from '../timer.ts';

/** A request to the agent. `path` begins with `/v1/` and is percent-encoded. */
export type AgentRequest = Readonly<{
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  /** Sent as JSON. */
  body?: unknown;
}>;

/** The agent's response to one request. Header names are in lower case. */
export type Answer = Readonly<{
  status: number;
  headers: ReadonlyMap<string, string>;
  body: string;
}>;

/** `malformed`: the response is not one an agent sends. */
export type ExchangeFailure = AgentFailure | Readonly<{ code: 'malformed' }>;

/** The first and the longest pause before connecting again when the accept queue is full. Milliseconds. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

const HEAD_LIMIT = 64 * 1024;
const BODY_LIMIT = 16 * 1024 * 1024;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * One request, one response, one connection. Uses `node:net`, because loading `node:http` takes
 * longer than the whole exchange.
 *
 * Rejects when aborted: the caller knows what its patience was.
 */
export function exchange(
  socket: string,
  request: AgentRequest,
  signal: AbortSignal,
): Promise<Result<Answer, ExchangeFailure>> {
  const text = requestText(request);
  return retryUntil(() => attempt(socket, text, signal), {
    until: (result) => result !== 'busy',
    // Jitter, so that clients turned away together do not all come back together.
    pauseMs: (attempts) =>
      exponentialBackoff(attempts, FIRST_PAUSE_MS, LONGEST_PAUSE_MS) * (0.5 + Math.random()),
    timer: processTimer,
    signal,
  });
}

function requestText({ method, path, body }: AgentRequest): string {
  const json = body === undefined ? '' : JSON.stringify(body);
  return [
    `${method} ${path} HTTP/1.1`,
    'host: keyfob',
    'user-agent: keyfob',
    'accept: application/json',
    ...(json === '' ? [] : ['content-type: application/json']),
    ...(method === 'GET' ? [] : [`content-length: ${Buffer.byteLength(json)}`]),
    'connection: close',
    '',
    json,
  ].join('\r\n');
}

type Attempt = Result<Answer, ExchangeFailure> | 'busy';

function attempt(socket: string, text: string, signal: AbortSignal): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const reader = new AnswerReader();
    let heard = false;
    const connection = connect({ path: socket });
    const leave = (): void => {
      // The reason is whatever the caller aborted with: an Error, by AbortSignal's own default.
      reject(signal.reason as Error);
      connection.destroy();
    };
    const end = (attempt: Attempt): void => {
      signal.removeEventListener('abort', leave);
      connection.destroy();
      resolve(attempt);
    };
    signal.addEventListener('abort', leave, { once: true });
    connection.on('data', (chunk: Buffer) => {
      heard = true;
      const read = reader.push(chunk);
      if (read === 'more') return;
      end(read === 'malformed' ? err({ code: 'malformed' }) : ok(read));
    });
    // An agent that closes the connection without a response has stopped in the meantime.
    const gone = { code: 'agent-not-running', socket } as const;
    connection.on('end', () => end(err(heard ? { code: 'malformed' } : gone)));
    connection.on('error', (error: NodeJS.ErrnoException) => end(failed(error.code, socket)));
    connection.write(text);
  });
}

function failed(errno: string | undefined, socket: string): Attempt {
  switch (errno) {
    case 'EAGAIN':
      return 'busy';
    case 'EACCES':
    case 'EPERM':
      return err({
        code: 'socket-unsafe',
        path: socket,
        why: 'you have no permission to connect to it',
      });
    case 'ENOTSOCK':
    case 'EPROTOTYPE':
      return err({ code: 'socket-unsafe', path: socket, why: 'it is not a socket' });
    default:
      return err({ code: 'agent-not-running', socket });
  }
}

/**
 * Parses one HTTP/1.1 response with a Content-Length, the only kind that the agent sends to a plain
 * request. Everything else is `malformed`: the other side is not the agent.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112.html#section-6.3 RFC 9112 §6.3}
 */
export class AnswerReader {
  #bytes: Buffer = Buffer.alloc(0);
  #head: Head | null = null;

  /** Takes the next chunk; returns the response once it is complete. */
  push(chunk: Uint8Array): Answer | 'more' | 'malformed' {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#head === null) {
      const end = this.#bytes.indexOf(END_OF_HEAD);
      if (end === -1) return this.#bytes.length > HEAD_LIMIT ? 'malformed' : 'more';
      const head = readHead(this.#bytes.toString('latin1', 0, end));
      if (head === null) return 'malformed';
      this.#bytes = this.#bytes.subarray(end + END_OF_HEAD.length);
      // 1xx responses precede the final one.
      if (head.status >= 200) this.#head = head;
    }
    const { status, headers, length } = this.#head;
    if (this.#bytes.length < length) return 'more';
    return { status, headers, body: this.#bytes.toString('utf8', 0, length) };
  }
}

type Head = Readonly<{ status: number; headers: ReadonlyMap<string, string>; length: number }>;

function readHead(text: string): Head | null {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const status = /^HTTP\/1\.1 ([1-5]\d\d)(?: |$)/.exec(statusLine)?.[1];
  if (status === undefined) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    headers.set(name.toLowerCase(), value);
  }
  const length = bodyLength(Number(status), headers);
  return length === null ? null : { status: Number(status), headers, length };
}

function bodyLength(status: number, headers: ReadonlyMap<string, string>): number | null {
  if (status < 200 || status === 204) return 0;
  const length = headers.get('content-length') ?? '';
  if (headers.has('transfer-encoding') || !/^\d{1,8}$/.test(length)) return null;
  return Number(length) <= BODY_LIMIT ? Number(length) : null;
}
