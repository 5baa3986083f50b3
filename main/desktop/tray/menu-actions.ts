import type { Reply } from '../../../preload/contract.ts';
import * as accounts from '../account-requests.ts';
import type { Desktop } from '../desktop.ts';
import * as logins from '../login-requests.ts';
import type { MenuAction, View } from './tray-menu.ts';

/**
 * Performs a menu action, through the same requests as the window. A failure opens the window, which shows
 * it: a menu can't.
 */
export async function performAction(desktop: Desktop, action: MenuAction): Promise<void> {
  const { engine, ports } = desktop;
  switch (action.do) {
    case 'copy':
      return showFailure(desktop, accounts.copyToken(desktop, action.accountId, action.format));
    case 'refresh':
      return showFailure(desktop, accounts.refreshAccount(desktop, action.accountId));
    case 'open-page':
      return showFailure(desktop, accounts.openAccountPage(desktop, action.accountId));
    case 'sign-in': {
      const started = await accounts.signInAgain(desktop, action.accountId);
      if (started.ok) ports.showWindow(`login/${started.value.id}`);
      return showFailure(desktop, started);
    }
    case 'sign-out':
      return signOut(desktop, action.accountId, false);
    case 'forget':
      return signOut(desktop, action.accountId, true);
    case 'open-link':
      return showFailure(
        desktop,
        logins.openLink(desktop, action.loginId),
        `login/${action.loginId}`,
      );
    case 'cancel-login':
      return showFailure(desktop, logins.doneOf(engine.cancelLogin(action.loginId)));
    case 'show':
      ports.showWindow(action.view);
      return;
    case 'quit':
      ports.quit();
  }
}

/** Ends a session, and shows in the window whether the end is verified. */
async function signOut(desktop: Desktop, accountId: string, forget: boolean): Promise<void> {
  const account = desktop.app.accounts.find(({ id }) => id === accountId);
  const ended = await accounts.signOut(desktop, accountId, forget);
  await showFailure(desktop, ended);
  // Without a session left, the account only disappears from the list; no outcome is needed.
  if (!ended.ok || account === undefined || account.state.kind === 'signed-out') return;
  const { isOver, proof } = ended.value;
  const message = `${account.label}: ${proof}`;
  desktop.showOutcome({
    code: 'sign-out-result',
    message,
    hint: '',
    tone: isOver ? 'good' : 'warn',
  });
  desktop.ports.showWindow('accounts');
}

/** @param view where the window opens after a failure */
async function showFailure(
  desktop: Desktop,
  reply: Reply<unknown> | Promise<Reply<unknown>>,
  view: View = 'accounts',
): Promise<void> {
  const told = await reply;
  desktop.showOutcome(told.ok ? null : { ...told.failure, tone: 'bad' });
  if (!told.ok) desktop.ports.showWindow(view);
}
