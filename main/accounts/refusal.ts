import type { Failure } from '../../common/failure.ts';
import type { Account } from './account.ts';
import { lockOf } from './account.ts';

/** Why nothing of this account can be handed out at all; null: it can, or a refresh will tell. */
export function refusalOf({ state, label, session }: Account): Failure | null {
  switch (state.kind) {
    case 'signed-out':
      return { code: 'signed-out', account: label };
    case 'signing-out':
      return { code: 'signing-out', account: label };
    case 'locked':
      return { code: 'account-locked' };
    case 'unverified':
      return state.waiting?.failure ?? { code: 'not-verified-yet', account: label };
    default:
      if (lockOf(state) !== null) return { code: 'account-locked' };
      return session.userId === null ? { code: 'not-verified-yet', account: label } : null;
  }
}
