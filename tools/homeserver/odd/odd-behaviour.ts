import type { HomeserverOptions, TestHomeserver } from '../homeserver.ts';
import { oddDiscovery } from './odd-discovery.ts';
import { oddPolling } from './odd-polling.ts';
import { oddSessions } from './odd-sessions.ts';
import { oddSignIn } from './odd-sign-in.ts';

/** One odd or hostile behaviour of a server, ready to be turned on. */
export type OddBehaviour = Readonly<{
  /** A row of the table of odd and hostile server behaviour; variants of a row share its number. */
  row: number;
  /** Unique. */
  name: string;
  /** The start options that the homeserver needs. Absent: none. */
  options?: HomeserverOptions;
  /** `session`: to be turned on once a user is signed in. Default: before anything else. */
  at?: 'start' | 'session';
  arrange: (server: TestHomeserver) => void;
}>;

/** The whole catalogue, by row. */
export const oddBehaviours: readonly OddBehaviour[] = [
  ...oddDiscovery,
  ...oddSignIn,
  ...oddPolling,
  ...oddSessions,
].toSorted((one, other) => one.row - other.row);

/** An entry by its name, or, if a row has only one entry, by the row's number; null: unknown. */
export function findOddBehaviour(name: string): OddBehaviour | null {
  const rows = oddBehaviours.filter(({ row }) => String(row) === name);
  const byName = oddBehaviours.find((entry) => entry.name === name);
  return byName ?? (rows.length === 1 ? (rows[0] ?? null) : null);
}
