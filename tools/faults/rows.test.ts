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
  'a kill and a power cut at some steps lose no session by us: %s',
  { timeout: 60_000 },
  async (family) => {
    expect(verdict(await runSteps(family, {}, 4))).toEqual(NOTHING_LOST);
  },
);

test.for(FAMILIES)('bad answers lose no session by us: %s', { timeout: 60_000 }, async (family) => {
  const quick = ANSWER_CASES.filter(({ lastsMs }) => lastsMs <= 60_000);
  expect(verdict(await runAnswers(family, {}, quick))).toEqual(NOTHING_LOST);
});

test.for(FAMILIES)(
  'a reset inside the answer loses no session by us: %s',
  { timeout: 60_000 },
  async (family) => {
    expect(verdict([await runBytes(family, 40)])).toEqual(NOTHING_LOST);
  },
);

test('a disk that falls ill and gets well costs nothing, and somebody is told', async () => {
  expect(verdict(await runDisk(7))).toEqual(NOTHING_LOST);
}, 60_000);

test('the rules for endpoints, issuers, locks, rate limits and sign-outs hold', async () => {
  expect(verdict(await runRules())).toEqual(NOTHING_LOST);
}, 60_000);

test.for(BROKEN_RULES)(
  'a run notices that a rule is broken: $rule',
  { timeout: 60_000 },
  async ({ run }) => {
    const noticed = (await run()).flatMap(({ lostByUs }) => lostByUs);
    expect(noticed.length).toBeGreaterThan(0);
  },
);
