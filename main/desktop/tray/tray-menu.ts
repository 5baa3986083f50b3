import type { CopyFormat } from '../../../preload/contract.ts';
import type { AccountSnapshot, AppSnapshot, LoginSnapshot } from '../../../common/snapshots.ts';
import {
  canHandOut,
  failureText,
  isPostponed,
  lastFailureText,
  localMoment,
  stateText,
} from '../../../common/account-text.ts';
import { trayTooltip } from './tray-state.ts';

/** What choosing a menu entry does. */
export type MenuAction = Readonly<
  | { do: 'copy'; accountId: string; format: CopyFormat }
  | { do: AccountAct; accountId: string }
  | { do: 'open-link' | 'cancel-login'; loginId: string }
  | { do: 'show'; view: View }
  | { do: 'quit' }
>;

type AccountAct = 'refresh' | 'open-page' | 'sign-in' | 'sign-out' | 'forget';

/** A view the window can be opened at. */
export type View = 'accounts' | 'add' | 'settings' | `login/${string}`;

/** One menu entry, as data. `id` is stable across redraws. */
export type MenuEntry = Readonly<
  | { kind: 'separator' }
  | { kind: 'text'; id: string; label: string }
  | { kind: 'action'; id: string; label: string; action: MenuAction }
  | { kind: 'submenu'; id: string; label: string; entries: readonly MenuEntry[] }
>;

const FORMATS: readonly (readonly [CopyFormat, string])[] = [
  ['token', 'Copy token'],
  ['header', 'Copy Authorization header'],
  ['env', 'Copy environment variables'],
  ['curl', 'Copy curl command'],
  ['json', 'Copy JSON'],
];

/** The whole menu. It offers every action of the app. */
export function trayMenu(app: AppSnapshot): readonly MenuEntry[] {
  const text = trayTooltip(app).replace(/^Keyfob: /, '');
  return [
    { kind: 'text', id: 'status', label: text.charAt(0).toUpperCase() + text.slice(1) },
    { kind: 'separator' },
    ...app.logins.flatMap(loginEntry),
    ...app.accounts.map((account) => accountEntry(account, app.madeAt)),
    { kind: 'separator' },
    show('add', 'Add account…', 'add'),
    show('settings', 'Settings…', 'settings'),
    show('open', 'Open Keyfob', 'accounts'),
    { kind: 'separator' },
    { kind: 'action', id: 'quit', label: 'Quit Keyfob', action: { do: 'quit' } },
  ];
}

function show(id: string, label: string, view: View): MenuEntry {
  return { kind: 'action', id, label, action: { do: 'show', view } };
}

/** Only logins that wait for the person. The code itself is never in the menu. */
function loginEntry({ id: loginId, typed, state }: LoginSnapshot): readonly MenuEntry[] {
  const id = `login:${loginId}`;
  const name = menuText(typed);
  if (state.step === 'confirming')
    return [show(id, `Sign-in to ${name}: your decision…`, `login/${loginId}`)];
  if (state.step !== 'waiting') return [];
  const entries: readonly MenuEntry[] = [
    {
      kind: 'action',
      id: `${id}:open`,
      label: 'Copy code and open page',
      action: { do: 'open-link', loginId },
    },
    show(`${id}:show`, 'Show code', `login/${loginId}`),
    {
      kind: 'action',
      id: `${id}:cancel`,
      label: 'Cancel sign-in',
      action: { do: 'cancel-login', loginId },
    },
  ];
  return [{ kind: 'submenu', id, label: `Sign-in to ${name}`, entries }];
}

function accountEntry(account: AccountSnapshot, now: number): MenuEntry {
  const { id: accountId, label, userId } = account;
  const id = `account:${accountId}`;
  const words: MenuEntry = {
    kind: 'text',
    id: `${id}:state`,
    label: menuText(`${userId ?? 'Not yet known'}: ${menuState(account, now)}`),
  };
  return {
    kind: 'submenu',
    id,
    label: menuText(label),
    entries: [words, ...accountActions(account)],
  };
}

/** The actions an account offers in its state. */
function accountActions(account: AccountSnapshot): readonly MenuEntry[] {
  const { id: accountId, label, state } = account;
  const id = `account:${accountId}`;
  const act = (what: AccountAct, words: string): MenuEntry => {
    return { kind: 'action', id: `${id}:${what}`, label: words, action: { do: what, accountId } };
  };
  // In a submenu, so that a slip of the mouse doesn't end a session that tools depend on.
  const confirmed = (what: AccountAct, words: string, yes: string): MenuEntry => {
    return { kind: 'submenu', id: `${id}:end`, label: words, entries: [act(what, yes)] };
  };
  const page = account.accountPage === null ? [] : [act('open-page', 'Open account page')];
  const name = menuText(label);
  switch (state.kind) {
    case 'signed-out':
      return [act('sign-in', 'Sign in again'), ...page, act('sign-out', 'Remove')];
    case 'signing-out': {
      const risk = state.revoked
        ? 'without verification'
        : 'even if its session stays active on the server';
      return [...page, confirmed('forget', 'Forget anyway', `Yes, forget ${name}, ${risk}`)];
    }
    default: {
      const tokens = canHandOut(state) ? tokenActions(account) : [];
      return [...tokens, ...page, confirmed('sign-out', 'Sign out', `Yes, sign out ${name}`)];
    }
  }
}

/** Copying the token in every format, and refreshing it. */
function tokenActions({ id: accountId }: AccountSnapshot): readonly MenuEntry[] {
  const id = `account:${accountId}`;
  return [
    { kind: 'separator' },
    ...FORMATS.map(([format, label]): MenuEntry => {
      const action: MenuAction = { do: 'copy', accountId, format };
      return { kind: 'action', id: `${id}:copy:${format}`, label, action };
    }),
    { kind: 'separator' },
    {
      kind: 'action',
      id: `${id}:refresh`,
      label: 'Refresh now',
      action: { do: 'refresh', accountId },
    },
  ];
}

/**
 * An account's state for the menu. The menu isn't redrawn when time passes, so it names points in time, not
 * countdowns, and what follows them.
 */
function menuState({ policy, state }: AccountSnapshot, now: number): string {
  switch (state.kind) {
    case 'active': {
      const { expiresAt, heldBy } = state;
      const isHeld = heldBy.some(({ untilAt }) => untilAt === null || untilAt > now);
      if (expiresAt === null || expiresAt <= now || isHeld) return stateText(state, now);
      const until = `Valid until ${localMoment(expiresAt, now)}`;
      return policy === 'keep-fresh' ? until : `${until}, then renews on next use`;
    }
    case 'retrying': {
      if (state.expiresAt === null || !isPostponed(state, now))
        return `${failureText(state)}, retrying`;
      return `Valid until ${localMoment(state.expiresAt, now)}${lastFailureText(state)}`;
    }
    case 'locked':
      return 'Locked by the server';
    case 'signing-out':
      return 'Signing out';
    default:
      return stateText(state, now);
  }
}

/** In menu labels an ampersand marks the access key, unless it is doubled. */
function menuText(text: string): string {
  return text.replaceAll('&', '&&');
}
