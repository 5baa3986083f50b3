import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lease } from '../../main/accounts/account.ts';
import {
  activeLeases,
  livesLongEnough,
  refreshDue,
  refreshMargin,
  withLease,
} from '../../main/accounts/lease.ts';
import { account, HOUR, MINUTE, SECOND, tokens } from '../fixtures/world.ts';

const postman: Lease = { consumer: 'Postman', until: 5 * MINUTE };

test('refreshMargin() is a minute, or a fifth of a short life', () => {
  expect([HOUR, 5 * MINUTE, MINUTE, 10].map(refreshMargin)).toEqual([MINUTE, MINUTE, 12_000, 2]);
});

test('refreshDue() comes shortly before the end, spread by chance, while nobody holds the token', () => {
  const due = (chance: number) => refreshDue('keep-fresh', tokens(0), [], chance);
  expect([due(0), due(0.5)]).toEqual([4 * MINUTE, 4 * MINUTE - 3 * SECOND]);
});

test('refreshDue() comes at the end while somebody holds the token', () => {
  expect(refreshDue('keep-fresh', tokens(0), [postman], 0.5)).toBe(5 * MINUTE);
});

test('refreshDue() never comes on demand, nor where the end is not known', () => {
  const endless = tokens(0, { expires: null, lifetimeMs: null });
  expect([
    refreshDue('on-demand', tokens(0), [], 0),
    refreshDue('on-demand', tokens(0), [postman], 0),
    refreshDue('keep-fresh', endless, [], 0),
    refreshDue('keep-fresh', endless, [{ ...postman, until: null }], 0),
  ]).toEqual([null, null, null, null]);
});

test('refreshDue() lies in the life of the token, and never before a holder is done', () => {
  const lives = fc.integer({ min: 1, max: 7 * 24 * HOUR });
  const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(lives, chances, fc.boolean(), (lifetimeMs, chance, isHeld) => {
      const held = tokens(0, { lifetimeMs, expires: lifetimeMs });
      const leases = isHeld ? [{ consumer: 'tool', until: lifetimeMs }] : [];
      const due = refreshDue('keep-fresh', held, leases, chance) ?? Number.NaN;
      return due <= lifetimeMs && due >= (isHeld ? lifetimeMs : lifetimeMs * 0.779);
    }),
    { numRuns: 10_000 },
  );
});

test('livesLongEnough() says whether the rest of the life is as long as asked', () => {
  const at = (elapsed: number) => livesLongEnough(tokens(0), MINUTE, elapsed);
  expect([at(0), at(4 * MINUTE), at(4 * MINUTE + 1), at(5 * MINUTE)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('livesLongEnough() does not take an expired token, however little is asked', () => {
  const at = (elapsed: number) => livesLongEnough(tokens(0), 0, elapsed);
  expect([at(5 * MINUTE - 1), at(5 * MINUTE)]).toEqual([true, false]);
});

test('livesLongEnough() asks no more of a token than a fresh one has', () => {
  const at = (elapsed: number) => livesLongEnough(tokens(0), HOUR, elapsed);
  expect([at(0), at(MINUTE), at(MINUTE + 1)]).toEqual([true, true, false]);
});

test('livesLongEnough() takes a token whose end is not known', () => {
  expect(livesLongEnough(tokens(0, { expires: null, lifetimeMs: null }), HOUR, HOUR)).toBe(true);
});

test('livesLongEnough() is true of every fresh token, whatever is asked', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e10 }), fc.nat(1e12), (lifetimeMs, minValidMs) =>
      livesLongEnough(tokens(0, { lifetimeMs, expires: lifetimeMs }), minValidMs, 0),
    ),
    { numRuns: 10_000 },
  );
});

const script: Lease = { consumer: 'script', until: null };

test('activeLeases() forgets leases that are over', () => {
  const held = account({ kind: 'active', tokens: tokens(0), leases: [postman, script] });
  const [before, after] = [5 * MINUTE - 1, 5 * MINUTE].map((now) => activeLeases(held, now));
  expect({ before, after }).toEqual({ before: [postman, script], after: [script] });
});

test('activeLeases() counts nobody while the token may be dead', () => {
  const facts = { leases: [postman], refreshSentAt: { at: 1, sent: 1 } };
  const held = account({ kind: 'active', tokens: tokens(0), ...facts });
  expect(activeLeases(held, 0)).toEqual([]);
});

test('withLease() replaces what the same consumer held, and drops what is over', () => {
  const later = { consumer: 'Postman', until: 9 * MINUTE };
  const other = { consumer: 'backup', until: 1 };
  const at = (now: number) => withLease([postman, other, script], later, now);
  expect({ early: at(0), late: at(1) }).toEqual({
    early: [other, script, later],
    late: [script, later],
  });
});
