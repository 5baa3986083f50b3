import type { Reply } from '../../../preload/contract.ts';
import * as accounts from '../account-requests.ts';
import type { Desktop } from '../desktop.ts';
import * as logins from '../login-requests.ts';
import type { MenuAction, View } from './tray-menu.ts';

/**
 * Does what a menu entry says, by the same ways as the window. What did not work is said in the window,
 * as a menu cannot: it is shown for that.
 */
export async function perform(desktop: Desktop, action: MenuAction): Promise<void> {
  const { engine, ports } = desktop;
  switch (action.do) {
    case 'copy':
      return tell(desktop, accounts.copyToken(desktop, action.accountId, action.format));
    case 'refresh':
      return tell(desktop, accounts.refreshAccount(desktop, action.accountId));
    case 'open-page':
      return tell(desktop, accounts.openAccountPage(desktop, action.accountId));
    case 'sign-in': {
      const started = await accounts.signInAgain(desktop, action.accountId);
      if (started.ok) ports.showWindow(`login/${started.value.id}`);
      return tell(desktop, started);
    }
    case 'sign-out':
      return signOut(desktop, action.accountId, false);
    case 'forget':
      return signOut(desktop, action.accountId, true);
    case 'open-link':
      return tell(desktop, logins.openLink(desktop, action.loginId), `login/${action.loginId}`);
    case 'cancel-login':
      return tell(desktop, logins.doneOf(engine.cancelLogin(action.loginId)));
    case 'show':
      ports.showWindow(action.view);
      return;
    case 'quit':
      ports.quit();
  }
}

/** Ends a session, and shows what is proven. */
async function signOut(desktop: Desktop, accountId: string, forget: boolean): Promise<void> {
  const account = desktop.app.accounts.find(({ id }) => id === accountId);
  const ended = await accounts.signOut(desktop, accountId, forget);
  await tell(desktop, ended);
  // Where there was no session left, the account only goes from the list: that says enough.
  if (!ended.ok || account === undefined || account.state.kind === 'signed-out') return;
  const { isOver, proof } = ended.value;
  const message = `${account.label}: ${proof}`;
  desktop.say({ code: 'sign-out-result', message, hint: '', tone: isOver ? 'good' : 'warn' });
  desktop.ports.showWindow('accounts');
}

/** @param view where the person gets on when it did not work */
async function tell(
  desktop: Desktop,
  reply: Reply<unknown> | Promise<Reply<unknown>>,
  view: View = 'accounts',
): Promise<void> {
  const told = await reply;
  desktop.say(told.ok ? null : { ...told.failure, tone: 'bad' });
  if (!told.ok) desktop.ports.showWindow(view);
}
