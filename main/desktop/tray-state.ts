import type { AccountStateSnapshot, AppSnapshot } from '../../preload/contract.ts';

/**
 * What the tray icon says, by its shape. The most urgent one wins:
 * `attention` a person must act; `waiting` a sign-in waits for approval; `offline` nobody can be
 * reached; `fresh` all is well; `empty` nobody is signed in.
 */
export type TrayState = 'attention' | 'waiting' | 'offline' | 'fresh' | 'empty';

/** Every state, for whoever draws them all. */
export const TRAY_STATES: readonly TrayState[] = [
  'attention',
  'waiting',
  'offline',
  'fresh',
  'empty',
];

/** The state to show for a picture of everything. */
export function trayState({ accounts, logins }: AppSnapshot): TrayState {
  const states = accounts.map(({ state }) => state);
  const asks = logins.some(({ state }) => state.step === 'confirming');
  if (asks || states.some(needsPerson)) return 'attention';
  if (logins.some(({ state }) => state.step === 'waiting')) return 'waiting';
  const alive = states.filter(({ kind }) => kind !== 'signed-out');
  if (alive.length === 0) return 'empty';
  return alive.some(({ kind }) => kind === 'unreachable') ? 'offline' : 'fresh';
}

/** Whether an account stands still until a person does something. What a person signed out is at rest. */
export function needsPerson(state: AccountStateSnapshot): boolean {
  switch (state.kind) {
    case 'signed-out':
      return state.why !== 'by-user';
    case 'unsaved':
    case 'locked':
      return true;
    default:
      return false;
  }
}

/** What the icon says, in words: for the tooltip, and for those who cannot see the icon. */
export function trayTooltip(app: AppSnapshot): string {
  const { accounts, logins } = app;
  const count = (kinds: number, one: string, many: string) =>
    `${kinds} ${kinds === 1 ? one : many}`;
  switch (trayState(app)) {
    case 'attention': {
      const [first, ...others] = accounts.filter(({ state }) => needsPerson(state));
      if (first === undefined) return 'Keyfob: a sign-in asks you something';
      const rest = others.length === 0 ? '' : ` and ${count(others.length, 'other', 'others')}`;
      return `Keyfob: ${first.label}${rest} needs you`;
    }
    case 'waiting': {
      const waiting = logins.filter(({ state }) => state.step === 'waiting').length;
      return `Keyfob: ${count(waiting, 'sign-in waits', 'sign-ins wait')} for your approval`;
    }
    case 'offline':
      return 'Keyfob: a server cannot be reached, trying again';
    case 'fresh': {
      const alive = accounts.filter(({ state }) => state.kind !== 'signed-out').length;
      return `Keyfob: ${count(alive, 'account', 'accounts')}, all fresh`;
    }
    case 'empty':
      return 'Keyfob: nobody is signed in';
  }
}
