import type { Vault } from '../../main/accounts/ports.ts';
import { ok } from '../../common/result.ts';
import { withoutSync } from './rows/disks.ts';
import { ANSWER_CASES } from './rows/answer-cases.ts';
import { runAnswers } from './rows/row-answers.ts';
import { runSteps } from './rows/row-steps.ts';
import type { Tally } from './tally.ts';
import type { Sabotage } from './world.ts';

/** A rule broken on purpose, and the run that must notice. */
export type BrokenRule = Readonly<{ rule: string; run: () => Promise<readonly Tally[]> }>;

/** A broken rule shows at most steps, so a sample of them is enough. */
const EVERY_NTH_STEP = 3;

/** The vault reports a save before it is done, so tokens are used that are on no disk. */
const usesBeforeSaving: Sabotage = {
  vault: (vault) =>
    changed(vault, (account) => {
      void vault.save(account);
      return Promise.resolve(ok(undefined));
    }),
};

/** No note on the disk says that a refresh was sent. */
const notesNothing: Sabotage = {
  vault: (vault) =>
    changed(vault, (account) => {
      const isNote = 'refreshSentAt' in account.state && account.state.refreshSentAt !== null;
      return isNote ? Promise.resolve(ok(undefined)) : vault.save(account);
    }),
};

const savesWithoutSync: Sabotage = { files: withoutSync };

/** A rate limit is taken for the end of the session. */
const signsOutOn429: Sabotage = {
  network: (network) => async (step, url, init) => {
    const answer = await network(step, url, init);
    if (step !== 'refresh' || answer.status !== 429) return answer;
    return Response.json({ error: 'invalid_grant' }, { status: 400 });
  },
};

const rateLimits = ANSWER_CASES.filter(({ what }) => what.startsWith('429'));

/** Every rule that the runs check. */
export const BROKEN_RULES: readonly BrokenRule[] = [
  { rule: 'saved before used', run: () => runSteps('mas', usesBeforeSaving, EVERY_NTH_STEP) },
  { rule: 'noted before sent', run: () => runSteps('tuwunel', notesNothing, EVERY_NTH_STEP) },
  {
    rule: 'synced before called saved',
    run: () => runSteps('mas', savesWithoutSync, EVERY_NTH_STEP),
  },
  { rule: 'a rate limit ends no session', run: () => runAnswers('mas', signsOutOn429, rateLimits) },
];

function changed(vault: Vault, save: Vault['save']): Vault {
  return { load: () => vault.load(), save, remove: (id) => vault.remove(id) };
}
