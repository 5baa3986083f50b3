import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { WindowSnapshot } from '../../../preload/contract.ts';
import type { LoginSnapshot } from '../../../common/snapshots.ts';
import { hasEnded } from '../../../common/login-steps.ts';
import { InspectorIcon } from '../../components/icons.tsx';
import { IconButton, Page, useGoHome } from '../../components/page.tsx';
import { awaitReply, useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';
import { LoginBody } from './login-body.tsx';

/** One sign-in, from the first request to its end. */
export function Login({
  snapshot,
  loginId,
}: {
  snapshot: WindowSnapshot;
  loginId: string;
}): JSX.Element {
  const { route, seenLoginEnds } = useApp();
  const login = snapshot.app.logins.find(({ id }) => id === loginId);
  const isOver = login !== undefined && hasEnded(login.state);
  useEffect(() => {
    if (isOver) seenLoginEnds.value = new Set([...seenLoginEnds.peek(), loginId]);
  }, [isOver]);
  return (
    <Page
      title={login === undefined ? texts.app : texts.login.title(login.typed)}
      onBack={useGoHome()}
      actions={
        <IconButton
          name={texts.login.showExchanges}
          onPress={() => (route.value = { view: 'inspector', loginId })}
        >
          <InspectorIcon />
        </IconButton>
      }
    >
      {login === undefined ? (
        <p class="quiet">{texts.login.gone}</p>
      ) : (
        <div class="stack login">
          <LoginBody login={login} />
          {!hasEnded(login.state) && login.state.step !== 'confirming' && <Cancel login={login} />}
        </div>
      )}
    </Page>
  );
}

function Cancel({ login }: { login: LoginSnapshot }): JSX.Element {
  const state = useApp();
  const home = useGoHome();
  const cancel = async (): Promise<void> => {
    const cancelled = await awaitReply(state, state.keyfob.cancelLogin(login.id));
    if (cancelled !== null) home();
  };
  return (
    <button type="button" class="button subtle centred" onClick={() => void cancel()}>
      {texts.login.cancel}
    </button>
  );
}
