import type { Account, Instant } from './account.ts';
import type { Lease } from './leases.ts';
import { refreshDue, retryDue } from './leases.ts';
import { MAX_PAUSE_MS } from './retry.ts';

/** What decides, beside the account itself, when it wants something done. */
export type Circumstances = Readonly<{
  elapsed: Instant;
  /** The answer to a refresh may have been lost. */
  answerLost: boolean;
  leases: readonly Lease[];
  /** In [0, 1): spreads accounts whose tokens were issued together. */
  chance: number;
  /** When the last refresh was over. */
  flightEnded: Instant;
  /** The server wants no refresh before this instant. */
  notBefore: Instant;
}>;

/** When an account next wants something done without being asked, while nothing is under way; null: nothing. */
export function dueOf(account: Account, around: Circumstances): Instant | null {
  const due = wantedAt(account, around);
  const { kind } = account.state;
  // What these two want is not a refresh in the first place.
  if (due === null || kind === 'unverified' || kind === 'signing-out') return due;
  return Math.max(due, around.notBefore);
}

function wantedAt({ state, policy }: Account, around: Circumstances): Instant | null {
  const { answerLost, chance, elapsed, flightEnded, leases } = around;
  switch (state.kind) {
    case 'active':
      return answerLost ? elapsed : refreshDue(policy, state.tokens, leases, chance);
    case 'unverified':
    case 'signing-out':
      return state.waiting?.retry ?? elapsed;
    case 'retrying':
      return retryDue(state.waiting.retry, state.tokens, leases);
    case 'unsaved':
    case 'locked':
      return state.waiting.retry;
    case 'refreshing':
      // Yet nothing is under way: a bug broke the refresh off. It must not cost the session.
      return flightEnded + MAX_PAUSE_MS;
    case 'signed-out':
      return null;
  }
}
