import fc from 'fast-check';
import type { FreshnessPolicy } from '../../../main/accounts/record.ts';

/** How a request in progress ends. `-before`, `-after`: before or after the server received it. */
export type Ending =
  | 'answered'
  | 'lost-before'
  | 'lost-after'
  | 'garbled-after'
  | 'gateway-after'
  | 'offline'
  | 'unavailable'
  | 'asked-to-wait'
  | 'portal';

/** One event. `who` is an account's number; `which` picks one of the operations in progress. */
export type Act = Readonly<
  | { do: 'take'; who: number; minValidMs: number; consumer: string }
  | { do: 'renew'; who: number }
  | { do: 'arrange'; who: number; policy: FreshnessPolicy }
  | { do: 'end'; which: number; how: Ending }
  | { do: 'write'; which: number; ok: boolean }
  /** Everything in progress succeeds, until nothing is left. */
  | { do: 'flow' }
  | { do: 'pass'; ms: number }
  | { do: 'sleep'; ms: number }
  | { do: 'suspend' }
  | { do: 'wake' }
  | { do: 'network-back' }
  | { do: 'set-clock'; byMs: number }
  /**
   * The process dies. `written`: pending writes still reach the disk; `served`: pending requests still
   * reach the server; `machine`: the machine restarts too.
   */
  | { do: 'crash'; written: boolean; served: boolean; machine: boolean }
  /** The server locks or unlocks the account; the user has Keyfob check it. */
  | { do: 'lock'; who: number; locked: boolean }
  | { do: 'look'; who: number }
  | { do: 'end-session'; who: number; how: 'session' | 'client' }
>;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const who = fc.integer({ min: 0, max: 1 });
const which = fc.integer({ min: 0, max: 2 });
const ends = fc.constantFrom<Ending[]>(
  'answered',
  'answered',
  'lost-before',
  'lost-after',
  'garbled-after',
  'gateway-after',
  'offline',
  'unavailable',
  'asked-to-wait',
  'portal',
);

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      who,
      minValidMs: fc.constantFrom(0, MINUTE, 200 * SECOND, HOUR),
      consumer: fc.constantFrom('curl', 'Postman'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('renew' as const), who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('arrange' as const),
      who,
      policy: fc.constantFrom<FreshnessPolicy>('keep-fresh', 'on-demand'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('end' as const), which, how: ends }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      which,
      ok: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 5, arbitrary: fc.constant<Act>({ do: 'flow' }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(SECOND, 5 * SECOND, MINUTE, 235 * SECOND, 301 * SECOND),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('sleep' as const),
      ms: fc.constantFrom(MINUTE, 20 * MINUTE, 8 * HOUR),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Act>({ do: 'suspend' }) },
  { weight: 1, arbitrary: fc.constant<Act>({ do: 'wake' }) },
  { weight: 3, arbitrary: fc.constant<Act>({ do: 'network-back' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('set-clock' as const),
      byMs: fc.constantFrom(-HOUR, -100 * SECOND, HOUR, 10 * 365 * 24 * HOUR),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      written: fc.boolean(),
      served: fc.boolean(),
      machine: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('lock' as const), who, locked: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('look' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('end-session' as const),
      who,
      how: fc.constantFrom<('session' | 'client')[]>('session', 'client'),
    }),
  },
);

/** A history of two accounts. */
export const acts: fc.Arbitrary<Act[]> = fc.array(act, { maxLength: 24 });
