import type { JSX } from 'preact';
import type {
  LoginSnapshot,
  LoginStateSnapshot,
  NoticeSnapshot,
} from '../../../common/snapshots.ts';
import { hostOf } from '../../../common/urls.ts';
import { AlertIcon, CheckIcon, OutIcon } from '../../components/icons.tsx';
import { Facts } from '../../components/facts.tsx';
import { Notice } from '../../components/notice.tsx';
import { useGoHome, useFocusedHeading } from '../../components/page.tsx';
import { awaitReply, useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';

type StateOf<S extends LoginStateSnapshot['step']> = Extract<LoginStateSnapshot, { step: S }>;

/** Another user signed in than the one typed. */
export function Confirming({
  loginId,
  state,
}: {
  loginId: string;
  state: StateOf<'confirming'>;
}): JSX.Element {
  const app = useApp();
  const answer = (keep: boolean) => (): void =>
    void awaitReply(app, app.keyfob.answerLogin(loginId, keep));
  const { confirm } = texts;
  return (
    <section class="end stack">
      <span class="badge warn large">
        <AlertIcon />
      </span>
      <EndTitle>{confirm.title}</EndTitle>
      <p class="break">{confirm.question(state.expected, state.actual)}</p>
      <p class="faint">{confirm.help}</p>
      <button type="button" class="button primary wide break" onClick={answer(true)}>
        {confirm.keep(state.actual)}
      </button>
      <button type="button" class="button wide" onClick={answer(false)}>
        {confirm.drop}
      </button>
    </section>
  );
}

/** An account was added. */
export function Done({ state }: { state: StateOf<'done'> }): JSX.Element {
  const home = useGoHome();
  const { done } = texts;
  const facts = [
    [done.facts.label, state.label],
    [done.facts.device, state.deviceId],
    [done.facts.server, hostOf(state.homeserver)],
  ] as const;
  return (
    <section class="end stack">
      <span class="badge good large">
        <CheckIcon />
      </span>
      <EndTitle>{done.title}</EndTitle>
      <p class="break">{done.signedIn(state.userId)}</p>
      <Facts facts={facts} card />
      {state.notices.map((notice) => (
        <Notice key={notice.code} notice={notice} />
      ))}
      <button type="button" class="button primary wide" onClick={home}>
        {done.toAccounts}
      </button>
    </section>
  );
}

type FailedProps = Readonly<{ login: LoginSnapshot; failure: NoticeSnapshot }>;

/** The sign-in failed: why, and a button to start again. */
export function Failed({ login, failure }: FailedProps): JSX.Element {
  const { ended } = texts;
  const isExpired = failure.code === 'login-expired';
  return (
    <section class="end stack">
      <span class={isExpired ? 'badge warn large' : 'badge bad large'}>
        <AlertIcon />
      </span>
      <EndTitle>{isExpired ? ended.expired : ended.failed}</EndTitle>
      <p class="break">{failure.message}</p>
      <p class="faint break">{failure.hint}</p>
      <Retry login={login} words={isExpired ? ended.newCode : ended.retry} />
      <code class="failure-code">{failure.code}</code>
    </section>
  );
}

/** The person cancelled. */
export function Cancelled({ login }: { login: LoginSnapshot }): JSX.Element {
  return (
    <section class="end stack">
      <span class="badge off large">
        <OutIcon />
      </span>
      <EndTitle>{texts.ended.cancelled}</EndTitle>
      <Retry login={login} words={texts.ended.newStart} />
    </section>
  );
}

function EndTitle({ children }: { children: string }): JSX.Element {
  return (
    <h2 ref={useFocusedHeading()} tabIndex={-1}>
      {children}
    </h2>
  );
}

function Retry({ login, words }: { login: LoginSnapshot; words: string }): JSX.Element {
  const state = useApp();
  const retry = async (): Promise<void> => {
    const started = await awaitReply(state, state.keyfob.retryLogin(login.id));
    if (started !== null) state.route.value = { view: 'login', loginId: started.value.id };
  };
  return (
    <button type="button" class="button primary wide" onClick={() => void retry()}>
      {words}
    </button>
  );
}
