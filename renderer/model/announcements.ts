import { stateText } from '../../common/account-text.ts';
import type { WindowSnapshot } from '../../preload/contract.ts';
import type {
  AccountSnapshot,
  AccountStateSnapshot,
  LoginSnapshot,
  LoginStateSnapshot,
  NoticeSnapshot,
} from '../../common/snapshots.ts';
import { unexpected } from '../../common/result.ts';
import { texts } from '../texts/en.ts';
import { spelledCode } from './user-code.ts';

/**
 * The changes between two snapshots to announce to a screen reader, in sentences. Countdowns and routine
 * refreshes are left out.
 */
export function announcements(before: WindowSnapshot, after: WindowSnapshot): readonly string[] {
  const logins = after.app.logins.flatMap((login) => {
    const known = before.app.logins.find(({ id }) => id === login.id);
    return loginNews(known ?? null, login);
  });
  const accounts = after.app.accounts.flatMap((account) => {
    const known = before.app.accounts.find(({ id }) => id === account.id);
    return known === undefined ? [] : accountNews(known, account, after.app.madeAt);
  });
  const gone = before.app.accounts
    .filter(({ id }) => !after.app.accounts.some((account) => account.id === id))
    .map(({ label }) => texts.news.accountGone(label));
  const said = after.shell.outcomes
    .filter((outcome) => !before.shell.outcomes.some((known) => isSame(known, outcome)))
    .map(({ message, hint }) => `${message} ${hint}`.trim());
  return [...logins, ...accounts, ...gone, ...copiedNews(before, after), ...said];
}

function isSame(one: NoticeSnapshot, other: NoticeSnapshot): boolean {
  return one.code === other.code && one.message === other.message;
}

function loginNews(before: LoginSnapshot | null, { state }: LoginSnapshot): readonly string[] {
  const known = before?.state;
  if (known?.step !== state.step) return [stepNews(state)];
  if (state.step !== 'waiting' || known.step !== 'waiting') return [];
  return known.poll.state === state.poll.state ? [] : [texts.wait.poll[state.poll.state]];
}

function stepNews(state: LoginStateSnapshot): string {
  switch (state.step) {
    case 'discovering':
      return texts.news.step(1, texts.steps.discover);
    case 'registering':
      return texts.news.step(2, texts.steps.register);
    case 'requesting-code':
      return texts.news.step(3, texts.steps.ask);
    case 'waiting':
      return texts.news.code(spelledCode(state.userCode));
    case 'verifying':
      return texts.news.step(5, texts.steps.use);
    case 'confirming':
      return texts.confirm.question(state.expected, state.actual);
    case 'done':
      return texts.done.signedIn(state.userId);
    case 'failed':
      return `${state.failure.message} ${state.failure.hint}`;
    case 'cancelled':
      return texts.ended.cancelled;
    default:
      return unexpected(state);
  }
}

function accountNews(
  before: AccountSnapshot,
  { label, state }: AccountSnapshot,
  now: number,
): readonly string[] {
  const isNews = before.state.kind !== state.kind && !(isRoutine(before.state) && isRoutine(state));
  return isNews ? [texts.news.account(label, stateText(state, now))] : [];
}

function isRoutine({ kind }: AccountStateSnapshot): boolean {
  return kind === 'active' || kind === 'refreshing';
}

function copiedNews(before: WindowSnapshot, after: WindowSnapshot): readonly string[] {
  const [was, is] = [before.shell.copied, after.shell.copied];
  if (was?.what === is?.what && was?.clearsAt === is?.clearsAt) return [];
  return [is === null ? texts.copied.cleared : texts.copied.onClipboard(is.what)];
}
