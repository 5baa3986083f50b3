import type { Network, Step } from '../../../main/protocol/http/network.ts';

/** One request as the code under test sent it. */
export type Asked = Readonly<{
  step: Step;
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}>;

/** The response of a scripted step; called once per request. May throw a `NetworkError`. */
export type Answer = (asked: Asked) => Response | Promise<Response>;

/**
 * A `Network` that responds from a script: for each step one response for all its requests, or a list
 * that is used up in order. A step that is not in the script, or used up, fails the test.
 */
export type ScriptedNetwork = Readonly<{
  network: Network;
  asked: readonly Asked[];
  /** For each request the login that it was made for. */
  loginIds: readonly (string | null)[];
}>;

/** Makes a {@link ScriptedNetwork}. */
export function scriptedNetwork(
  script: Partial<Record<Step, Answer | readonly Answer[]>>,
): ScriptedNetwork {
  const asked: Asked[] = [];
  const loginIds: (string | null)[] = [];
  const used = new Map<Step, number>();
  const network: Network = async (step, url, init = {}) => {
    init.signal?.throwIfAborted();
    const request: Asked = {
      step,
      method: init.method ?? 'GET',
      url: url.href,
      headers: Object.fromEntries(new Headers(init.headers).entries()),
      body:
        init.body === undefined || init.body === null ? '' : await new Response(init.body).text(),
    };
    asked.push(request);
    loginIds.push(init.loginId ?? null);
    const turn = used.get(step) ?? 0;
    used.set(step, turn + 1);
    const answers = script[step];
    const answer = typeof answers === 'function' ? answers : answers?.[turn];
    if (answer === undefined) throw new Error(`Not in the script: ${step} ${url.href}`);
    return answer(request);
  };
  return { network, asked, loginIds };
}

/** Answers with JSON. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return () =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    });
}

/** Answers with raw bytes or text; an empty body for a status that has none. */
export function raw(
  body: string | Uint8Array<ArrayBuffer>,
  status = 200,
  headers: Record<string, string> = { 'content-type': 'text/html' },
): Answer {
  return () => new Response(status === 204 || status === 304 ? null : body, { status, headers });
}

/** Fails as the network does. */
export function broken(error: Error): Answer {
  return () => {
    throw error;
  };
}
