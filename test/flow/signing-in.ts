import { FINAL_STEPS } from '../../common/login-steps.ts';
import type { LoginStateSnapshot } from '../../common/snapshots.ts';
import type { Row } from './row.ts';
import { saw } from './row.ts';
import type { Stage } from './stage.ts';

/** The result of a sign-in: here, and on the server. */
export type SignInResult = Readonly<{
  /** `done` with its notices, `failed` with its code, `confirming`, `cancelled`. */
  login: string;
  /** Accounts here: label and state. */
  accounts: readonly string[];
  /** Sessions on the server. */
  sessions: readonly ('alive' | 'ended')[];
  saw: string;
}>;

const STARTED = Date.UTC(2026, 0, 1);
const OVER: readonly LoginStateSnapshot['step'][] = [...FINAL_STEPS, 'confirming'];

/** The requests up to the code. */
export const upToCode = 'well-known versions auth-metadata registration device-authorization';

/** The user signs in as alice and approves before the second poll. */
export const signIn: Row['live'] = async (stage) => {
  stage.server.autoApprove('alice', { afterPolls: 1 });
  return resultOf(stage, await signInAs(stage));
};

/** {@link signIn} where it succeeds. */
export function signedIn(metadata = 'auth-metadata registration'): SignInResult {
  return {
    login: 'done',
    accounts: ['alice active'],
    sessions: ['alive'],
    saw: `well-known versions ${metadata} device-authorization token×2 whoami profile`,
  };
}

/** {@link signIn}, and the message of its failure. `HOST` stands for the server's address. */
export const signInAndHear: Row['live'] = async (stage) => {
  stage.server.autoApprove('alice', { afterPolls: 1 });
  const login = await signInAs(stage);
  const state = stage.loginState(login);
  const says = state.step === 'failed' ? state.failure.message : '';
  return { ...resultOf(stage, login), says: withoutPort(stage, says) };
};

/** {@link signInAndHear} where it fails before the user could approve. */
export function refused(code: string, saw: string, says: string): SignInResult & { says: string } {
  return { login: `failed ${code}`, accounts: [], sessions: [], saw, says };
}

/** A code as the user sees it, and the times of the polls, in seconds. */
export type ShownCode = Readonly<{
  code: string;
  link: string;
  complete: string | null;
  livesS: number;
  askedAtS: readonly number[];
}>;

/** {@link signIn}, observed while the code is shown. */
export const codeShown: Row['live'] = async (stage) => {
  const { server } = stage;
  server.autoApprove('alice', { afterPolls: 1 });
  const login = await stage.login();
  const code = () => stage.loginState(login);
  await stage.wind(() => code().step === 'waiting', 'a code');
  const shown = code();
  if (shown.step !== 'waiting') throw new Error(`No code, but ${shown.step}`);
  await stage.wind(() => OVER.includes(code().step), 'the end of the login');
  const link = shown.verificationUriComplete;
  return {
    code: shown.userCode,
    link: withoutPort(stage, shown.verificationUri),
    complete: link === null ? null : withoutPort(stage, link),
    livesS: (shown.expiresAt - STARTED) / 1_000,
    askedAtS: askedAtS(stage),
  } satisfies ShownCode;
};

/** How a wait went: what the user saw, and the times of the polls, in seconds. */
export type WaitResult = Readonly<{
  login: string;
  waits: readonly string[];
  askedAtS: readonly number[];
  sessions: readonly ('alive' | 'ended')[];
  /** Whether the user was told that a response was lost, so that a session may exist anyway. */
  lost: boolean;
}>;

/** A wait in which the user approves after this many polls that reached the server; null: never. */
export function waiting(afterPolls: number | null): Row['live'] {
  return async (stage) => {
    if (afterPolls !== null) stage.server.autoApprove('alice', { afterPolls });
    const waits = new Set<string>();
    const stop = stage.engine.subscribe(({ logins }) => {
      for (const { state } of logins) if (state.step === 'waiting') waits.add(state.poll.state);
    });
    const id = await signInAs(stage);
    stop();
    const { login, sessions } = resultOf(stage, id);
    const state = stage.loginState(id);
    const lost = state.step === 'failed' && state.failure.hint.includes('A response was lost');
    const result = { login, waits: [...waits], askedAtS: askedAtS(stage), sessions, lost };
    return result satisfies WaitResult;
  };
}

/** Starts a login and advances time until it ends or asks a question. Gives its ID. */
export async function signInAs(stage: Stage, typed?: string, label?: string): Promise<string> {
  const id = await stage.login(typed, label);
  await stage.wind(() => OVER.includes(stage.loginState(id).step), 'the end of the login');
  return id;
}

/** The result of a finished login. */
export function resultOf(stage: Stage, login: string): SignInResult {
  return {
    login: wordsOf(stage.loginState(login)),
    accounts: accountsOf(stage),
    sessions: sessionsOf(stage),
    saw: saw(stage),
  };
}

/** The accounts here: label and state. */
export function accountsOf({ snapshot }: Stage): readonly string[] {
  return snapshot.accounts.map(({ label, state }) => {
    const why = state.kind === 'signed-out' ? ` ${state.why}` : '';
    return `${label} ${state.kind}${why}`;
  });
}

/** The sessions on the server. */
export function sessionsOf({ server }: Stage): SignInResult['sessions'] {
  return server.sessions().map(({ alive }) => (alive ? 'alive' : 'ended'));
}

function askedAtS({ server }: Stage): readonly number[] {
  const polls = server.requests.filter(({ step }) => step === 'token');
  return polls.map(({ at }) => (at - STARTED) / 1_000);
}

function wordsOf(state: LoginStateSnapshot): string {
  if (state.step === 'failed') return `failed ${state.failure.code}`;
  if (state.step !== 'done') return state.step;
  return ['done', ...state.notices.map(({ code }) => code)].join(' ');
}

function withoutPort({ server }: Stage, text: string): string {
  return text.replaceAll(new URL(server.baseUrl).host, 'HOST');
}
