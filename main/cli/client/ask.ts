import { API_HEADER, API_VERSION, VERSION_HEADER } from '../../agent/api-version.ts';
import { isObject, parseJson } from '../../../common/json.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import { version } from '../../host/version.ts';
import { withTimeout } from '../../util/async.ts';
import type { Answer } from './exchange.ts';
import type { AgentRequest, ExchangeFailure } from './exchange.ts';
import { exchange } from './exchange.ts';
import { socketDanger } from './socket-safety.ts';
import { processTimer } from '../timer.ts';
import type { AgentError, CommandError } from '../errors.ts';

/** Where the agent listens, and how long to wait for it. */
export type Agent = Readonly<{
  socket: string;
  uid: number | null;
  /** Time-out for the whole response. Milliseconds. */
  timeoutMs: number;
  /** After this long without a response, the agent is probed. Milliseconds. */
  silenceMs: number;
  /** Time-out of the probe. Milliseconds. */
  probeMs: number;
}>;

/**
 * Sends a request to the agent and returns the body of its response.
 *
 * A slow homeserver delays the response, so a late response does not mean a dead agent: after
 * `silenceMs` a cheap status request tells the two apart. The agent finishes the work even after the
 * client stopped waiting.
 */
export async function ask(
  agent: Agent,
  request: AgentRequest,
): Promise<Result<string, CommandError>> {
  const danger = socketDanger(agent.socket, agent.uid);
  if (danger !== null) return err({ kind: 'failure', failure: danger });
  const leave = new AbortController();
  const silenceMs = Math.min(agent.silenceMs, agent.timeoutMs);
  const pending = exchange(agent.socket, request, leave.signal);
  try {
    const prompt = await within(silenceMs, pending);
    if (prompt !== 'late') return readAnswer(prompt);
    if (!(await lives(agent))) return silent(silenceMs);
    const late = await within(agent.timeoutMs - silenceMs, pending);
    if (late !== 'late') return readAnswer(late);
    return err({ kind: 'failure', failure: { code: 'timed-out', afterMs: agent.timeoutMs } });
  } finally {
    pending.catch(() => undefined); // aborted by the next line, and no longer awaited
    leave.abort();
  }
}

/** The body of a response, or the error in it, or that it does not come from a compatible agent. */
export function readAnswer(outcome: Result<Answer, ExchangeFailure>): Result<string, CommandError> {
  if (!outcome.ok) {
    const { failure } = outcome;
    return failure.code === 'malformed' ? otherVersion(null) : err({ kind: 'failure', failure });
  }
  const { status, headers, body } = outcome.value;
  if (headers.get(API_HEADER) !== API_VERSION) {
    return otherVersion(headers.get(VERSION_HEADER) ?? null);
  }
  if (status < 300) return ok(body);
  const error = readError(body);
  return error === null ? otherVersion(headers.get(VERSION_HEADER) ?? null) : answered(error);
}

/** The `error` of a response; null when it has none. */
export function readError(body: string): AgentError | null {
  const answer = parseJson(body);
  if (!isObject(answer) || !isObject(answer.error)) return null;
  const { code, message, hint, retry_after_s } = answer.error;
  if (typeof code !== 'string' || typeof message !== 'string') return null;
  return {
    code,
    message,
    hint: typeof hint === 'string' ? hint : '',
    retry_after_s: typeof retry_after_s === 'number' ? retry_after_s : null,
  };
}

async function lives(agent: Agent): Promise<boolean> {
  const leave = new AbortController();
  const probe = exchange(agent.socket, { method: 'GET', path: '/v1/status' }, leave.signal);
  const answer = await within(agent.probeMs, probe);
  probe.catch(() => undefined); // aborted by the next line; its silence was the result
  leave.abort();
  return answer !== 'late' && answer.ok;
}

function within<T>(ms: number, promise: Promise<T>): Promise<T | 'late'> {
  return withTimeout(promise, ms, processTimer, () => 'late' as const);
}

function silent(afterMs: number): Result<never, CommandError> {
  return err({ kind: 'failure', failure: { code: 'agent-silent', afterMs } });
}

/** The other side is not an agent that this client understands. */
export function otherVersion(agent: string | null): Result<never, CommandError> {
  const failure = {
    code: 'agent-other-version',
    agent: agent ?? 'unknown',
    client: version,
  } as const;
  return err({ kind: 'failure', failure });
}

function answered(error: AgentError): Result<never, CommandError> {
  return err({ kind: 'answered', error });
}
