import type {
  AccountSnapshot,
  AccountStateSnapshot,
  AppSnapshot,
} from '../../../common/snapshots.ts';
import { canHandOut, isPostponed } from '../../../common/account-text.ts';
import { refreshBlocker, refreshFailureText } from '../../../common/refresh-failure-text.ts';

/**
 * What the tray icon says, by its shape. The most urgent one wins:
 * `attention` a person must act; `waiting` a sign-in waits for approval; `offline` a server
 * can't be reached; `fresh` tokens are to be had; `empty` there are none.
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
export function trayState(app: AppSnapshot): TrayState {
  const { accounts, logins, madeAt } = app;
  const states = accounts.map(({ state }) => state);
  const asks = logins.some(({ state }) => state.step === 'confirming');
  if (asks || states.some((state) => needsPerson(state, madeAt))) return 'attention';
  if (logins.some(({ state }) => state.step === 'waiting')) return 'waiting';
  if (states.some((state) => isOffline(state, madeAt))) return 'offline';
  return states.some((state) => hasToken(state, madeAt)) ? 'fresh' : 'empty';
}

/**
 * Whether an account stands still until a person does something. What a person signed out is at rest. A
 * disk that takes nothing needs a person whether it is the new tokens that can't be saved or, before that,
 * the note that a refresh is sent: no retry frees it. A postponed retry needs nobody yet.
 *
 * @param now in epoch milliseconds
 */
export function needsPerson(state: AccountStateSnapshot, now: number): boolean {
  switch (state.kind) {
    case 'signed-out':
      return state.why !== 'by-user';
    case 'retrying':
      return refreshBlocker(state.notice.code) === 'person' && !isPostponed(state, now);
    case 'unsaved':
    case 'locked':
      return true;
    default:
      return false;
  }
}

/** Only where the last try found no connection: a server that answers is not out of reach. */
function isOffline(state: AccountStateSnapshot, now: number): boolean {
  if (state.kind !== 'retrying' || isPostponed(state, now)) return false;
  return refreshBlocker(state.notice.code) === 'connection';
}

/** Whether a token can be had, perhaps by a refresh; while refreshes fail, only the one in hand can. */
function hasToken(state: AccountStateSnapshot, now: number): boolean {
  if (state.kind === 'retrying' && state.expiresAt !== null && state.expiresAt <= now) return false;
  return canHandOut(state);
}

/** What the icon says, in words: for the tooltip, and for those who cannot see the icon. */
export function trayTooltip(app: AppSnapshot): string {
  const { accounts, logins, madeAt } = app;
  switch (trayState(app)) {
    case 'attention': {
      const those = accounts.filter(({ state }) => needsPerson(state, madeAt));
      if (those.length === 0) return 'Keyfob: a sign-in asks you something';
      return `Keyfob: ${namesOf(those)} ${those.length === 1 ? 'needs' : 'need'} you`;
    }
    case 'waiting': {
      const waiting = logins.filter(({ state }) => state.step === 'waiting').length;
      return `Keyfob: ${count(waiting, 'sign-in waits', 'sign-ins wait')} for your approval`;
    }
    case 'offline': {
      const those = accounts.filter(({ state }) => isOffline(state, madeAt));
      return `Keyfob: ${refreshFailureText('unreachable')}, retrying ${namesOf(those)}`;
    }
    case 'fresh':
    case 'empty':
      return `Keyfob: ${careText(app) ?? 'nobody is signed in'}`;
  }
}

/**
 * What is done about the accounts, each kind with its number; null: nothing. Says nothing of how long a
 * token lives: it is not said anew when a token expires that nobody renews.
 */
function careText({ accounts, madeAt }: AppSnapshot): string | null {
  const cares = accounts.map((account) => careOf(account, madeAt));
  const counted = CARES.map((care) => [cares.filter((one) => one === care).length, care] as const);
  const [first, ...others] = counted.filter(([number]) => number > 0);
  if (first === undefined) return null;
  const rest = others.map(([number, care]) => `${number} ${care}`);
  return [`${count(first[0], 'account', 'accounts')} ${first[1]}`, ...rest].join(', ');
}

const CARES = [
  'kept fresh',
  'renewed on demand',
  'retrying',
  'not verified yet',
  'signing out',
] as const;

function careOf({ policy, state }: AccountSnapshot, now: number): (typeof CARES)[number] | null {
  if (state.kind === 'unverified') return 'not verified yet';
  if (state.kind === 'signing-out') return 'signing out';
  if (state.kind === 'retrying' && !isPostponed(state, now)) return 'retrying';
  if (!canHandOut(state)) return null;
  return policy === 'keep-fresh' ? 'kept fresh' : 'renewed on demand';
}

/** `alice`, or `alice and 2 others`. */
function namesOf([first, ...others]: AppSnapshot['accounts']): string {
  const more = others.length === 0 ? '' : ` and ${count(others.length, 'other', 'others')}`;
  return `${first?.label ?? ''}${more}`;
}

function count(things: number, one: string, many: string): string {
  return `${things} ${things === 1 ? one : many}`;
}
