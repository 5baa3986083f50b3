import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Account } from '../../main/accounts/account.ts';
import { tokensOf } from '../../main/accounts/account.ts';
import { fromStored, toStored } from '../../main/accounts/record-codec.ts';
import { BEFORE_RESTART } from '../../main/accounts/lease.ts';
import type { StoredAccount, StoredState, StoredTokens } from '../../main/accounts/record.ts';
import type { WallAndUptime } from '../../main/accounts/uptime.ts';
import { everyState } from '../fixtures/account-events.ts';
import { account, HOUR, MINUTE, SECOND, session, tokens } from '../fixtures/world.ts';

const issuedAt = Date.UTC(2026, 0, 1);
const { access, refresh, issuedUptime } = tokens(0);
const pair = { access, refresh, issuedAt, issuedUptime, lifetimeMs: 5 * MINUTE };
const noNotes = { refreshSentAt: null, held: false };
const { id, label, typed, addedAt, policy } = account();

function record(state: StoredState): StoredAccount {
  return { id, label, typed, addedAt, policy, session: session(), state };
}

/** The given time after the tokens were issued, on the two clocks that outlive a process. */
function later(byUptimeMs: number, byWallMs = byUptimeMs, boot: string | null = 'boot 1') {
  return { now: issuedAt + byWallMs, uptime: { boot, ms: byUptimeMs } };
}

const unknown = session({ userId: null });
const records: readonly StoredAccount[] = [
  { ...record({ kind: 'unverified', tokens: pair, refreshSentAt: null }), session: unknown },
  { ...record({ kind: 'unverified', tokens: pair, refreshSentAt: 3 }), session: unknown },
  record({ kind: 'active', tokens: pair, ...noNotes }),
  record({ kind: 'active', tokens: pair, refreshSentAt: 3, held: true }),
  record({ kind: 'active', tokens: { ...pair, lifetimeMs: null, issuedUptime: null }, ...noNotes }),
  record({ kind: 'signed-out', why: 'registration-gone' }),
  record({ kind: 'signing-out', tokens: pair, since: 1, revokedAt: null }),
  record({ kind: 'signing-out', tokens: pair, since: 1, revokedAt: 2 }),
];

test('toStored() reproduces every record that fromStored() read, at any time', () => {
  for (const moment of [later(0), later(HOUR), later(HOUR, -HOUR)])
    expect(records.map((kept) => toStored(fromStored(kept, moment, 77, 0.5)))).toEqual(records);
});

test('toStored() notes that a refresh was sent, whether or not the account is verified', () => {
  const facts = { pendingRefresh: { at: 5, sent: 1 }, leases: [{ consumer: 'curl', until: 2 }] };
  const state = { kind: 'refreshing', tokens: tokens(0), attempt: 0, retryAt: null } as const;
  expect([
    toStored(account({ ...state, ...facts })).state,
    toStored(account({ ...state, ...facts }, { session: unknown })).state,
  ]).toEqual([
    { kind: 'active', tokens: pair, refreshSentAt: 5, held: true },
    { kind: 'unverified', tokens: pair, refreshSentAt: 5 },
  ]);
});

test('toStored() stores every state with tokens so that it can be loaded again', () => {
  const kinds = everyState.map((state) => toStored(account(state)).state.kind);
  const kindsUnknown = everyState.map(
    (state) => toStored(account(state, { session: unknown })).state.kind,
  );
  const ends = ['signed-out', 'signing-out', 'signing-out'];
  expect([kinds, kindsUnknown]).toEqual([
    ['unverified', 'unverified', ...Array<string>(6).fill('active'), ...ends],
    [...Array<string>(8).fill('unverified'), ...ends],
  ]);
});

/** When the token expires on the monotonic clock, if that restarts at 1000. */
function expiryAt(
  moment: WallAndUptime,
  over: Partial<StoredTokens> = {},
): number | null | undefined {
  const kept = record({ kind: 'active', tokens: { ...pair, ...over }, ...noNotes });
  return tokensOf(fromStored(kept, moment, 1_000, 0))?.expires;
}

test('fromStored() computes the remaining lifetime of a token, and treats it as expired if its age is unknown', () => {
  expect({
    atOnce: expiryAt(later(0)),
    aMinuteLater: expiryAt(later(MINUTE)),
    tooLate: expiryAt(later(6 * MINUTE)),
    setBack: expiryAt(later(5 * MINUTE - 10 * SECOND, MINUTE - 10 * SECOND)),
    setOn: expiryAt(later(MINUTE, HOUR)),
    startedAnew: expiryAt(later(MINUTE, MINUTE, 'boot 2')),
    noUptimeKept: expiryAt(later(MINUTE), { issuedUptime: null }),
    notSaid: expiryAt(later(MINUTE), { lifetimeMs: null }),
  }).toEqual({
    atOnce: 1_000 + 5 * MINUTE,
    aMinuteLater: 1_000 + 4 * MINUTE,
    tooLate: 1_000 - MINUTE,
    setBack: 1_000,
    setOn: 1_000,
    startedAnew: 1_000,
    noUptimeKept: 1_000,
    notSaid: null,
  });
});

test('fromStored() never overestimates the remaining lifetime of a token', () => {
  const wall = fc.integer({ min: -1e13, max: 1e13 });
  const uptime = fc.integer({ min: 0, max: 1e13 });
  const life = fc.integer({ min: 1, max: 1e10 });
  fc.assert(
    fc.property(wall, uptime, fc.nat(1e12), life, (byWall, byUptime, elapsed, lifetimeMs) => {
      const kept = record({ kind: 'active', tokens: { ...pair, lifetimeMs }, ...noNotes });
      const managed: Account = fromStored(kept, later(byUptime, byWall), elapsed, 0);
      const expires = tokensOf(managed)?.expires ?? Number.NaN;
      return expires <= elapsed + Math.max(0, lifetimeMs - byUptime);
    }),
    { numRuns: 10_000 },
  );
});

test('fromStored() converts what an earlier process knew about the tokens to the clock of this one', () => {
  const noted = records.map((kept) => fromStored(kept, later(0), 77, 0).state);
  const facts = noted.map((state) =>
    state.kind === 'signed-out' ? null : [state.pendingRefresh, state.leases, state.retryGate],
  );
  const held = [{ consumer: BEFORE_RESTART, until: 77 + 5 * MINUTE }];
  expect({ facts }).toEqual({
    facts: [
      [null, [], null],
      [{ at: 3, sent: 77 }, [], null],
      [null, [], null],
      [{ at: 3, sent: 77 }, held, null],
      [null, [], null],
      null,
      [{ at: 1, sent: 77 }, [], null],
      [null, [], null],
    ],
  });
});
