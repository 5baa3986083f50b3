import type {
  AccountSnapshot,
  AccountStateSnapshot,
  AppSnapshot,
} from '../../../common/snapshots.ts';
import { canHandOut, isPostponed } from '../../../common/account-text.ts';
import { refreshBlocker, refreshFailureText } from '../../../common/refresh-failure-text.ts';

/**
 * The state that the tray icon shows by its shape. The most urgent one wins: `attention` a person must act;
 * `waiting` a sign-in waits for approval; `offline` a server can't be reached; `fresh` tokens are available;
 * `empty` there are none.
 */
export type TrayState = 'attention' | 'waiting' | 'offline' | 'fresh' | 'empty';

/** Every state, in order of urgency. */
export const TRAY_STATES: readonly TrayState[] = [
  'attention',
  'waiting',
  'offline',
  'fresh',
  'empty',
];

/** The state to show for a snapshot. */
export function trayState(app: AppSnapshot): TrayState {
  const { accounts, logins, madeAt } = app;
  const states = accounts.map(({ state }) => state);
  const asks = logins.some(({ state }) => state.step === 'confirming');
  if (asks || states.some((state) => needsAttention(state, madeAt))) return 'attention';
  if (logins.some(({ state }) => state.step === 'waiting')) return 'waiting';
  if (states.some((state) => isOffline(state, madeAt))) return 'offline';
  return states.some((state) => hasToken(state, madeAt)) ? 'fresh' : 'empty';
}

/**
 * Whether an account can't continue until a person acts. One that the person signed out needs nothing. A full
 * or read-only disk needs a person whether new tokens can't be saved or, before that, the note that a refresh
 * is sent: no retry frees it. A postponed retry needs nobody yet.
 *
 * @param now in epoch milliseconds
 */
export function needsAttention(state: AccountStateSnapshot, now: number): boolean {
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

/** Only if the last attempt found no connection: a server that answers is not unreachable. */
function isOffline(state: AccountStateSnapshot, now: number): boolean {
  if (state.kind !== 'retrying' || isPostponed(state, now)) return false;
  return refreshBlocker(state.notice.code) === 'connection';
}

/** Whether a token is available, perhaps after a refresh. While refreshes fail, only the current one is. */
function hasToken(state: AccountStateSnapshot, now: number): boolean {
  if (state.kind === 'retrying' && state.expiresAt !== null && state.expiresAt <= now) return false;
  return canHandOut(state);
}

/** The icon's state in words, for the tooltip and the menu's first line. */
export function trayTooltip(app: AppSnapshot): string {
  const { accounts, logins, madeAt } = app;
  switch (trayState(app)) {
    case 'attention': {
      const those = accounts.filter(({ state }) => needsAttention(state, madeAt));
      if (those.length === 0) return 'Keyfob: a sign-in needs your decision';
      return `Keyfob: ${namesOf(those)} ${those.length === 1 ? 'needs' : 'need'} attention`;
    }
    case 'waiting': {
      const waiting = logins.filter(({ state }) => state.step === 'waiting').length;
      return `Keyfob: ${count(waiting, 'sign-in is', 'sign-ins are')} waiting for your approval`;
    }
    case 'offline': {
      const those = accounts.filter(({ state }) => isOffline(state, madeAt));
      return `Keyfob: ${refreshFailureText('unreachable')}, retrying ${namesOf(those)}`;
    }
    case 'fresh':
    case 'empty':
      return `Keyfob: ${summaryText(app) ?? 'no account is signed in'}`;
  }
}

/**
 * The accounts by how they are kept, with their numbers; null: none. It says nothing about a token's remaining
 * time, as the tooltip isn't redrawn when a token expires.
 */
function summaryText({ accounts, madeAt }: AppSnapshot): string | null {
  const parts = accounts.map((account) => summaryPartOf(account, madeAt));
  const counted = SUMMARY_PARTS.map(
    (part) => [parts.filter((one) => one === part).length, part] as const,
  );
  const [first, ...others] = counted.filter(([number]) => number > 0);
  if (first === undefined) return null;
  const rest = others.map(([number, part]) => `${number} ${part}`);
  return [`${count(first[0], 'account', 'accounts')} ${first[1]}`, ...rest].join(', ');
}

const SUMMARY_PARTS = [
  'kept fresh',
  'refreshed on demand',
  'retrying',
  'not verified yet',
  'signing out',
] as const;

function summaryPartOf(
  { policy, state }: AccountSnapshot,
  now: number,
): (typeof SUMMARY_PARTS)[number] | null {
  if (state.kind === 'unverified') return 'not verified yet';
  if (state.kind === 'signing-out') return 'signing out';
  if (state.kind === 'retrying' && !isPostponed(state, now)) return 'retrying';
  if (!canHandOut(state)) return null;
  return policy === 'keep-fresh' ? 'kept fresh' : 'refreshed on demand';
}

/** `alice`, or `alice and 2 others`. */
function namesOf([first, ...others]: AppSnapshot['accounts']): string {
  const more = others.length === 0 ? '' : ` and ${count(others.length, 'other', 'others')}`;
  return `${first?.label ?? ''}${more}`;
}

function count(things: number, one: string, many: string): string {
  return `${things} ${things === 1 ? one : many}`;
}
