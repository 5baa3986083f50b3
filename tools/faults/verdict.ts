import type { Tally } from './tally.ts';

/** How each was lost by us, and whether anything was tried at all. */
export function verdict(tallies: readonly Tally[]): unknown {
  return {
    tried: tallies.every(({ runs }) => runs > 0),
    lostByUs: tallies.flatMap(({ lostByUs }) => lostByUs),
  };
}

/** The verdict on runs in which all went well. */
export const NOTHING_LOST = { tried: true, lostByUs: [] };
