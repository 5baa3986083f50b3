import {
  lockedForAnHour,
  metadataMoved,
  offlineSignOut,
  otherIssuer,
  retryAfter,
} from '../rules.ts';
import type { Fate, Tally } from '../tally.ts';
import { ALIVE, lostByUs, tallyOf } from '../tally.ts';

/** Resolves with what went wrong; null: nothing. */
type Rule = Readonly<{ what: string; check: () => Promise<string | null> }>;

const RULES: readonly Rule[] = [
  {
    what: 'endpoint gone (404): looked up again once, session kept',
    check: () => metadataMoved(404),
  },
  {
    what: 'endpoint gone (405): looked up again once, session kept',
    check: () => metadataMoved(405),
  },
  { what: 'issuer changed: the refresh token is not sent there', check: otherIssuer },
  { what: 'locked account: an hour without a loop, then unlocked', check: lockedForAnHour },
  { what: 'Retry-After is never undercut, whoever asks', check: retryAfter },
  { what: 'sign-out while offline survives a restart, and is proven later', check: offlineSignOut },
];

/** Rules that one story each shows. */
export async function runRules(): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const { what, check } of RULES) {
    const wrong = await check();
    const fate: Fate = wrong === null ? ALIVE : lostByUs(wrong);
    tallies.push(tallyOf({ row: 'rules', what, family: 'mas' }, [fate]));
  }
  return tallies;
}
