import type { LoginSnapshot } from '../../common/snapshots.ts';
import { MINUTE } from '../../common/time.ts';

/** Each code's total lifetime in milliseconds, by login id, as far as the window knows. */
export type CodeLifetimes = ReadonlyMap<string, number>;

/** Usual lifetimes. A code that was first seen later in its life is assumed to have one of these. */
const USUAL_LENGTHS_MS = [1, 2, 3, 5, 10, 15, 20, 30, 60].map((minutes) => minutes * MINUTE);

/** The lifetimes after another snapshot. A code keeps the one first assumed for it. */
export function codeLifetimes(
  known: CodeLifetimes,
  logins: readonly LoginSnapshot[],
  madeAt: number,
): CodeLifetimes {
  const lengths = new Map<string, number>();
  for (const { id, state } of logins) {
    if (state.step !== 'waiting') continue;
    const left = state.expiresAt - madeAt;
    const length = USUAL_LENGTHS_MS.find((usual) => usual >= left) ?? left;
    lengths.set(id, Math.max(known.get(id) ?? 0, length));
  }
  return lengths;
}
