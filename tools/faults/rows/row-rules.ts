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
    what: 'endpoint gone (404): metadata fetched once more, session kept',
    check: () => metadataMoved(404),
  },
  {
    what: 'endpoint gone (405): metadata fetched once more, session kept',
    check: () => metadataMoved(405),
  },
  { what: "issuer changed: the refresh token isn't sent to the new one", check: otherIssuer },
  { what: 'locked account: an hour without a request loop, then unlocked', check: lockedForAnHour },
  { what: 'Retry-After is respected for every caller', check: retryAfter },
  { what: 'an offline sign-out survives a restart and is verified later', check: offlineSignOut },
];

/** Rules that one scenario each covers. */
export async function runRules(): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const { what, check } of RULES) {
    const wrong = await check();
    const fate: Fate = wrong === null ? ALIVE : lostByUs(wrong);
    tallies.push(tallyOf({ row: 'rules', what, family: 'mas' }, [fate]));
  }
  return tallies;
}
