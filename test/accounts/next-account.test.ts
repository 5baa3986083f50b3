import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Account, AccountEvent, AccountState } from '../../main/accounts/account.ts';
import { attemptOf, endOfSession, lockOf, tokensOf } from '../../main/accounts/account.ts';
import { nextAccount } from '../../main/accounts/next-account.ts';
import type { Failure } from '../../common/failure.ts';
import { events, everyState } from './account-events.ts';
import { account, session, tokens } from './arrange.ts';

const starts: fc.Arbitrary<Account> = fc
  .tuple(fc.constantFrom(...everyState), fc.constantFrom('@alice:example.org', null))
  .filter(([{ kind }, userId]) => kind !== 'active' || userId !== null)
  .map(([state, userId]) => account(state, { session: session({ userId }) }));

/** Checks `holds` for every step of ten thousand random lives. */
function always(holds: (before: Account, event: AccountEvent, after: Account) => boolean): void {
  fc.assert(
    fc.property(starts, fc.array(events, { maxLength: 12 }), (start, happened) => {
      let before = start;
      for (const event of happened) {
        const after = nextAccount(before, event);
        if (!holds(before, event, after)) return false;
        before = after;
      }
      return true;
    }),
    { numRuns: 10_000 },
  );
}

const endsSession = (event: AccountEvent) =>
  event.kind === 'signed-out' ||
  (event.kind === 'refresh-failed' && endOfSession(event.failure) !== null);

test('nextAccount() leaves a signed-out account as it is, but for what the person calls it', () => {
  always((before, event, after) => {
    if (before.state.kind !== 'signed-out') return true;
    return event.kind === 'arranged' ? after.state === before.state : after === before;
  });
});

test('nextAccount() never lets an account that is signing out become anything but signed out', () => {
  always((before, _event, { state }) => {
    if (before.state.kind !== 'signing-out') return true;
    return state.kind === 'signing-out' || state.kind === 'signed-out';
  });
});

test('nextAccount() ends a session only by the person, invalid_grant or a lost registration', () => {
  always((before, event, { state }) => {
    if (state.kind === 'signing-out')
      return before.state.kind === 'signing-out' || event.kind === 'sign-out-asked';
    if (state.kind !== 'signed-out') return true;
    return before.state.kind === 'signed-out' || endsSession(event);
  });
});

test('nextAccount() changes tokens only by what a refresh brought', () => {
  always((before, event, after) => {
    const kept = tokensOf(before) === tokensOf(after) || tokensOf(after) === null;
    if (event.kind !== 'refreshed' && event.kind !== 'save-failed') return kept;
    return before.state.kind === 'signed-out' || tokensOf(after) === event.tokens;
  });
});

test('nextAccount() makes an account active only with saved tokens of a known user', () => {
  const opening = ['verified', 'refreshed', 'unlocked'];
  always((before, event, after) => {
    if (after.state.kind !== 'active') return true;
    const known = after.session.userId !== null;
    return known && (before.state.kind === 'active' || opening.includes(event.kind));
  });
});

test('nextAccount() lets an unsaved pair go only once it is saved, replaced or given up', () => {
  const ending = ['refreshed', 'save-failed', 'sign-out-asked'];
  always((before, event, after) => {
    if (before.state.kind !== 'unsaved' || after.state.kind === 'unsaved') return true;
    return ending.includes(event.kind) || endsSession(event);
  });
});

test('nextAccount() ends a lock only by the word of the server, or of the person', () => {
  const ending = ['unlocked', 'sign-out-asked'];
  always((before, event, after) => {
    if (lockOf(before.state) === null || lockOf(after.state) !== null) return true;
    return ending.includes(event.kind) || endsSession(event);
  });
});

test('nextAccount() counts the failures in a row, one by one, and forgets them after a success', () => {
  always((before, _event, after) => {
    const [was, is] = [attemptOf(before.state), attemptOf(after.state)];
    const forgotten = before.state.kind === 'unsaved' ? (before.state.lock?.attempt ?? 0) : 0;
    return is === was || is === was + 1 || is === forgotten || is === 0;
  });
});

test('nextAccount() never changes the id, the place or who signed in, but by verified and arranged', () => {
  always((before, event, after) => {
    if (event.kind === 'verified' || event.kind === 'arranged') return after.id === before.id;
    const { id, label, typed, addedAt, policy } = after;
    const { userId, deviceId, clientId } = after.session;
    return (
      [id, label, typed, addedAt, policy, userId, deviceId, clientId].join() ===
      [
        before.id,
        before.label,
        before.typed,
        before.addedAt,
        before.policy,
        before.session.userId,
        before.session.deviceId,
        before.session.clientId,
      ].join()
    );
  });
});

test('nextAccount() takes the endpoints and the scope of a refresh, also when it could not be saved', () => {
  const moved = session({ scope: ['new'], userId: '@mallory:example.org' });
  const expected = { ...session(), scope: ['new'] };
  const event = { tokens: tokens(1), session: moved };
  const failure = { code: 'disk-full', path: '/vault' } as const;
  expect([
    nextAccount(account(), { kind: 'refreshed', ...event }).session,
    nextAccount(account(), { kind: 'save-failed', ...event, failure, retry: 1 }).session,
  ]).toEqual([expected, expected]);
});

const offline: Failure = { code: 'unreachable', host: 'auth.example.org', why: 'dns' };

test('nextAccount() tells the life of a refresh that fails twice and then works', () => {
  const life: AccountEvent[] = [
    { kind: 'refresh-sent' },
    { kind: 'refresh-failed', failure: offline, retry: 1_000 },
    { kind: 'refresh-sent' },
    { kind: 'refresh-failed', failure: offline, retry: 3_000 },
    { kind: 'refresh-sent' },
    { kind: 'refreshed', tokens: tokens(1), session: session() },
  ];
  let held = account();
  const states = life.map((event) => (held = nextAccount(held, event)).state);
  const old = tokens(0);
  expect(states).toEqual<AccountState[]>([
    { kind: 'refreshing', tokens: old, attempt: 0 },
    { kind: 'retrying', tokens: old, waiting: { attempt: 1, failure: offline, retry: 1_000 } },
    { kind: 'refreshing', tokens: old, attempt: 1 },
    { kind: 'retrying', tokens: old, waiting: { attempt: 2, failure: offline, retry: 3_000 } },
    { kind: 'refreshing', tokens: old, attempt: 2 },
    { kind: 'active', tokens: tokens(1) },
  ]);
});

test('nextAccount() keeps a lock over a refresh, and opens it as what the account was', () => {
  const lock = { attempt: 1, failure: { code: 'account-locked' }, retry: 300_000 } as const;
  const life: AccountEvent[] = [
    { kind: 'locked', failure: lock.failure, retry: lock.retry },
    { kind: 'refresh-sent' },
    { kind: 'refreshed', tokens: tokens(1), session: session() },
    { kind: 'verify-failed', failure: offline, retry: 600_000 },
    { kind: 'unlocked' },
  ];
  const lives = [session(), session({ userId: null })].map((known) => {
    let held = account(
      { kind: 'unverified', tokens: tokens(0), waiting: null },
      { session: known },
    );
    return life.map((event) => (held = nextAccount(held, event)).state);
  });
  const locked: AccountState[] = [
    { kind: 'locked', tokens: tokens(0), waiting: lock },
    { kind: 'locked', tokens: tokens(0), waiting: lock },
    { kind: 'locked', tokens: tokens(1), waiting: lock },
    { kind: 'locked', tokens: tokens(1), waiting: { ...lock, attempt: 2, retry: 600_000 } },
  ];
  expect(lives).toEqual<AccountState[][]>([
    [...locked, { kind: 'active', tokens: tokens(1) }],
    [...locked, { kind: 'unverified', tokens: tokens(1), waiting: null }],
  ]);
});
