import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import type { Agent } from './ask.ts';
import { otherVersion, readAnswer } from './ask.ts';
import { socketDanger } from './socket-safety.ts';
import type { CommandError } from '../errors.ts';

/** Far longer than any line the agent sends. */
const LINE_LIMIT = 1024 * 1024;

/**
 * Sends a request whose response is streamed as lines, and passes each line to `onLine` as it arrives.
 * Resolves when the response ends; fails when there is none. Aborting closes the connection and is
 * not a failure.
 */
export function followLines(
  agent: Agent,
  { path, body }: Readonly<{ path: string; body: unknown }>,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<Result<void, CommandError>> {
  const danger = socketDanger(agent.socket, agent.uid);
  if (danger !== null) return Promise.resolve(err({ kind: 'failure', failure: danger }));
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'user-agent': 'keyfob' };
    const asked = httpRequest({
      socketPath: agent.socket,
      method: 'POST',
      path,
      headers,
      agent: false,
    });
    const silence = setTimeout(() => {
      asked.destroy();
      resolve(
        err({ kind: 'failure', failure: { code: 'agent-silent', afterMs: agent.silenceMs } }),
      );
    }, agent.silenceMs);
    const hangUp = (): void => {
      asked.destroy();
      resolve(ok(undefined));
    };
    signal.addEventListener('abort', hangUp, { once: true });
    asked.on('response', (response) => {
      clearTimeout(silence);
      void readLines(agent, response, onLine).then(resolve);
    });
    asked.on('error', () => {
      clearTimeout(silence);
      resolve(gone(agent));
    });
    asked.on('close', () => signal.removeEventListener('abort', hangUp));
    asked.end(JSON.stringify(body));
  });
}

async function readLines(
  agent: Agent,
  response: IncomingMessage,
  onLine: (line: string) => void,
): Promise<Result<void, CommandError>> {
  const status = response.statusCode ?? 0;
  const headers = new Map(Object.entries(response.headers).map(([name, v]) => [name, String(v)]));
  response.setEncoding('utf8');
  let text = '';
  try {
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length > LINE_LIMIT) return otherVersion(null);
      if (status !== 200) continue;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    }
  } catch {
    return gone(agent); // the connection broke: the agent has stopped
  }
  const answer = readAnswer(ok({ status, headers, body: status === 200 ? '' : text }));
  return answer.ok ? ok(undefined) : answer;
}

function gone({ socket }: Agent): Result<never, CommandError> {
  return err({ kind: 'failure', failure: { code: 'agent-not-running', socket } });
}
