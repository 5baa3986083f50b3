import { expect, test } from 'vitest';
import { runKillSteps } from './rows/row-kill-steps.ts';
import { runKills } from './rows/row-kill.ts';
import { runOwners } from './rows/row-owners.ts';
import { FAMILIES, forgivesLoss } from './tally.ts';
import { NOTHING_LOST, verdict } from './verdict.ts';

test.for(FAMILIES)(
  'an agent killed at 20 random times never loses a session by its own fault: %s',
  { timeout: 120_000 },
  async (family) => {
    const tally = await runKills(family, 20, 4, 2);
    expect([verdict([tally]), forgivesLoss(family) ? tally.lostByServer : 0]).toEqual([
      NOTHING_LOST,
      0,
    ]);
  },
);

test('an agent killed around calls that change the vault loses no session', async () => {
  expect(verdict([await runKillSteps('mas', 6)])).toEqual(NOTHING_LOST);
}, 60_000);

test('of two agents on one vault, only one owns it, and no refresh token is sent twice', async () => {
  expect(verdict(await runOwners(3))).toEqual(NOTHING_LOST);
}, 60_000);
