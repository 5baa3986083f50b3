import type { JSX } from 'preact';
import type { WindowSnapshot } from '../../../preload/contract.ts';
import type { LoginSnapshot } from '../../../common/snapshots.ts';
import { hasEnded } from '../../../common/login-steps.ts';
import { STEPS, stepsOf } from '../../model/steps.ts';
import { AlertIcon, ForwardIcon, PlusIcon, TurningIcon } from '../../components/icons.tsx';
import { Page } from '../../components/page.tsx';
import { useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';
import { AccountCard } from './account-card.tsx';
import { MainActions } from './main-actions.tsx';
import { Notices } from '../notices.tsx';

/** The first view: every account with its state, and the sign-ins in progress. */
export function Accounts({ snapshot }: { snapshot: WindowSnapshot }): JSX.Element {
  const { route, seenLoginEnds } = useApp();
  const { accounts, logins } = snapshot.app;
  const news = logins.filter(
    ({ id, state }) =>
      !hasEnded(state) || (state.step === 'failed' && !seenLoginEnds.value.has(id)),
  );
  return (
    <Page title={texts.accounts.title} actions={<MainActions />}>
      <div class="stack">
        <Notices snapshot={snapshot} />
        {news.length > 0 && (
          <ul class="stack list" aria-label={texts.accounts.signInsRunning}>
            {news.map((login) => (
              <li key={login.id}>
                <LoginRow login={login} />
              </li>
            ))}
          </ul>
        )}
        {accounts.length === 0 ? (
          <p class="quiet">{texts.accounts.none}</p>
        ) : (
          <ul class="stack list" aria-label={texts.accounts.title}>
            {accounts.map((account) => (
              <li key={account.id}>
                <AccountCard account={account} />
              </li>
            ))}
          </ul>
        )}
        <button type="button" class="button add" onClick={() => (route.value = { view: 'add' })}>
          <PlusIcon />
          {texts.nav.add}
        </button>
      </div>
    </Page>
  );
}

function LoginRow({ login }: { login: LoginSnapshot }): JSX.Element {
  const { route } = useApp();
  const { step } = login.state;
  const tone = step === 'failed' ? 'bad' : step === 'confirming' ? 'warn' : 'calm';
  return (
    <button
      type="button"
      class="card login-row"
      onClick={() => (route.value = { view: 'login', loginId: login.id })}
    >
      <span class={`badge ${tone}`}>{tone === 'calm' ? <TurningIcon /> : <AlertIcon />}</span>
      <span class="grow">
        <strong>{texts.accounts.signInRow(login.typed)}</strong>
        <span class="faint">{loginWords(login)}</span>
      </span>
      <ForwardIcon />
    </button>
  );
}

function loginWords({ state }: LoginSnapshot): string {
  if (state.step === 'failed') return state.failure.message;
  if (state.step === 'confirming') return texts.confirm.asks;
  if (state.step === 'waiting') return texts.wait.poll[state.poll.state];
  const at = stepsOf(state)?.indexOf('now') ?? -1;
  const name = STEPS[at];
  return name === undefined ? '' : texts.stepOf(at + 1, texts.steps[name]);
}
