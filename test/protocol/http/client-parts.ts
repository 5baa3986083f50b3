import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import type { BoundedFetchOptions } from '../../../main/protocol/http/client.ts';
import { boundedFetch } from '../../../main/protocol/http/client.ts';
import type { NetworkFailure } from '../../../common/failure.ts';
import { catchNetworkError } from '../../../main/protocol/http/network-error.ts';
import type { Fetch } from '../../../main/protocol/http/network.ts';

const servers: Server[] = [];

/** Stops all servers: nothing listens at their addresses any more. */
export function stopServers() {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
}

afterEach(stopServers);

/** A server on this machine; gives its base URL, with a slash at the end. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // not a pipe
  return `http://127.0.0.1:${port}/`;
}

const runtimeFetch: Fetch = (url, init) => fetch(url, init);

/** The real fetch under test, for this machine, with whatever a test needs otherwise. */
export function networkWith(options: Partial<BoundedFetchOptions> = {}) {
  let monotonic = 0;
  return boundedFetch({
    fetch: runtimeFetch,
    userAgent: 'Keyfob/0.1.0 (Desktop; Test 1)',
    loopback: true,
    timeLimit: (ms) => AbortSignal.timeout(ms),
    clock: { now: () => 5_000, monotonicNow: () => (monotonic += 10) },
    ...options,
  });
}

/** The failure of a request that is to fail. */
export async function failureOf(run: Promise<Response>): Promise<NetworkFailure> {
  const outcome = await catchNetworkError(() => run);
  if (outcome.ok) throw new Error(`Answered: ${outcome.value.status}`);
  return outcome.failure;
}

/** Responds from a script by URL, and records the requests. */
export function scriptedFetch(answers: Record<string, () => Response>) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fake: Fetch = (url, init) => {
    asked.push({ url, init });
    const answer = answers[url];
    if (answer === undefined) throw new Error(`Not in the script: ${url}`);
    return Promise.resolve(answer());
  };
  return { fetch: fake, asked };
}

/** Answers with a redirect. */
export function redirect(location: string, status = 302) {
  return () => new Response('moved', { status, headers: { location } });
}
