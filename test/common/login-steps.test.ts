import { expect, test } from 'vitest';
import { FINAL_STEPS, hasEnded } from '../../common/login-steps.ts';
import type { LoginStateSnapshot } from '../../common/snapshots.ts';

/** Every step there is: one that is missing does not compile. */
const ENDED: Readonly<Record<LoginStateSnapshot['step'], boolean>> = {
  discovering: false,
  registering: false,
  'requesting-code': false,
  waiting: false,
  verifying: false,
  confirming: false,
  done: true,
  failed: true,
  cancelled: true,
};

test('a sign-in has ended at its final steps, and at no other', () => {
  const steps = Object.keys(ENDED) as LoginStateSnapshot['step'][]; // the keys of the record above
  const ended = steps.filter((step) => hasEnded({ step }));
  const expected = steps.filter((step) => ENDED[step]);
  expect({ ended, final: FINAL_STEPS }).toEqual({ ended: expected, final: expected });
});
