import type { LoginStateSnapshot } from './snapshots.ts';

type Step = LoginStateSnapshot['step'];

/** The steps at which a sign-in has ended: nothing follows them. */
export const FINAL_STEPS: readonly Step[] = ['done', 'failed', 'cancelled'];

/** Whether a sign-in has ended, in whichever way. */
export function hasEnded({ step }: Readonly<{ step: Step }>): boolean {
  return FINAL_STEPS.includes(step);
}
