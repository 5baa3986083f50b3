import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Account } from '../../main/accounts/account.ts';
import { tokensOf } from '../../main/accounts/account.ts';
import { fromStored, toStored } from '../../main/accounts/account-storage.ts';
import type { StoredAccount, StoredState } from '../../main/accounts/stored-account.ts';
import { everyState } from './account-events.ts';
import { account, HOUR, MINUTE, session, tokens } from './arrange.ts';

const issuedAt = Date.UTC(2026, 0, 1);
const { access, refresh } = tokens(0);
const pair = { access, refresh, issuedAt, lifetimeMs: 5 * MINUTE };

function record(state: StoredState): StoredAccount {
  return { ...account(), state }; // a record is an account in another state
}

const records: readonly StoredAccount[] = [
  { ...record({ kind: 'unverified', tokens: pair }), session: session({ userId: null }) },
  record({ kind: 'active', tokens: pair, refreshSentAt: null }),
  record({ kind: 'active', tokens: { ...pair, lifetimeMs: null }, refreshSentAt: null }),
  record({ kind: 'signed-out', why: 'registration-gone' }),
  record({ kind: 'signing-out', tokens: pair, since: 1, revokedAt: null }),
  record({ kind: 'signing-out', tokens: pair, since: 1, revokedAt: 2 }),
];

test('toStored() gives back every record that fromStored() read, whenever that was', () => {
  for (const now of [issuedAt, issuedAt + HOUR, issuedAt - HOUR])
    expect(records.map((kept) => toStored(fromStored(kept, now, 77), null))).toEqual(records);
});

test('toStored() notes that a refresh was sent', () => {
  const state = { kind: 'refreshing', tokens: tokens(0), attempt: 0 } as const;
  expect(toStored(account(state), 5).state).toEqual({
    kind: 'active',
    tokens: pair,
    refreshSentAt: 5,
  });
});

test('toStored() keeps every state that has tokens as one that starts again from the disk', () => {
  const kinds = everyState.map((state) => toStored(account(state), null).state.kind);
  const kindsUnknown = everyState.map(
    (state) => toStored(account(state, { session: session({ userId: null }) }), null).state.kind,
  );
  const ends = ['signed-out', 'signing-out', 'signing-out'];
  expect([kinds, kindsUnknown]).toEqual([
    ['unverified', 'unverified', ...Array<string>(6).fill('active'), ...ends],
    [...Array<string>(8).fill('unverified'), ...ends],
  ]);
});

/** When the token expires, on the clock that never jumps, if that starts anew at 1000. */
function expiryAfter(
  ms: number,
  lifetimeMs: number | null = 5 * MINUTE,
): number | null | undefined {
  const kept = record({ kind: 'active', tokens: { ...pair, lifetimeMs }, refreshSentAt: null });
  return tokensOf(fromStored(kept, issuedAt + ms, 1_000))?.expires;
}

test('fromStored() reckons what is left of a token, and takes it as expired where the clock was moved', () => {
  const tenYears = 10 * 365 * 24 * HOUR;
  expect({
    atOnce: expiryAfter(0),
    aMinuteLater: expiryAfter(MINUTE),
    tooLate: expiryAfter(6 * MINUTE),
    tenYearsOn: expiryAfter(tenYears),
    anHourBack: expiryAfter(-HOUR),
    aMomentBack: expiryAfter(-1),
    notSaid: expiryAfter(MINUTE, null),
  }).toEqual({
    atOnce: 1_000 + 5 * MINUTE,
    aMinuteLater: 1_000 + 4 * MINUTE,
    tooLate: 1_000 - MINUTE,
    tenYearsOn: 1_000 + 5 * MINUTE - tenYears,
    anHourBack: 1_000,
    aMomentBack: 1_000,
    notSaid: null,
  });
});

test('fromStored() never takes a token for longer alive than it lives', () => {
  const moments = fc.integer({ min: -1e13, max: 1e13 });
  fc.assert(
    fc.property(moments, fc.nat(1e12), fc.integer({ min: 1, max: 1e10 }), (now, elapsed, life) => {
      const kept = record({
        kind: 'active',
        tokens: { ...pair, issuedAt: 0, lifetimeMs: life },
        refreshSentAt: null,
      });
      const live: Account = fromStored(kept, now, elapsed);
      const expires = tokensOf(live)?.expires ?? Number.NaN;
      return expires <= elapsed + life;
    }),
    { numRuns: 10_000 },
  );
});
