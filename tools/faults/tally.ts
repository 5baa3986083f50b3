import type { PersonalityName } from '../homeserver/personality.ts';

/** What became of one session that met one fault. */
export type Fate = Readonly<
  | { kind: 'alive' }
  /** The server sent an answer that never reached our disk, and its rules forgive that no more. */
  | { kind: 'lost-by-server' }
  /** It need not have been lost, or something else that we promise did not hold. */
  | { kind: 'lost-by-us'; how: string }
>;

/** One line of the table: many runs of one kind. */
export type Tally = Readonly<{
  /** Of the table: `kill`, `answers`... */
  row: RowName;
  /** What was done, in words. */
  what: string;
  /** null: no server family matters here. */
  family: PersonalityName | null;
  runs: number;
  alive: number;
  lostByServer: number;
  /** How, each; must be empty. */
  lostByUs: readonly string[];
  /** What else a reader of the line wants to know; empty: nothing. */
  note: string;
}>;

/** Each can be run alone. */
export type RowName =
  'kill' | 'kill-steps' | 'steps' | 'answers' | 'bytes' | 'disk' | 'rules' | 'owners';

/** The families, in the order of the table. */
export const FAMILIES: readonly PersonalityName[] = [
  'mas',
  'tuwunel',
  'continuwuity',
  'oidc-provider',
];

/**
 * For how long the family takes a refresh token again whose answer was lost, in milliseconds. Where it
 * does not, a session whose answer is lost on the way is over, whatever we do.
 */
export function forgivenMs(family: PersonalityName): number {
  switch (family) {
    case 'mas':
      return 3_600_000;
    case 'tuwunel':
      return 15_000;
    case 'continuwuity':
    case 'oidc-provider':
      return 0;
  }
}

/** Whether the family takes a refresh token again whose answer was lost, if it is asked soon. */
export function forgivesLoss(family: PersonalityName): boolean {
  return forgivenMs(family) > 0;
}

export const ALIVE: Fate = { kind: 'alive' };
export const LOST_BY_SERVER: Fate = { kind: 'lost-by-server' };

export function lostByUs(how: string): Fate {
  return { kind: 'lost-by-us', how };
}

/** Adds fates up. */
export function tallyOf(
  about: Pick<Tally, 'row' | 'what' | 'family'>,
  fates: readonly Fate[],
  note = '',
): Tally {
  const count = (kind: Fate['kind']) => fates.filter((fate) => fate.kind === kind).length;
  return {
    ...about,
    runs: fates.length,
    alive: count('alive'),
    lostByServer: count('lost-by-server'),
    lostByUs: fates.flatMap((fate) => (fate.kind === 'lost-by-us' ? [fate.how] : [])),
    note,
  };
}
