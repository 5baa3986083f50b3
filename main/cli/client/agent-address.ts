import { readDurationMs } from '../../agent/duration.ts';
import { hostPaths } from '../../host/paths.ts';
import { REFRESH_TIMEOUT_MS } from '../../protocol/time-limits.ts';
import type { Result } from '../../../common/result.ts';
import { ok } from '../../../common/result.ts';
import type { Agent } from './ask.ts';
import type { Parsed, UsageProblem } from '../options.ts';
import { usageProblem } from '../options.ts';
import type { Io } from '../io.ts';

/** Longer than the refresh that an answer may wait for. */
export const TIMEOUT_MS = REFRESH_TIMEOUT_MS + 5_000;
const SILENCE_MS = 10_000;
const PROBE_MS = 1_000;

/** The agent this command line talks to, with the time-out from `--timeout`. */
export function agentFor(io: Io, parsed: Parsed): Result<Agent, UsageProblem> {
  const { env, platform, uid } = io;
  const given = parsed.options.get('timeout');
  const timeoutMs = given === undefined ? TIMEOUT_MS : readDurationMs(given);
  if (timeoutMs === null || timeoutMs === 0) {
    return usageProblem('--timeout requires a duration such as 10s or 2m', given ?? '');
  }
  const { socket } = hostPaths(env, platform, io.homedir(), uid);
  return ok({ socket, uid, timeoutMs, silenceMs: SILENCE_MS, probeMs: PROBE_MS });
}
