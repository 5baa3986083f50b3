import fc from 'fast-check';
import type { AccountEvent, AccountState, Tokens } from '../../main/accounts/account.ts';
import type { Failure, VaultFailure } from '../../common/failure.ts';
import type { BareState } from './arrange.ts';
import { session, stateFrom, tokens } from './arrange.ts';

const host = 'auth.example.org';

/** Failures that a refresh can end with. */
export const failures: fc.Arbitrary<Failure> = fc.constantFrom<Failure[]>(
  { code: 'session-ended', error: 'invalid_grant' },
  { code: 'registration-gone', error: 'invalid_client' },
  { code: 'unreachable', host, why: 'timeout' },
  { code: 'unreachable', host, why: 'dns' },
  { code: 'rate-limited', host, retryAfterMs: 5_000 },
  { code: 'server-unavailable', host, status: 503, retryAfterMs: null },
  { code: 'malformed-response', host, field: 'body' },
  { code: 'endpoint-gone', host, status: 404 },
  { code: 'issuer-changed', was: 'https://a.example/', is: 'https://b.example/' },
  { code: 'token-rejected', errcode: 'M_UNKNOWN_TOKEN', softLogout: false },
  { code: 'revocation-refused', host, status: 401, error: null },
  { code: 'disk-full', path: '/vault' },
);

const disk: VaultFailure = { code: 'disk-full', path: '/vault' };
const retries = fc.integer({ min: 0, max: 1_000_000 });
const renewed = session();
const pending = fc.record({ at: retries, sent: retries });
const leases = fc.record({
  consumer: fc.constantFrom('curl', 'Postman'),
  until: fc.option(retries),
});

/** Tokens that no other call has given: compared by identity. */
export const pairs: fc.Arbitrary<Tokens> = fc.integer({ min: 1, max: 999 }).map((n) => tokens(n));

/** Anything that can happen to an account. */
export const events: fc.Arbitrary<AccountEvent> = fc.oneof(
  fc.constant<AccountEvent>({
    kind: 'verified',
    who: { userId: '@alice:example.org', deviceId: 'DEVICE0001', displayName: null },
    place: { label: 'alice', policy: 'keep-fresh', addedAt: 1 },
  }),
  fc.constant<AccountEvent>({ kind: 'arranged', label: 'work', policy: 'on-demand' }),
  fc.record({ kind: fc.constant('verify-failed' as const), failure: failures, retry: retries }),
  pending.map((sent): AccountEvent => ({ kind: 'refresh-sent', sent })),
  fc.record({ kind: fc.constant('refresh-over' as const), retry: retries }),
  pairs.map((pair): AccountEvent => ({ kind: 'refreshed', tokens: pair, session: renewed })),
  fc.tuple(pairs, retries).map(([pair, retry]): AccountEvent => {
    return { kind: 'save-failed', tokens: pair, session: renewed, failure: disk, retry };
  }),
  fc.record({
    kind: fc.constant('refresh-failed' as const),
    failure: failures,
    at: retries,
    retry: retries,
    refreshSentAt: fc.option(pending),
  }),
  fc.record({ kind: fc.constant('handed-out' as const), lease: leases, at: retries }),
  fc.constant<AccountEvent>({ kind: 'written' }),
  retries.map((retry): AccountEvent => ({ kind: 'write-failed', failure: disk, retry })),
  fc.record({ kind: fc.constant('locked' as const), failure: failures, retry: retries }),
  fc.constant<AccountEvent>({ kind: 'unlocked' }),
  fc.record({ kind: fc.constant('sign-out-asked' as const), since: retries }),
  fc.record({ kind: fc.constant('revoked' as const), at: retries }),
  fc.constant<AccountEvent>({ kind: 'revocation-void' }),
  fc.record({ kind: fc.constant('sign-out-failed' as const), failure: failures, retry: retries }),
  fc.record({
    kind: fc.constant('signed-out' as const),
    why: fc.constantFrom('by-user' as const, 'ended-by-server' as const),
  }),
);

const failure: Failure = { code: 'unreachable', host, why: 'dns' };
const waiting = { attempt: 3, retry: 9_000, failure };

const bareStates: readonly BareState[] = [
  { kind: 'unverified', tokens: tokens(0), waiting: null },
  { kind: 'unverified', tokens: tokens(0), waiting },
  { kind: 'active', tokens: tokens(0) },
  { kind: 'refreshing', tokens: tokens(0), attempt: 2, retry: null },
  { kind: 'unsaved', tokens: tokens(0), waiting: { ...waiting, failure: disk }, lock: null },
  {
    kind: 'unsaved',
    tokens: tokens(0),
    waiting: { ...waiting, failure: disk },
    lock: { ...waiting, failure: { code: 'account-locked' } },
  },
  { kind: 'retrying', tokens: tokens(0), waiting },
  {
    kind: 'locked',
    tokens: tokens(0),
    waiting: { ...waiting, failure: { code: 'account-locked' } },
  },
  { kind: 'signed-out', why: 'ended-by-server' },
  { kind: 'signing-out', tokens: tokens(0), since: 1, revokedAt: null, waiting: null },
  { kind: 'signing-out', tokens: tokens(0), since: 1, revokedAt: 2, waiting },
];

/** One account state of each kind, with the tokens `A0 R0`. */
export const everyState: readonly AccountState[] = bareStates.map(stateFrom);
