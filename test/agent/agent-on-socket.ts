import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AgentLimits } from '../../main/agent/server.ts';
import { serveAgent } from '../../main/agent/server.ts';
import { cloning } from '../fixtures/cloning-engine.ts';
import { FakeEngine, NOW } from '../fixtures/fake-engine.ts';

/** Runs an agent of version 9.8.7 on a real socket until the test ends. */
export async function agentOnSocket(limits?: AgentLimits) {
  const folder = await mkdtemp(join(tmpdir(), 'kf-'));
  const socket = join(folder, 'agent.sock');
  const engine = new FakeEngine();
  const bugs: string[] = [];
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    bug: (event: string) => bugs.push(event),
  };
  const options = { engine: cloning(engine), version: '9.8.7', log, now: () => NOW };
  const server = serveAgent(limits === undefined ? options : { ...options, limits });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });
  return { folder, socket, engine, server, bugs };
}

/** A response as a client sees it; `body` is parsed if it is JSON. */
export type Seen = Readonly<{ status: number; headers: IncomingHttpHeaders; body: unknown }>;

/** Sends a request over the socket with Node's own HTTP client, and reads the whole response. */
export async function call(
  socket: string,
  method: string,
  path: string,
  rest: RequestOptions & { body?: string } = {},
): Promise<Seen> {
  const response = await open(socket, method, path, rest);
  const { statusCode: status = 0, headers } = response;
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response) body += String(chunk);
  const isJson = headers['content-type']?.startsWith('application/json') ?? false;
  return { status, headers, body: isJson ? JSON.parse(body) : body };
}

/** Sends a request; resolves with the response's stream. */
export function open(
  socket: string,
  method: string,
  path: string,
  { body = '', ...rest }: RequestOptions & { body?: string } = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: socket, method, path, agent: false, ...rest }, resolve);
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Parses the lines of a stream, one at a time. */
export async function* linesOf(response: IncomingMessage): AsyncGenerator<unknown, void> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    text += String(chunk);
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line);
  }
}
