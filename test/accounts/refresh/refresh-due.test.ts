import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lease } from '../../../main/accounts/account.ts';
import { refreshDue, refreshMargin } from '../../../main/accounts/refresh/refresh-due.ts';
import { HOUR, MINUTE, SECOND, tokens } from '../../fixtures/world.ts';

const postman: Lease = { consumer: 'Postman', until: 5 * MINUTE };

test('refreshMargin() is a minute, or a fifth of a short lifetime', () => {
  expect([HOUR, 5 * MINUTE, MINUTE, 10].map(refreshMargin)).toEqual([MINUTE, MINUTE, 12_000, 2]);
});

test('refreshDue() is shortly before the expiry, spread by the jitter, if the token has no lease', () => {
  const due = (chance: number) => refreshDue('keep-fresh', tokens(0), [], chance);
  expect([due(0), due(0.5)]).toEqual([4 * MINUTE, 4 * MINUTE - 3 * SECOND]);
});

test('refreshDue() is at the expiry while the token is in use', () => {
  expect(refreshDue('keep-fresh', tokens(0), [postman], 0.5)).toBe(5 * MINUTE);
});

test('refreshDue() is never when refreshing on demand, or if the expiry is not known', () => {
  const endless = tokens(0, { expires: null, lifetimeMs: null });
  expect([
    refreshDue('on-demand', tokens(0), [], 0),
    refreshDue('on-demand', tokens(0), [postman], 0),
    refreshDue('keep-fresh', endless, [], 0),
    refreshDue('keep-fresh', endless, [{ ...postman, until: null }], 0),
  ]).toEqual([null, null, null, null]);
});

test('refreshDue() is within the lifetime of the token, and never before its holders are done', () => {
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
