import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { WindowSnapshot } from '../../preload/contract.ts';
import { unexpected } from '../../common/result.ts';
import type { Route } from '../model/route.ts';
import type { AppState } from '../state.ts';
import { useApp } from '../state.ts';
import { texts } from '../texts/en.ts';
import { Accounts } from './accounts/accounts.tsx';
import { StatusBar } from './status-bar.tsx';
import { Inspector } from './inspector/inspector.tsx';
import { Login } from './login/login.tsx';
import { Settings } from './settings/settings.tsx';
import { SignInForm } from './login/sign-in-form.tsx';
import { Welcome } from './accounts/welcome.tsx';

/** The whole window. */
export function App(): JSX.Element {
  const state = useApp();
  const snapshot = state.snapshot.value;
  const route = state.route.value;
  const { words, turn } = state.spoken.value;
  useEscape(state);
  return (
    <>
      <p class="unseen" role="status">
        <span key={turn}>{words}</span>
      </p>
      {snapshot === null ? (
        <main class="page quiet">{texts.starting}</main>
      ) : (
        <>
          <View key={keyOf(route)} route={route} snapshot={snapshot} />
          <StatusBar snapshot={snapshot} />
        </>
      )}
    </>
  );
}

function View({ route, snapshot }: { route: Route; snapshot: WindowSnapshot }): JSX.Element {
  switch (route.view) {
    case 'accounts':
      return isFirstRun(snapshot) ? (
        <Welcome snapshot={snapshot} />
      ) : (
        <Accounts snapshot={snapshot} />
      );
    case 'add':
      return <SignInForm />;
    case 'login':
      return <Login snapshot={snapshot} loginId={route.loginId} />;
    case 'settings':
      return <Settings snapshot={snapshot} />;
    case 'inspector':
      return <Inspector snapshot={snapshot} loginId={route.loginId} />;
    default:
      return unexpected(route);
  }
}

function isFirstRun({ app }: WindowSnapshot): boolean {
  return app.accounts.length === 0 && app.logins.length === 0;
}

function keyOf(route: Route): string {
  return 'loginId' in route ? `${route.view} ${route.loginId ?? ''}` : route.view;
}

/** Escape goes back to the accounts, and from there hides the window. An open popover handles it first. */
function useEscape({ route, snapshot, keyfob }: AppState): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector(':popover-open') !== null) return;
      if (route.value.view !== 'accounts') route.value = { view: 'accounts' };
      else if (snapshot.value?.shell.tray === true) keyfob.hideWindow().catch(reportError);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
