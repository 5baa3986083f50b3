import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lease } from '../../main/accounts/account.ts';
import { activeLeases, livesLongEnough, withLease } from '../../main/accounts/lease.ts';
import { account, HOUR, MINUTE, tokens } from '../fixtures/world.ts';

const postman: Lease = { consumer: 'Postman', until: 5 * MINUTE };

test('livesLongEnough() compares the remaining lifetime with the requested one', () => {
  const at = (elapsed: number) => livesLongEnough(tokens(0), MINUTE, elapsed);
  expect([at(0), at(4 * MINUTE), at(4 * MINUTE + 1), at(5 * MINUTE)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('livesLongEnough() is false for an expired token, however little is requested', () => {
  const at = (elapsed: number) => livesLongEnough(tokens(0), 0, elapsed);
  expect([at(5 * MINUTE - 1), at(5 * MINUTE)]).toEqual([true, false]);
});

test('livesLongEnough() requires no more than the lifetime of a fresh token', () => {
  const at = (elapsed: number) => livesLongEnough(tokens(0), HOUR, elapsed);
  expect([at(0), at(MINUTE), at(MINUTE + 1)]).toEqual([true, true, false]);
});

test('livesLongEnough() is true if the expiry is not known', () => {
  expect(livesLongEnough(tokens(0, { expires: null, lifetimeMs: null }), HOUR, HOUR)).toBe(true);
});

test('livesLongEnough() is true for every fresh token, whatever is requested', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e10 }), fc.nat(1e12), (lifetimeMs, minValidMs) =>
      livesLongEnough(tokens(0, { lifetimeMs, expires: lifetimeMs }), minValidMs, 0),
    ),
    { numRuns: 10_000 },
  );
});

const script: Lease = { consumer: 'script', until: null };

test('activeLeases() drops expired leases', () => {
  const held = account({ kind: 'active', tokens: tokens(0), leases: [postman, script] });
  const [before, after] = [5 * MINUTE - 1, 5 * MINUTE].map((now) => activeLeases(held, now));
  expect({ before, after }).toEqual({ before: [postman, script], after: [script] });
});

test('activeLeases() is empty while the token may be dead', () => {
  const facts = { leases: [postman], pendingRefresh: { at: 1, sent: 1 } };
  const held = account({ kind: 'active', tokens: tokens(0), ...facts });
  expect(activeLeases(held, 0)).toEqual([]);
});

test('withLease() replaces the lease of the same consumer, and drops expired ones', () => {
  const later = { consumer: 'Postman', until: 9 * MINUTE };
  const other = { consumer: 'backup', until: 1 };
  const at = (now: number) => withLease([postman, other, script], later, now);
  expect({ early: at(0), late: at(1) }).toEqual({
    early: [other, script, later],
    late: [script, later],
  });
});
