import { expect, test } from 'vitest';
import { refreshOnDemand } from '../../../main/accounts/refresh/on-demand.ts';
import { retryGateOf } from '../../../main/accounts/account.ts';
import { nextAccount } from '../../../main/accounts/transitions.ts';
import { callerBlock, gateAfter, serverBlock } from '../../../main/accounts/refresh/retry-gate.ts';
import type { Failure } from '../../../common/failure.ts';
import { retryAfterMs } from '../../../common/failure.ts';
import {
  account,
  makeWorld,
  counts,
  HOUR,
  manage,
  MINUTE,
  newTokens,
  noAnswer,
  SECOND,
  session,
  tokens,
} from '../../fixtures/world.ts';
import { makeAccounts, onlyAccount } from '../../fixtures/accounts.ts';
import { json, raw } from '../../protocol/http/scripted-network.ts';

const host = 'auth.example.org';

function limited(afterMs: number | null): Failure {
  return { code: 'rate-limited', host, retryAfterMs: afterMs };
}

/** What `callerBlock` and `serverBlock` say at these times after `failure`. */
function saidAfter(failure: Failure, instants: readonly number[]): unknown[] {
  const gate = gateAfter(failure, 0);
  return instants.map((now) => {
    const [early, told] = [callerBlock(gate, now), serverBlock(gate, now)];
    return [early?.code ?? null, told === null ? null : retryAfterMs(told)];
  });
}

test('RetryGate blocks requests until the time the server named, and says how long that is from now', () => {
  const instants = [0, 5 * SECOND, 19_999, 20 * SECOND];
  expect(saidAfter(limited(20 * SECOND), instants)).toEqual([
    ['rate-limited', 20 * SECOND],
    ['rate-limited', 15 * SECOND],
    ['rate-limited', 1],
    [null, null],
  ]);
});

test('RetryGate lets callers retry once a second if the server named no time', () => {
  expect(saidAfter({ code: 'unreachable', host, why: 'dns' }, [0, 999, SECOND])).toEqual([
    ['unreachable', null],
    ['unreachable', null],
    [null, null],
  ]);
});

test("RetryGate respects a server's wait up to an hour", () => {
  expect(saidAfter(limited(24 * HOUR), [0, HOUR - 1, HOUR])).toEqual([
    ['rate-limited', HOUR],
    ['rate-limited', 1],
    [null, null],
  ]);
});

test('RetryGate opens as soon as new tokens arrive, saved or not', () => {
  const failed = nextAccount(account(), {
    kind: 'refresh-failed',
    failure: limited(MINUTE),
    at: 5,
    retryAt: MINUTE,
    pendingRefresh: null,
  });
  const fresh = { tokens: tokens(1), session: session() };
  const saved = nextAccount(failed, { kind: 'refreshed', ...fresh });
  const failure = { code: 'disk-full', path: '/vault' } as const;
  const unsaved = nextAccount(failed, { kind: 'save-failed', ...fresh, failure, retryAt: 9 });
  const gates = [failed, saved, unsaved].map(retryGateOf);
  const said = gates.map((gate) => [callerBlock(gate, 6)?.code, serverBlock(gate, 6)?.code]);
  expect({ gates, said }).toEqual({
    gates: [{ failure: limited(MINUTE), failedAt: 5, notBefore: 5 + MINUTE }, null, null],
    said: [
      ['rate-limited', 'rate-limited'],
      [undefined, undefined],
      [undefined, undefined],
    ],
  });
});

const pausing = json({ error: 'slow_down' }, 429, { 'retry-after': '600' });

test.each([
  [
    'locked',
    {
      kind: 'locked',
      waiting: { attempt: 1, retryAt: MINUTE, failure: { code: 'account-locked' } },
    },
  ],
  ['signing out', { kind: 'signing-out', since: 1, revokedAt: null, waiting: null }],
  ['not verified yet', { kind: 'unverified', waiting: null }],
] as const)(
  'ManagedAccount respects Retry-After while it is %s, whatever the caller',
  async (_what, state) => {
    const world = makeWorld({ refresh: [pausing, newTokens(1)] });
    const managed = manage(world, account({ ...state, tokens: tokens(0) }));
    await managed.refresh();
    for (let second = 0; second < 600; second += 1) {
      await refreshOnDemand(managed, world.deps);
      await managed.forceRefresh();
      await managed.ensureFresh(10 * MINUTE);
      await managed.refresh();
      await world.clock.advance(SECOND);
    }
    const asked = counts(world.asked);
    const renewed = await managed.refresh();
    expect([asked, renewed.ok]).toEqual([{ refresh: 1 }, true]);
  },
);

test('refreshOnDemand() does not return an old token as success while a locked account has to wait for its server', async () => {
  const world = makeWorld({ refresh: [pausing] });
  const waiting = { attempt: 1, retryAt: MINUTE, failure: { code: 'account-locked' } } as const;
  const managed = manage(world, account({ kind: 'locked', tokens: tokens(0), waiting }));
  await managed.refresh();
  const told = new Set<string>();
  for (let time = 0; time < 30; time += 1) {
    const renewed = await refreshOnDemand(managed, world.deps);
    told.add(renewed.ok ? 'new tokens' : renewed.failure.code);
  }
  expect([[...told], counts(world.asked)]).toEqual([['rate-limited'], { refresh: 1 }]);
});

test('Accounts check an account that became locked during a wait once when the wait ends, not in a loop', async () => {
  const world = makeAccounts({ refresh: [pausing, noAnswer('dns')] }, { account: account() });
  const managed = onlyAccount(world);
  await managed.refresh();
  const failure = { code: 'account-locked' } as const;
  managed.apply({ kind: 'locked', failure, retryAt: world.clock.monotonicNow() + MINUTE });
  const due = managed.nextActionAt();
  await world.clock.advance(10 * MINUTE - 1);
  const during = counts(world.asked);
  await world.clock.advance(1);
  expect([due, during, counts(world.asked)]).toEqual([10 * MINUTE, { refresh: 1 }, { refresh: 2 }]);
});

test('Accounts that sign out during a wait refresh when it ends', async () => {
  const lost = raw('<html>', 504, { 'retry-after': '600' });
  const world = makeAccounts(
    { refresh: [lost, newTokens(1)], revocation: [json({})], whoami: [raw('', 401)] },
    { account: account() },
  );
  const managed = onlyAccount(world);
  await managed.refresh();
  const first = await world.accounts.signOut(managed);
  const again = await world.accounts.signOut(managed);
  await world.clock.advance(10 * MINUTE - 1);
  const during = counts(world.asked);
  await world.clock.advance(MINUTE);
  expect([first, again, during, counts(world.asked).refresh]).toEqual([
    'queued',
    'queued',
    { refresh: 1 },
    2,
  ]);
});
