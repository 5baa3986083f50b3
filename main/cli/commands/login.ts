import { readFileSync } from 'node:fs';
import { isObject, parseJson } from '../../../common/json.ts';
import type { Result } from '../../../common/result.ts';
import { err, ok } from '../../../common/result.ts';
import type { Call, Command } from '../command.ts';
import { usageError } from '../command.ts';
import { errorOf } from '../errors.ts';
import { jsonView } from '../login/json-view.ts';
import { plainView } from '../login/plain-view.ts';
import type { LoginEnd } from '../login/login-run.ts';
import { LoginRun } from '../login/login-run.ts';
import { LoginScreen } from '../login/login-screen.ts';
import type { LoginView } from '../login/login-run.ts';
import type { CommandError } from '../errors.ts';

/** `keyfob login`: signs in to an account, with a code and a browser (RFC 8628). */
export const login: Command = {
  name: 'login',
  options: { label: 'value', 'no-open': 'flag', json: 'flag', client: 'value' },
  positionals: 1,
  run,
};

/** 128 + SIGINT, as shells report a process that Ctrl-C ended. */
const CANCELLED_EXIT_CODE = 130;

async function run(call: Call): Promise<Result<number, CommandError>> {
  const { parsed, io, agent } = call;
  const [server] = parsed.positionals;
  if (server === undefined || server === '') {
    return usageError('login', { text: 'expected a server', given: '', candidates: [] });
  }
  const client = readClient(parsed.options.get('client'));
  if (!client.ok) return client;
  const body = { server, label: parsed.options.get('label') ?? null, client: client.value };
  const stop = new AbortController();
  const undo = io.terminal.onStop(() => stop.abort());
  const view = viewFor(call, server, () => stop.abort());
  try {
    const end = await new LoginRun(agent, view, stop.signal).signIn(body);
    view.close();
    return conclude(call, end);
  } finally {
    view.close();
    undo();
  }
}

function conclude(call: Call, end: Result<LoginEnd, CommandError>): Result<number, CommandError> {
  const { io, parsed } = call;
  const asJson = parsed.options.has('json');
  if (!end.ok) {
    if (asJson && end.failure.kind !== 'usage') {
      io.out(`${JSON.stringify({ step: 'failed', error: errorOf(end.failure) })}\n`);
    }
    return end;
  }
  switch (end.value.kind) {
    case 'signed-in':
      if (!io.terminal.stdoutIsTerminal && !asJson) io.out(`${end.value.line.label}\n`);
      return ok(0);
    case 'left':
      io.err('Cancelled. You were not signed in.\n');
      return ok(CANCELLED_EXIT_CODE);
    case 'failed':
      return err({ kind: 'answered', error: end.value.error });
  }
}

function viewFor(call: Call, server: string, stop: () => void): LoginView {
  const { io, parsed } = call;
  const { stdoutIsTerminal, stderrIsTerminal, stdinIsTerminal } = io.terminal;
  if (parsed.options.has('json')) return jsonView(io);
  if (!stderrIsTerminal || !stdinIsTerminal) return plainView(io);
  const mayOpen = stdoutIsTerminal && !parsed.options.has('no-open');
  return new LoginScreen(io, { server, mayOpen }, stop);
}

/** Reads client metadata from a file; null without one. The agent validates its fields. */
function readClient(path: string | undefined): Result<object | null, CommandError> {
  if (path === undefined) return ok(null);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return badClient(path, 'it cannot be read');
  }
  const client = parseJson(text);
  if (client === undefined) return badClient(path, 'it is not valid JSON');
  return isObject(client) ? ok(client) : badClient(path, 'it is not a JSON object');
}

function badClient(path: string, why: string): Result<never, CommandError> {
  const failure = { code: 'client-metadata-invalid', field: path, why, isFile: true } as const;
  return err({ kind: 'failure', failure });
}
