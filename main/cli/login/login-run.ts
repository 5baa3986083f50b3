import { err, ok } from '../../../common/result.ts';
import type { Result } from '../../../common/result.ts';
import { withAbort } from '../../util/async.ts';
import type { Agent } from '../client/ask.ts';
import { ask } from '../client/ask.ts';
import { followLines } from '../client/follow.ts';
import type { LineOf, LoginLine } from './login-line.ts';
import { readLoginLine } from './login-line.ts';
import type { AgentError, CommandError } from '../errors.ts';

/** How long the agent may take to confirm a cancellation. Milliseconds. */
const CANCEL_MS = 3_000;

/** The body of `POST /v1/login`. */
export type LoginBody = Readonly<{ server: string; label: string | null; client: object | null }>;

/** Shows a sign-in and asks its questions: interactively, as plain lines, or as JSON. */
export interface LoginView {
  /** Shows a step that was reached. */
  show(line: LoginLine): void;
  /** Asks whether to keep the session of another user than was entered. */
  confirm(line: LineOf<'confirm'>): Promise<boolean>;
  /** Asks whether to request a new code after one expired. */
  again(): Promise<boolean>;
  /** Restores the terminal. */
  close(): void;
}

/** How a sign-in ended. `left`: the user cancelled it. */
export type LoginEnd = Readonly<
  | { kind: 'signed-in'; line: LineOf<'signed_in'> }
  | { kind: 'failed'; login: string; error: AgentError }
  | { kind: 'left' }
>;

/** One sign-in from the command line. `stop` is aborted on Ctrl-C or a signal. */
export class LoginRun {
  readonly #agent: Agent;
  readonly #view: LoginView;
  readonly #stop: AbortSignal;

  constructor(agent: Agent, view: LoginView, stop: AbortSignal) {
    this.#agent = agent;
    this.#view = view;
    this.#stop = stop;
  }

  /** Signs in, with a new code after each that expires for as long as the user wants one. */
  async signIn(body: LoginBody): Promise<Result<LoginEnd, CommandError>> {
    let request: Request = { path: '/v1/login', body };
    for (;;) {
      const end = await this.#oneCode(request);
      const expired = end.ok && end.value.kind === 'failed' && isExpiry(end.value.error);
      if (!expired || !(await this.#unlessStopped(this.#view.again()))) return end;
      request = { path: loginPath(end.value.login, '/retry'), body: {} };
    }
  }

  async #oneCode(request: Request): Promise<Result<LoginEnd, CommandError>> {
    const leave = new AbortController();
    let login: string | null = null;
    let last: LoginLine | null = null;
    const onLine = (text: string): void => {
      const line = readLoginLine(text);
      if (line === null) return;
      last = line;
      if (line.step === 'started') login = line.login;
      this.#view.show(line);
      if (line.step === 'confirm') void this.#answer(line);
    };
    // Cancelling makes the agent end the stream; closing the connection covers an agent that does not.
    const cancel = (): void => void this.#cancel(login).then(() => leave.abort());
    this.#stop.addEventListener('abort', cancel, { once: true });
    if (this.#stop.aborted) cancel();
    const followed = await followLines(this.#agent, request, leave.signal, onLine);
    this.#stop.removeEventListener('abort', cancel);
    return followed.ok ? this.#endOf(login, last) : followed;
  }

  #endOf(login: string | null, last: LoginLine | null): Result<LoginEnd, CommandError> {
    if (last?.step === 'signed_in') return ok({ kind: 'signed-in', line: last });
    if (this.#stop.aborted) return ok({ kind: 'left' });
    if (last?.step === 'failed' && login !== null) {
      return ok({ kind: 'failed', login, error: last.error });
    }
    const { socket } = this.#agent;
    return err({ kind: 'failure', failure: { code: 'agent-not-running', socket } });
  }

  async #cancel(login: string | null): Promise<void> {
    if (login === null) return;
    // A failure does not matter: the connection is closed next, and that cancels as well.
    const agent = { ...this.#agent, timeoutMs: CANCEL_MS };
    await ask(agent, { method: 'DELETE', path: loginPath(login) });
  }

  async #answer(line: LineOf<'confirm'>): Promise<void> {
    const keep = await this.#unlessStopped(this.#view.confirm(line));
    // The outcome of the answer is the next line of the stream.
    const path = loginPath(line.login, '/answer');
    await ask(this.#agent, { method: 'POST', path, body: { keep } });
  }

  /** Ctrl-C answers an open question with no. */
  async #unlessStopped(asked: Promise<boolean>): Promise<boolean> {
    return withAbort(asked, this.#stop, () => false);
  }
}

type Request = Readonly<{ path: string; body: unknown }>;

function isExpiry(error: AgentError): boolean {
  return error.code === 'login-expired';
}

function loginPath(login: string, rest = ''): string {
  return `/v1/logins/${encodeURIComponent(login)}${rest}`;
}
