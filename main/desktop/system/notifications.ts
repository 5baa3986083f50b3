import type { AppSnapshot } from '../../../common/snapshots.ts';
import { refreshFailureText } from '../../../common/refresh-failure-text.ts';
import type { View } from '../tray/tray-menu.ts';
import { needsPerson } from '../tray/tray-state.ts';

/** Something that a person must hear of, because nothing goes on without them. Never holds a code or a token. */
export type Alert = Readonly<{
  key: string;
  title: string;
  body: string;
  /** Where the person can do something about it. */
  view: View;
}>;

/** Everything that waits for a person in a picture of everything. */
export function alertsOf({ accounts, logins, madeAt }: AppSnapshot): readonly Alert[] {
  const view = 'accounts';
  const ofAccounts = accounts.flatMap(({ id, label, state }): Alert[] => {
    if (state.kind === 'signed-out' && state.why === 'unconfirmed') {
      const body = `The server did not end the session of ${label}. End it on the account page.`;
      return [{ key: `signed-out:${id}`, title: 'Not signed out at the server', body, view }];
    }
    if (state.kind === 'signed-out' && state.why !== 'by-user') {
      const body = `The server ended the session of ${label}. Sign in again to go on using it.`;
      return [{ key: `signed-out:${id}`, title: 'Signed out by the server', body, view }];
    }
    if (state.kind === 'unsaved') {
      const body = `New tokens of ${label} cannot be saved. ${state.notice.hint}`;
      return [{ key: `unsaved:${id}`, title: 'Keyfob cannot save', body, view }];
    }
    if (state.kind === 'retrying' && needsPerson(state, madeAt)) {
      const { code, hint } = state.notice;
      const body = `The token of ${label} can't be refreshed: ${refreshFailureText(code)}. ${hint}`;
      return [{ key: `retrying:${id}`, title: 'Keyfob cannot refresh', body, view }];
    }
    if (state.kind === 'locked') {
      const body = `The server has locked ${label}. Ask whoever runs the server.`;
      return [{ key: `locked:${id}`, title: 'Account locked', body, view }];
    }
    return [];
  });
  const ofLogins = logins.flatMap(({ id, state }): Alert[] => {
    if (state.step !== 'confirming') return [];
    const body = `${state.actual} signed in, not ${state.expected}. Decide whether to keep the session.`;
    return [
      { key: `confirming:${id}`, title: 'Somebody else signed in', body, view: `login/${id}` },
    ];
  });
  return [...ofAccounts, ...ofLogins];
}

/** What to show and what to take back. */
export type AlertChange = Readonly<{ show: readonly Alert[]; withdraw: readonly string[] }>;

/**
 * Says each thing once, and takes it back when it is solved. What was so already at the start was seen
 * before: the window tells of it, no notification does. A retry under way solves nothing yet.
 */
export class AlertTracker {
  #said: ReadonlySet<string>;

  constructor(first: AppSnapshot) {
    this.#said = new Set(alertsOf(first).map(({ key }) => key));
  }

  /** @param wanted whether the person wants notifications; what comes meanwhile is not made up for later */
  next(app: AppSnapshot, wanted: boolean): AlertChange {
    const alerts = alertsOf(app);
    const retried = app.accounts.filter(({ state }) => state.kind === 'refreshing');
    const open = retried.map(({ id }) => `retrying:${id}`).filter((key) => this.#said.has(key));
    const keys = new Set([...alerts.map(({ key }) => key), ...open]);
    const fresh = alerts.filter(({ key }) => !this.#said.has(key));
    const withdraw = [...this.#said].filter((key) => !keys.has(key));
    this.#said = keys;
    return { show: wanted ? fresh : [], withdraw };
  }
}
