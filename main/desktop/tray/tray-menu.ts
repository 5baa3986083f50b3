import type { CopyFormat } from '../../../preload/contract.ts';
import type { AccountSnapshot, AppSnapshot, LoginSnapshot } from '../../../common/snapshots.ts';
import { canHandOut, localMoment, stateText } from '../../../common/account-text.ts';
import { trayTooltip } from './tray-state.ts';

/** What choosing an entry does. */
export type MenuAction = Readonly<
  | { do: 'copy'; accountId: string; format: CopyFormat }
  | { do: AccountAct; accountId: string }
  | { do: 'open-link' | 'cancel-login'; loginId: string }
  | { do: 'show'; view: View }
  | { do: 'quit' }
>;

type AccountAct = 'refresh' | 'open-page' | 'sign-in' | 'sign-out' | 'forget';

/** What the window can be opened at. */
export type View = 'accounts' | 'add' | 'settings' | `login/${string}`;

/** One entry of the menu, as data. `id` is stable, so that a test and a restored menu find it again. */
export type MenuEntry = Readonly<
  | { kind: 'separator' }
  | { kind: 'text'; id: string; label: string }
  | { kind: 'action'; id: string; label: string; action: MenuAction }
  | { kind: 'submenu'; id: string; label: string; entries: readonly MenuEntry[] }
>;

const FORMATS: readonly (readonly [CopyFormat, string])[] = [
  ['token', 'Copy token'],
  ['header', 'Copy as header'],
  ['env', 'Copy as environment variables'],
  ['curl', 'Copy as curl command'],
  ['json', 'Copy as JSON'],
];

/** The whole menu: everything that can be done with Keyfob is in it. */
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

/** Only logins that a person can move on: the code itself stays out of the menu. */
function loginEntry({ id: loginId, typed, state }: LoginSnapshot): readonly MenuEntry[] {
  const id = `login:${loginId}`;
  const name = menuText(typed);
  if (state.step === 'confirming')
    return [show(id, `Sign-in at ${name} asks you…`, `login/${loginId}`)];
  if (state.step !== 'waiting') return [];
  const entries: readonly MenuEntry[] = [
    {
      kind: 'action',
      id: `${id}:open`,
      label: 'Copy the code and open the page',
      action: { do: 'open-link', loginId },
    },
    show(`${id}:show`, 'Show the code', `login/${loginId}`),
    {
      kind: 'action',
      id: `${id}:cancel`,
      label: 'Cancel this sign-in',
      action: { do: 'cancel-login', loginId },
    },
  ];
  return [{ kind: 'submenu', id, label: `Signing in at ${name}`, entries }];
}

function accountEntry(account: AccountSnapshot, now: number): MenuEntry {
  const { id: accountId, label, userId } = account;
  const id = `account:${accountId}`;
  const words: MenuEntry = {
    kind: 'text',
    id: `${id}:state`,
    label: menuText(`${userId ?? 'Not known yet'}: ${menuState(account, now)}`),
  };
  return { kind: 'submenu', id, label: menuText(label), entries: [words, ...offers(account)] };
}

/** What can be done with an account. */
function offers(account: AccountSnapshot): readonly MenuEntry[] {
  const { id: accountId, label, state } = account;
  const id = `account:${accountId}`;
  const act = (what: AccountAct, words: string): MenuEntry => {
    return { kind: 'action', id: `${id}:${what}`, label: words, action: { do: what, accountId } };
  };
  // One step more: a slip of the hand must not end a session that tools depend on.
  const sure = (what: AccountAct, words: string, yes: string): MenuEntry => {
    return { kind: 'submenu', id: `${id}:end`, label: words, entries: [act(what, yes)] };
  };
  const page = account.accountPage === null ? [] : [act('open-page', 'Manage this account…')];
  const name = menuText(label);
  switch (state.kind) {
    case 'signed-out':
      return [act('sign-in', 'Sign in again'), ...page, act('sign-out', 'Remove from the list')];
    case 'signing-out': {
      const risk = state.revoked
        ? 'without the proof'
        : 'although the session may live on at the server';
      return [...page, sure('forget', 'Forget anyway', `Yes, forget ${name}, ${risk}`)];
    }
    default: {
      const tokens = canHandOut(state) ? tokenOffers(account) : [];
      return [...tokens, ...page, sure('sign-out', 'Sign out', `Yes, sign out ${name}`)];
    }
  }
}

/** The token in every form, and a new one. */
function tokenOffers({ id: accountId }: AccountSnapshot): readonly MenuEntry[] {
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
      label: 'Get a new token now',
      action: { do: 'refresh', accountId },
    },
  ];
}

/**
 * A menu is drawn once for each change, and the end of a token that nobody renews is none. So it says
 * moments, as a countdown in it would stand still, and what comes after them.
 */
function menuState({ policy, state }: AccountSnapshot, now: number): string {
  switch (state.kind) {
    case 'active': {
      const { expiresAt, heldBy } = state;
      const isHeld = heldBy.some(({ untilAt }) => untilAt === null || untilAt > now);
      if (expiresAt === null || expiresAt <= now || isHeld) return stateText(state, now);
      const until = `Fresh until ${localMoment(expiresAt, now)}`;
      return policy === 'keep-fresh' ? until : `${until}, then renewed on demand`;
    }
    case 'retrying':
      return 'The server cannot be reached, trying again';
    case 'locked':
      return 'Locked by the server';
    case 'signing-out':
      return 'Signing out';
    default:
      return stateText(state, now);
  }
}

/** An ampersand marks the next letter as a key in menus, unless it is doubled. */
function menuText(text: string): string {
  return text.replaceAll('&', '&&');
}
