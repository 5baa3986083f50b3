import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loginLines, NOTHING_SENT } from '../../main/agent/login-stream.ts';
import type { LoginStateSnapshot } from '../../common/snapshots.ts';
import { doneState, NOW, waitingState } from '../fixtures/fake-engine.ts';

const COMMON = { homeserver: 'https://matrix.example.org', issuer: 'https://auth.example.org/' };

/** A login from start to finish. */
const STATES: readonly LoginStateSnapshot[] = [
  { step: 'discovering' },
  { step: 'registering', ...COMMON },
  { step: 'requesting-code', ...COMMON, clientId: '01CLIENT' },
  waitingState(),
  waitingState({ poll: { state: 'slowed-down', polls: 1, nextAt: NOW + 15_000 } }),
  { step: 'verifying', ...COMMON, notice: null },
  doneState('alice'),
];

function stepsOf(states: readonly LoginStateSnapshot[]): unknown[] {
  let sent = NOTHING_SENT;
  return states.flatMap((state) => {
    const login = { id: 'login-1', typed: 'example.org', label: null, state };
    const update = loginLines(sent, login, NOW);
    sent = update.sent;
    return update.lines.map(({ step }) => step);
  });
}

const WHOLE = ['discovered', 'registered', 'code', 'waiting', 'waiting', 'verifying', 'signed_in'];

test('loginLines() reports a whole login', () => {
  expect(stepsOf(STATES)).toEqual(WHOLE);
});

test('loginLines() reports nothing twice and everything in order, whichever snapshots were skipped', () => {
  const seen = fc.array(fc.nat({ max: STATES.length - 1 }), { maxLength: 20 });
  fc.assert(
    fc.property(seen, (indices) => {
      const sorted = [...indices, STATES.length - 1].sort((a, b) => a - b);
      const steps = stepsOf(sorted.map((index) => STATES[index]!));
      const places = steps.map((step) => WHOLE.indexOf(String(step)));
      const others = steps.filter((step) => step !== 'waiting');
      expect([places, new Set(others).size, steps.at(-1)]).toEqual([
        [...places].sort((a, b) => a - b),
        others.length,
        'signed_in',
      ]);
      // A client never gets a code before it knows whose code it is.
      expect(steps.includes('code') && !steps.includes('discovered')).toBe(false);
    }),
    { numRuns: 10_000 },
  );
});

test('loginLines() reports a second code of the same login', () => {
  expect(stepsOf([waitingState(), waitingState({ userCode: 'SECOND' })])).toEqual([
    'discovered',
    'registered',
    'code',
    'waiting',
    'code',
  ]);
});

test('loginLines() reports once why the last step is delayed', () => {
  const notice = { code: 'unreachable', message: 'No answer.', hint: 'Wait.' };
  const slow = { step: 'verifying', ...COMMON, notice } as const;
  expect(stepsOf([{ ...slow, notice: null }, slow, slow])).toEqual([
    'discovered',
    'verifying',
    'verifying',
  ]);
});
