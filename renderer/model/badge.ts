import type { AccountStateSnapshot, NoticeSnapshot } from '../../common/snapshots.ts';
import { isPostponed } from '../../common/account-text.ts';
import { refreshBlocker } from '../../common/refresh-failure-text.ts';
import { unexpected } from '../../common/result.ts';

/** A state's colour and shape; each alone tells the states apart. */
export type Badge = Readonly<{
  tone: 'good' | 'calm' | 'warn' | 'bad' | 'off';
  shape: 'check' | 'held' | 'turning' | 'offline' | 'lock' | 'alert' | 'out' | 'clock';
}>;

/** The badge of an account's state. `now` is main's clock in epoch milliseconds. */
export function badgeOf(state: AccountStateSnapshot, now: number): Badge {
  switch (state.kind) {
    case 'active':
      return activeBadge(state, now);
    case 'refreshing':
      return { tone: 'calm', shape: 'turning' };
    case 'unverified':
      return { tone: state.notice === null ? 'calm' : 'warn', shape: 'turning' };
    case 'signing-out':
      return { tone: 'off', shape: 'turning' };
    case 'retrying':
      return retryingBadge(state, now);
    case 'locked':
      return { tone: 'bad', shape: 'lock' };
    case 'unsaved':
      return { tone: 'bad', shape: 'alert' };
    case 'signed-out':
      return { tone: state.why === 'by-user' ? 'off' : 'bad', shape: 'out' };
    default:
      return unexpected(state);
  }
}

/** A notice to show besides the state's text; null: none. */
export function noticeOf(state: AccountStateSnapshot): NoticeSnapshot | null {
  return 'notice' in state ? state.notice : null;
}

/** A failure that needs the person looks like unsaved tokens; only a lost connection looks offline. */
function retryingBadge(
  state: Extract<AccountStateSnapshot, { kind: 'retrying' }>,
  now: number,
): Badge {
  if (isPostponed(state, now)) return { tone: 'warn', shape: 'held' };
  switch (refreshBlocker(state.notice.code)) {
    case 'connection':
      return { tone: 'warn', shape: 'offline' };
    case 'server':
      return { tone: 'warn', shape: 'alert' };
    case 'person':
      return { tone: 'bad', shape: 'alert' };
  }
}

function activeBadge(
  { expiresAt, heldBy }: Extract<AccountStateSnapshot, { kind: 'active' }>,
  now: number,
): Badge {
  if (heldBy.some(({ untilAt }) => untilAt === null || untilAt > now)) {
    return { tone: 'good', shape: 'held' };
  }
  if (expiresAt !== null && expiresAt <= now) return { tone: 'calm', shape: 'clock' };
  return { tone: 'good', shape: 'check' };
}
