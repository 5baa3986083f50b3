import type { LoginSnapshot } from '../../common/snapshots.ts';
import { MINUTE } from '../../common/time.ts';

/** How long each code is good for in all, in milliseconds, by its login's id; as well as the window knows. */
export type CodeLifetimes = ReadonlyMap<string, number>;

/** What servers choose. A code first seen when some of its time was gone is taken for one of these. */
const USUAL_LENGTHS_MS = [1, 2, 3, 5, 10, 15, 20, 30, 60].map((minutes) => minutes * MINUTE);

/** The lengths after another snapshot: a code keeps the length that it was first taken for. */
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
