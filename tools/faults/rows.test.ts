import { expect, test } from 'vitest';
import { ANSWER_CASES } from './rows/answer-cases.ts';
import { runAnswers } from './rows/row-answers.ts';
import { runBytes } from './rows/row-bytes.ts';
import { runDisk } from './rows/row-disk.ts';
import { runRules } from './rows/row-rules.ts';
import { runSteps } from './rows/row-steps.ts';
import { BROKEN_RULES } from './sabotage.ts';
import { FAMILIES } from './tally.ts';
import { NOTHING_LOST, verdict } from './verdict.ts';

test.for(FAMILIES)(
  "a kill or power cut during a save never loses a session by Keyfob's fault: %s",
  { timeout: 60_000 },
  async (family) => {
    expect(verdict(await runSteps(family, {}, 4))).toEqual(NOTHING_LOST);
  },
);

test.for(FAMILIES)(
  "a bad response never loses a session by Keyfob's fault: %s",
  { timeout: 60_000 },
  async (family) => {
    const quick = ANSWER_CASES.filter(({ lastsMs }) => lastsMs <= 60_000);
    expect(verdict(await runAnswers(family, {}, quick))).toEqual(NOTHING_LOST);
  },
);

test.for(FAMILIES)(
  "a reset within the response never loses a session by Keyfob's fault: %s",
  { timeout: 60_000 },
  async (family) => {
    expect(verdict([await runBytes(family, 40)])).toEqual(NOTHING_LOST);
  },
);

test('a failing disk that recovers loses nothing, and the user is told', async () => {
  expect(verdict(await runDisk(7))).toEqual(NOTHING_LOST);
}, 60_000);

test('the rules for endpoints, issuers, locked accounts, rate limits and sign-outs hold', async () => {
  expect(verdict(await runRules())).toEqual(NOTHING_LOST);
}, 60_000);

test.for(BROKEN_RULES)(
  'the fault runs notice a broken rule: $rule',
  { timeout: 60_000 },
  async ({ run }) => {
    const noticed = (await run()).flatMap(({ lostByUs }) => lostByUs);
    expect(noticed.length).toBeGreaterThan(0);
  },
);
