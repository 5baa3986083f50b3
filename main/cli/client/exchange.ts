import { connect } from 'node:net';
import type { AgentFailure } from '../../../common/failure.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import { exponentialBackoff, retryUntil } from '../../util/async.ts';
import type { Answer } from './answer-reader.ts';
import { AnswerReader } from './answer-reader.ts';
import { processTimer } from '../timer.ts';

/** A request to the agent. `path` begins with `/v1/` and is percent-encoded. */
export type AgentRequest = Readonly<{
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  /** Sent as JSON. */
  body?: unknown;
}>;

/** `malformed`: somebody answered, but not the agent's way. */
export type ExchangeFailure = AgentFailure | Readonly<{ code: 'malformed' }>;

/** The first pause before a full queue of callers is tried again, and the longest. Milliseconds. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/**
 * One request, one answer, one connection. Written on `node:net`, because loading `node:http` takes
 * longer than the whole exchange does.
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
    // Unequal pauses, so that those who were turned away together do not all come back together.
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
    // An agent that hangs up without a word has stopped meanwhile.
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
      return err({ code: 'socket-unsafe', path: socket, why: 'it lets only another user in' });
    case 'ENOTSOCK':
    case 'EPROTOTYPE':
      return err({ code: 'socket-unsafe', path: socket, why: 'it is not a socket' });
    default:
      return err({ code: 'agent-not-running', socket });
  }
}
