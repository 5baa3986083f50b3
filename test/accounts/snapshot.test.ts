import { expect, test } from 'vitest';
import type { AccountState } from '../../main/accounts/account.ts';
import type { LoginPlan, LoginState } from '../../main/accounts/login/login-state.ts';
import { accountSnapshot, loginSnapshot, timeOf } from '../../main/accounts/snapshot.ts';
import { DEFAULT_CLIENT } from '../../main/protocol/oauth/client-metadata.ts';
import { Secret } from '../../main/protocol/secret.ts';
import { parseServerInput } from '../../common/server-input.ts';
import { everyState } from '../fixtures/account-events.ts';
import { account, MINUTE, SECOND, tokens } from '../fixtures/world.ts';
import { askedCode, authServer } from '../fixtures/sign-in-world.ts';

/** The wall clock shows noon; the other one has run for 70 s. */
const noon = Date.UTC(2026, 5, 1, 12);
const moment = { now: noon, monotonic: 70 * SECOND };

function plan(): LoginPlan {
  const typed = parseServerInput('@alice:example.org');
  if (!typed.ok) throw new Error('Cannot be read');
  const { id, label, addedAt, policy } = account();
  const identity = { id, label, addedAt, policy };
  const { userId } = typed.value;
  return { typed: typed.value, userId, client: DEFAULT_CLIENT, label: 'home', identity };
}

const { server, grant, deadline } = askedCode();
const progress = { note: 'slowed-down', polls: 3, next: 80 * SECOND } as const;
const failure = { code: 'unreachable', host: 'matrix.example.org', why: 'dns' } as const;

const everyStep: readonly LoginState[] = [
  { step: 'discovering' },
  { step: 'registering', server },
  { step: 'requesting-code', server, clientId: 'client-1' },
  { step: 'waiting', server, clientId: 'client-1', grant, deadline, progress },
  { step: 'verifying', server, failure: null },
  { step: 'verifying', server: authServer(), failure },
  { step: 'confirming', server, expected: '@alice:example.org', actual: '@bob:example.org' },
  { step: 'done', account: account(), notices: [failure] },
  { step: 'failed', failure },
  { step: 'cancelled' },
];

/** Every reachable value, except inside secrets. */
function reachable(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return [value, ...Reflect.ownKeys(value).flatMap((key) => reachable(Reflect.get(value, key)))];
}

test('accountSnapshot() and loginSnapshot() contain only plain data, and no secrets', () => {
  const leases = [{ consumer: 'Postman', until: 90 * SECOND }];
  const withLeases = (state: AccountState) =>
    state.kind === 'signed-out' ? state : { ...state, leases };
  const pictures = [
    ...everyState.map((state) => accountSnapshot(account(withLeases(state)), moment)),
    ...everyStep.map((state) => loginSnapshot('1', plan(), state, moment)),
  ];
  const values = reachable(pictures);
  const strange = values.filter((value) => {
    if (value instanceof Secret || typeof value === 'function' || value === undefined) return true;
    if (typeof value === 'number') return !Number.isFinite(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    return Object.getPrototypeOf(value) !== Object.prototype;
  });
  expect([strange, JSON.stringify(pictures).match(/A0|R0|DC-secret|\[secret\]/g)]).toEqual([
    [],
    null,
  ]);
});

test('accountSnapshot() can be cloned for the window in every state', () => {
  const pictures = everyState.map((state) => accountSnapshot(account(state), moment));
  expect(structuredClone(pictures)).toEqual(pictures);
});

test('accountSnapshot() shows who holds the token and until when, in wall clock time', () => {
  const leases = [
    { consumer: 'Postman', until: 90 * SECOND },
    { consumer: 'script', until: null },
  ];
  const held = account({ kind: 'active', tokens: tokens(0), leases });
  const endless = account({ kind: 'active', tokens: tokens(0, { expires: null }) });
  expect([accountSnapshot(held, moment).state, accountSnapshot(endless, moment).state]).toEqual([
    {
      kind: 'active',
      expiresAt: noon + 5 * MINUTE - 70 * SECOND,
      heldBy: [
        { consumer: 'Postman', untilAt: noon + 20 * SECOND },
        { consumer: 'script', untilAt: null },
      ],
    },
    { kind: 'active', expiresAt: null, heldBy: [] },
  ]);
});

test('accountSnapshot() has the fields common to every account', () => {
  const { state, ...common } = accountSnapshot(account(), moment);
  expect([state.kind, common]).toEqual([
    'active',
    {
      id: '00000000000000aa',
      label: 'alice',
      userId: '@alice:example.org',
      displayName: 'Alice',
      deviceId: 'DEVICE0001',
      homeserver: 'https://matrix.example.org',
      issuer: 'https://auth.example.org/',
      scope: ['urn:matrix:client:api:*', 'urn:matrix:client:device:DEVICE0001'],
      addedAt: Date.UTC(2025, 11, 1),
      policy: 'keep-fresh',
      accountPage: 'https://auth.example.org/account',
    },
  ]);
});

test('accountSnapshot() shows the failure and the time of the next retry', () => {
  const states = everyState.map((state) => {
    const picture = accountSnapshot(account(state), moment).state;
    const retryAt = 'retryAt' in picture ? picture.retryAt : undefined;
    const notice = 'notice' in picture ? (picture.notice?.code ?? null) : undefined;
    return [picture.kind, retryAt, notice];
  });
  const retryAt = noon + 9 * SECOND - 70 * SECOND;
  expect(states).toEqual([
    ['unverified', undefined, null],
    ['unverified', undefined, 'unreachable'],
    ['active', undefined, undefined],
    ['refreshing', undefined, undefined],
    ['unsaved', undefined, 'disk-full'],
    ['unsaved', undefined, 'disk-full'],
    ['retrying', retryAt, 'unreachable'],
    ['locked', retryAt, 'account-locked'],
    ['signed-out', undefined, undefined],
    ['signing-out', null, null],
    ['signing-out', retryAt, 'unreachable'],
  ]);
});

test('loginSnapshot() shows each step, and the code only while waiting for approval', () => {
  const steps = everyStep.map((state) => loginSnapshot('1', plan(), state, moment).state.step);
  const shown = JSON.stringify(everyStep.map((state) => loginSnapshot('1', plan(), state, moment)));
  expect([steps, shown.split('7XK0QB').length - 1]).toEqual([everyStep.map(({ step }) => step), 1]);
});

test('timeOf() follows the wall clock after it was set', () => {
  expect([
    timeOf(100, { now: 5_000, monotonic: 40.4 }),
    timeOf(0, { now: 0, monotonic: 9 }),
  ]).toEqual([5_060, -9]);
});
