import type { Tally } from './tally.ts';

/** How each session was lost by Keyfob, and whether anything was tried at all. */
export function verdict(tallies: readonly Tally[]): unknown {
  return {
    tried: tallies.every(({ runs }) => runs > 0),
    lostByUs: tallies.flatMap(({ lostByUs }) => lostByUs),
  };
}

/** The verdict on runs in which nothing went wrong. */
export const NOTHING_LOST = { tried: true, lostByUs: [] };
