import type { PersonalityName } from '../homeserver/personality.ts';

/** What happened to one session under one fault. */
export type Fate = Readonly<
  | { kind: 'alive' }
  /** The server sent an answer that never reached our disk, and its rules forgive that no more. */
  | { kind: 'lost-by-server' }
  /** It need not have been lost, or something else that we promise did not hold. */
  | { kind: 'lost-by-us'; how: string }
>;

/** One line of the table: the total of many runs of one kind. */
export type Tally = Readonly<{
  /** The row of the table: `kill`, `answers`... */
  row: RowName;
  /** What was done, as text. */
  what: string;
  /** null: the server family doesn't matter. */
  family: PersonalityName | null;
  runs: number;
  alive: number;
  lostByServer: number;
  /** How each was lost; must be empty. */
  lostByUs: readonly string[];
  /** A note for the table; may be empty. */
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
 * How long the family accepts a spent refresh token again when its response was lost, in
 * milliseconds. With 0, a lost response ends the session, whatever Keyfob does.
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

/** Whether the family accepts a spent refresh token again soon after a lost response. */
export function forgivesLoss(family: PersonalityName): boolean {
  return forgivenMs(family) > 0;
}

export const ALIVE: Fate = { kind: 'alive' };
export const LOST_BY_SERVER: Fate = { kind: 'lost-by-server' };

export function lostByUs(how: string): Fate {
  return { kind: 'lost-by-us', how };
}

/** Adds up fates. */
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
