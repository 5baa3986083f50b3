import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Account, AccountEvent } from '../../main/accounts/account.ts';
import {
  attemptOf,
  endOfSession,
  lockOf,
  refreshInDoubt,
  retryGateOf,
  tokensOf,
} from '../../main/accounts/account.ts';
import { nextAccount } from '../../main/accounts/transitions.ts';
import { gateAfter } from '../../main/accounts/refresh/retry-gate.ts';
import type { Failure } from '../../common/failure.ts';
import { events, everyState } from '../fixtures/account-events.ts';
import type { BareState } from '../fixtures/world.ts';
import { account, session, stateFrom, tokens } from '../fixtures/world.ts';

const starts: fc.Arbitrary<Account> = fc
  .tuple(fc.constantFrom(...everyState), fc.constantFrom('@alice:example.org', null))
  .filter(([{ kind }, userId]) => kind !== 'active' || userId !== null)
  .map(([state, userId]) => account(state, { session: session({ userId }) }));

/** Checks `holds` for every step of ten thousand random histories. */
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

test('nextAccount() changes only the settings and the pending write of a signed-out account', () => {
  always((before, event, after) => {
    if (before.state.kind !== 'signed-out') return true;
    const mayChange = ['settings-changed', 'write-failed', 'written', 'refreshed'].includes(
      event.kind,
    );
    return mayChange ? after.state === before.state : after === before;
  });
});

test('nextAccount() lets an account that is signing out become only signed out', () => {
  always((before, _event, { state }) => {
    if (before.state.kind !== 'signing-out') return true;
    return state.kind === 'signing-out' || state.kind === 'signed-out';
  });
});

test('nextAccount() ends a session only on a sign-out, invalid_grant or a lost registration', () => {
  always((before, event, { state }) => {
    if (state.kind === 'signing-out')
      return before.state.kind === 'signing-out' || event.kind === 'sign-out-requested';
    if (state.kind !== 'signed-out') return true;
    return before.state.kind === 'signed-out' || endsSession(event);
  });
});

test('nextAccount() changes tokens only to those from a refresh', () => {
  always((before, event, after) => {
    const kept = tokensOf(before) === tokensOf(after) || tokensOf(after) === null;
    if (event.kind !== 'refreshed' && event.kind !== 'save-failed') return kept;
    return before.state.kind === 'signed-out' || tokensOf(after) === event.tokens;
  });
});

test('nextAccount() makes an account active only if its tokens are saved and its user is known', () => {
  const opening = ['verified', 'refreshed', 'unlocked'];
  always((before, event, after) => {
    if (after.state.kind !== 'active') return true;
    const known = after.session.userId !== null;
    return known && (before.state.kind === 'active' || opening.includes(event.kind));
  });
});

test('nextAccount() drops an unsaved pair only once it is saved, replaced or given up', () => {
  const ending = ['refreshed', 'save-failed', 'sign-out-requested'];
  always((before, event, after) => {
    if (before.state.kind !== 'unsaved' || after.state.kind === 'unsaved') return true;
    return ending.includes(event.kind) || endsSession(event);
  });
});

test('nextAccount() ends a lock only when the server does, or when the session ends', () => {
  const ending = ['unlocked', 'sign-out-requested'];
  always((before, event, after) => {
    if (lockOf(before.state) === null || lockOf(after.state) !== null) return true;
    return ending.includes(event.kind) || endsSession(event);
  });
});

test('nextAccount() keeps a refresh in doubt until its tokens are saved, it was refused, or the session is given up', () => {
  always((before, event, after) => {
    if (!refreshInDoubt(before) || refreshInDoubt(after)) return true;
    return event.kind === 'refreshed' || event.kind === 'refresh-failed' || endsSession(event);
  });
});

test('nextAccount() keeps the first refresh in doubt, however many follow it', () => {
  const doubt = ({ state }: Account) => (state.kind === 'signed-out' ? null : state.pendingRefresh);
  always((before, event, after) => {
    const first = doubt(before);
    return event.kind !== 'refresh-sent' || first === null || doubt(after) === first;
  });
});

test('nextAccount() drops leases only on a new token, or when the session ends', () => {
  const held = ({ state }: Account) => (state.kind === 'signed-out' ? [] : state.leases);
  always((before, event, after) => {
    if (held(before).length === 0 || held(after).length > 0) return true;
    return event.kind === 'refreshed' || endsSession(event);
  });
});

test('nextAccount() closes the gate after a failed refresh, and opens it only on new tokens', () => {
  always((before, event, after) => {
    if (event.kind === 'refresh-failed' && before.state.kind !== 'signed-out')
      return endsSession(event) || retryGateOf(after)?.failure === event.failure;
    if (retryGateOf(before) === null) return retryGateOf(after) === null;
    if (retryGateOf(after) !== null) return true;
    return event.kind === 'refreshed' || event.kind === 'save-failed' || endsSession(event);
  });
});

test('nextAccount() keeps a write pending until one succeeds, and counts the failures, even when signed out', () => {
  always((before, event, after) => {
    if (event.kind === 'write-failed')
      return after.pendingWrite?.attempt === (before.pendingWrite?.attempt ?? 0) + 1;
    const isDone = event.kind === 'written' || event.kind === 'refreshed';
    return isDone ? after.pendingWrite === null : after.pendingWrite === before.pendingWrite;
  });
});

test('nextAccount() does not keep a write pending that can never succeed', () => {
  const failure = { code: 'vault-wrong-passphrase' } as const;
  const after = nextAccount(account(), { kind: 'write-failed', failure, retryAt: 1 });
  expect(after.pendingWrite).toBeNull();
});

test('nextAccount() counts consecutive failures, and resets the count on success', () => {
  always((before, _event, after) => {
    const [was, is] = [attemptOf(before.state), attemptOf(after.state)];
    const forgotten = before.state.kind === 'unsaved' ? (before.state.lock?.attempt ?? 0) : 0;
    return is === was || is === was + 1 || is === forgotten || is === 0;
  });
});

test('nextAccount() changes the id, the place or the user only on verified and settings-changed', () => {
  always((before, event, after) => {
    if (event.kind === 'verified' || event.kind === 'settings-changed')
      return after.id === before.id;
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

test('nextAccount() takes the endpoints and the scope of a refresh even if it could not be saved', () => {
  const moved = session({ scope: ['new'], userId: '@mallory:example.org' });
  const expected = { ...session(), scope: ['new'] };
  const event = { tokens: tokens(1), session: moved };
  const failure = { code: 'disk-full', path: '/vault' } as const;
  expect([
    nextAccount(account(), { kind: 'refreshed', ...event }).session,
    nextAccount(account(), { kind: 'save-failed', ...event, failure, retryAt: 1 }).session,
  ]).toEqual([expected, expected]);
});

const host = 'auth.example.org';
const offline: Failure = { code: 'unreachable', host, why: 'dns' };
const lost: Failure = { code: 'server-unavailable', host, status: 502, retryAfterMs: 5 };
const sent = { at: 1, sent: 2 };

test('nextAccount() follows a refresh that fails twice and then succeeds', () => {
  const life: AccountEvent[] = [
    { kind: 'refresh-sent', pendingRefresh: sent },
    { kind: 'refresh-failed', failure: offline, at: 9, retryAt: 1_000, pendingRefresh: null },
    { kind: 'refresh-sent', pendingRefresh: sent },
    { kind: 'refresh-failed', failure: lost, at: 10, retryAt: 3_000, pendingRefresh: sent },
    { kind: 'refresh-sent', pendingRefresh: { at: 99, sent: 99 } },
    { kind: 'refreshed', tokens: tokens(1), session: session() },
  ];
  let held = account();
  const states = life.map((event) => (held = nextAccount(held, event)).state);
  const old = tokens(0);
  const [gate, later] = [gateAfter(offline, 9), gateAfter(lost, 10)];
  const inDoubt = { tokens: old, pendingRefresh: sent };
  const wait = { attempt: 2, failure: lost, retryAt: 3_000 };
  const expected: readonly BareState[] = [
    { kind: 'refreshing', ...inDoubt, attempt: 0, retryAt: null },
    {
      kind: 'retrying',
      tokens: old,
      retryGate: gate,
      waiting: { attempt: 1, failure: offline, retryAt: 1_000 },
    },
    { kind: 'refreshing', ...inDoubt, retryGate: gate, attempt: 1, retryAt: null },
    { kind: 'retrying', ...inDoubt, retryGate: later, waiting: wait },
    { kind: 'refreshing', ...inDoubt, retryGate: later, attempt: 2, retryAt: null },
    { kind: 'active', tokens: tokens(1) },
  ];
  expect(states).toEqual(expected.map(stateFrom));
});

test('nextAccount() keeps a lock across a refresh, and unlocks to the previous state', () => {
  const lock = { attempt: 1, failure: { code: 'account-locked' }, retryAt: 300_000 } as const;
  const life: AccountEvent[] = [
    { kind: 'locked', failure: lock.failure, retryAt: lock.retryAt },
    { kind: 'refresh-sent', pendingRefresh: sent },
    { kind: 'refreshed', tokens: tokens(1), session: session() },
    { kind: 'verify-failed', failure: offline, retryAt: 600_000 },
    { kind: 'unlocked' },
  ];
  const lives = [session(), session({ userId: null })].map((known) => {
    let held = account(
      { kind: 'unverified', tokens: tokens(0), waiting: null },
      { session: known },
    );
    return life.map((event) => (held = nextAccount(held, event)).state);
  });
  const locked: BareState[] = [
    { kind: 'locked', tokens: tokens(0), waiting: lock },
    { kind: 'locked', tokens: tokens(0), pendingRefresh: sent, waiting: lock },
    { kind: 'locked', tokens: tokens(1), waiting: lock },
    { kind: 'locked', tokens: tokens(1), waiting: { ...lock, attempt: 2, retryAt: 600_000 } },
  ];
  const unlocked: BareState[] = [
    { kind: 'active', tokens: tokens(1) },
    { kind: 'unverified', tokens: tokens(1), waiting: null },
  ];
  expect(lives).toEqual(unlocked.map((end) => [...locked, end].map(stateFrom)));
});
