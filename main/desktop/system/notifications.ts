import type { AppSnapshot } from '../../../common/snapshots.ts';
import { refreshFailureText } from '../../../common/refresh-failure-text.ts';
import type { View } from '../tray/tray-menu.ts';
import { needsAttention } from '../tray/tray-state.ts';

/** A state that needs the person's action. Never contains a code or a token. */
export type Alert = Readonly<{
  key: string;
  title: string;
  body: string;
  /** The view where the person can act on it. */
  view: View;
}>;

/** Everything in a snapshot that needs the person. */
export function alertsOf({ accounts, logins, madeAt }: AppSnapshot): readonly Alert[] {
  const view = 'accounts';
  const ofAccounts = accounts.flatMap(({ id, label, state }): Alert[] => {
    if (state.kind === 'signed-out' && state.why === 'unconfirmed') {
      const body = `The server didn't end the session of ${label}. End it on the account page.`;
      return [{ key: `signed-out:${id}`, title: 'Session still active', body, view }];
    }
    if (state.kind === 'signed-out' && state.why !== 'by-user') {
      const body = `The server ended the session of ${label}. Sign in again to keep using it.`;
      return [{ key: `signed-out:${id}`, title: 'Signed out by the server', body, view }];
    }
    if (state.kind === 'unsaved') {
      const body = `Keyfob can't save the new tokens for ${label}. ${state.notice.hint}`;
      return [{ key: `unsaved:${id}`, title: "Can't save tokens", body, view }];
    }
    if (state.kind === 'retrying' && needsAttention(state, madeAt)) {
      const { code, hint } = state.notice;
      const body = `Keyfob can't refresh the token for ${label}: ${refreshFailureText(code)}. ${hint}`;
      return [{ key: `retrying:${id}`, title: "Can't refresh a token", body, view }];
    }
    if (state.kind === 'locked') {
      const body = `The server locked ${label}. Ask your server admin.`;
      return [{ key: `locked:${id}`, title: 'Account locked', body, view }];
    }
    return [];
  });
  const ofLogins = logins.flatMap(({ id, state }): Alert[] => {
    if (state.step !== 'confirming') return [];
    const body = `${state.actual} signed in, not ${state.expected}. Decide whether to keep the session.`;
    return [
      { key: `confirming:${id}`, title: 'Someone else signed in', body, view: `login/${id}` },
    ];
  });
  return [...ofAccounts, ...ofLogins];
}

/** The alerts to show, and the keys of those to withdraw. */
export type AlertChange = Readonly<{ show: readonly Alert[]; withdraw: readonly string[] }>;

/**
 * Reports each alert once, and withdraws it when it is resolved. Alerts that exist at the start are not
 * reported: the window shows them. A retry in progress resolves nothing yet.
 */
export class AlertTracker {
  #reported: ReadonlySet<string>;

  constructor(first: AppSnapshot) {
    this.#reported = new Set(alertsOf(first).map(({ key }) => key));
  }

  /** @param wanted whether notifications are on; alerts that appear while they are off aren't shown later */
  next(app: AppSnapshot, wanted: boolean): AlertChange {
    const alerts = alertsOf(app);
    const retried = app.accounts.filter(({ state }) => state.kind === 'refreshing');
    const open = retried.map(({ id }) => `retrying:${id}`).filter((key) => this.#reported.has(key));
    const keys = new Set([...alerts.map(({ key }) => key), ...open]);
    const fresh = alerts.filter(({ key }) => !this.#reported.has(key));
    const withdraw = [...this.#reported].filter((key) => !keys.has(key));
    this.#reported = keys;
    return { show: wanted ? fresh : [], withdraw };
  }
}
