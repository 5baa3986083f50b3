import { expect, test } from 'vitest';
import { createBridge } from '../../preload/bridge.ts';
import type { WindowSnapshot } from '../../preload/contract.ts';
import { awaitReply, createState, showOutcome } from '../../renderer/state.ts';
import type { AppState } from '../../renderer/state.ts';
import { login, NOW, notice, snapshotOf } from './gallery/scene.ts';

const KEYFOB = createBridge({
  invoke: () => Promise.resolve(null),
  on: () => undefined,
  removeListener: () => undefined,
});

test('createState() accepts newer snapshots and drops late ones', () => {
  const state = createState(KEYFOB, () => 0);
  state.accept(at(2));
  state.accept(at(1));
  const kept = state.snapshot.value?.app.revision;
  state.accept(at(3));
  expect([kept, state.snapshot.value?.app.revision]).toEqual([2, 3]);
});

test('createState() accepts a snapshot of the same revision, as settings change without the engine', () => {
  const state = createState(KEYFOB, () => 0);
  state.accept(at(2));
  const { settings, ...rest } = at(2);
  state.accept({ ...rest, settings: { ...settings, theme: 'dark' } });
  expect(state.snapshot.value?.settings.theme).toBe('dark');
});

test("createState() counts from each snapshot by the page's clock", () => {
  let page = 100;
  const state = createState(KEYFOB, () => page);
  state.accept(at(1));
  page += 1_500;
  state.tick();
  const counted = state.now.value - NOW;
  // The machine slept for an hour, and the page's clock stood still.
  state.accept(at(2, NOW + 3_600_000));
  expect([counted, state.now.value - NOW]).toEqual([1_500, 3_600_000]);
});

test('createState() announces changes, but not the initial state', () => {
  const state = createState(KEYFOB, () => 0);
  const first = snapshotOf({ logins: [login({ step: 'discovering' })] });
  state.accept(first);
  const atFirst = state.spoken.value.words;
  state.accept(snapshotOf({ logins: [login({ step: 'cancelled' })] }));
  expect([atFirst, state.spoken.value.words]).toEqual(['', 'The sign-in was cancelled.']);
});

test('createState() treats logins that ended before as seen', () => {
  const state = createState(KEYFOB, () => 0);
  state.accept(
    snapshotOf({
      logins: [login({ step: 'cancelled' }), login({ step: 'discovering' }, { id: 'login-2' })],
    }),
  );
  expect([...state.seenLoginEnds.value]).toEqual(['login-1']);
});

test('createState() drops the outcome of a copy once the clipboard changes', () => {
  const outcomes = ['clipboard', 'act'].map((about) => {
    const state = createState(KEYFOB, () => 0);
    const copied = { what: 'token for alice', clearsAt: NOW };
    const said = { tone: 'good', message: 'Valid until 14:05.', hint: '' } as const;
    state.accept(snapshotOf({ shell: { copied } }));
    showOutcome(state, about === 'clipboard' ? { ...said, about } : said);
    state.accept(snapshotOf({ shell: { copied } }));
    const meanwhile = state.outcome.value?.message;
    state.accept(snapshotOf({ shell: { copied: null } }));
    return [about, meanwhile, state.outcome.value?.message];
  });
  expect(outcomes).toEqual([
    ['clipboard', 'Valid until 14:05.', undefined],
    ['act', 'Valid until 14:05.', 'Valid until 14:05.'],
  ]);
});

test('awaitReply() returns the value, or shows why there is none', async () => {
  const state = createState(KEYFOB, () => 0);
  const failure = notice('disk-full', 'The disk is full.', 'Make room.');
  const refused: unknown[] = [];
  expect([
    await awaitReply(state, Promise.resolve({ ok: true, value: 7 })),
    state.outcome.value,
    await awaitReply(state, Promise.resolve({ ok: false, failure })),
    shown(state),
    await awaitReply(state, Promise.resolve({ ok: false, failure }), (why) => refused.push(why)),
    refused,
  ]).toEqual([
    { value: 7 },
    null,
    null,
    [
      { tone: 'bad', message: 'The disk is full.', hint: 'Make room.' },
      'The disk is full. Make room.',
    ],
    null,
    [failure],
  ]);
});

test('awaitReply() drops the previous outcome', async () => {
  const state = createState(KEYFOB, () => 0);
  const failure = notice('disk-full', 'The disk is full.', 'Make room.');
  await awaitReply(state, Promise.resolve({ ok: false, failure }));
  await awaitReply(state, Promise.resolve({ ok: true, value: null }));
  expect(state.outcome.value).toBeNull();
});

test('showOutcome() announces the same words again', () => {
  const state = createState(KEYFOB, () => 0);
  const turns = [1, 2].map(() => {
    showOutcome(state, { tone: 'bad', message: 'The disk is full.', hint: '' });
    return state.spoken.value;
  });
  expect(turns).toEqual([
    { words: 'The disk is full.', turn: 1 },
    { words: 'The disk is full.', turn: 2 },
  ]);
});

function shown({ outcome, spoken }: AppState): unknown {
  return [outcome.value, spoken.value.words];
}

function at(revision: number, madeAt = NOW): WindowSnapshot {
  const snapshot = snapshotOf({});
  return { ...snapshot, app: { ...snapshot.app, revision, madeAt } };
}
