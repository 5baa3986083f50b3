import type {
  AccountSnapshot,
  AccountStateSnapshot,
  AppSnapshot,
} from '../../../common/snapshots.ts';
import { canHandOut } from '../../../common/account-text.ts';

/**
 * What the tray icon says, by its shape. The most urgent one wins:
 * `attention` a person must act; `waiting` a sign-in waits for approval; `offline` nobody can be
 * reached; `fresh` tokens are to be had; `empty` there are none.
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
  if (states.some(({ kind }) => kind === 'retrying')) return 'offline';
  return states.some(canHandOut) ? 'fresh' : 'empty';
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
  switch (trayState(app)) {
    case 'attention': {
      const [first, ...others] = accounts.filter(({ state }) => needsPerson(state));
      if (first === undefined) return 'Keyfob: a sign-in asks you something';
      if (others.length === 0) return `Keyfob: ${first.label} needs you`;
      return `Keyfob: ${first.label} and ${count(others.length, 'other', 'others')} need you`;
    }
    case 'waiting': {
      const waiting = logins.filter(({ state }) => state.step === 'waiting').length;
      return `Keyfob: ${count(waiting, 'sign-in waits', 'sign-ins wait')} for your approval`;
    }
    case 'offline':
      return 'Keyfob: a server cannot be reached, trying again';
    case 'fresh':
    case 'empty':
      return `Keyfob: ${careText(accounts) ?? 'nobody is signed in'}`;
  }
}

/**
 * What is done about the accounts, each kind with its number; null: nothing. Says nothing of how long a
 * token lives: it is not said anew when a token expires that nobody renews.
 */
function careText(accounts: AppSnapshot['accounts']): string | null {
  const cares = accounts.map(careOf);
  const counted = CARES.map((care) => [cares.filter((one) => one === care).length, care] as const);
  const [first, ...others] = counted.filter(([number]) => number > 0);
  if (first === undefined) return null;
  const rest = others.map(([number, care]) => `${number} ${care}`);
  return [`${count(first[0], 'account', 'accounts')} ${first[1]}`, ...rest].join(', ');
}

const CARES = ['kept fresh', 'renewed on demand', 'not verified yet', 'signing out'] as const;

function careOf({ policy, state }: AccountSnapshot): (typeof CARES)[number] | null {
  if (state.kind === 'unverified') return 'not verified yet';
  if (state.kind === 'signing-out') return 'signing out';
  if (!canHandOut(state)) return null;
  return policy === 'keep-fresh' ? 'kept fresh' : 'renewed on demand';
}

function count(things: number, one: string, many: string): string {
  return `${things} ${things === 1 ? one : many}`;
}
