import { expect, test } from 'vitest';
import { SelfClearingClipboard } from '../../../main/desktop/system/clipboard.ts';
import type { ClipboardPort } from '../../../main/desktop/system/clipboard.ts';
import { FakeClock, settle } from '../../fixtures/fake-clock.ts';

class FakeClipboard implements ClipboardPort {
  text = '';
  broken: 'no' | 'writing' | 'reading' | 'clearing' = 'no';
  readonly concealed: boolean[] = [];

  write(text: string, concealed: boolean): Promise<void> {
    if (this.broken === 'writing') return Promise.reject(new Error('no clipboard'));
    this.text = text;
    this.concealed.push(concealed);
    return Promise.resolve();
  }

  readText(): Promise<string> {
    if (this.broken === 'reading') return Promise.reject(new Error('not in front'));
    return Promise.resolve(this.text);
  }

  clear(): Promise<void> {
    if (this.broken !== 'clearing') this.text = '';
    return Promise.resolve();
  }
}

function keeper() {
  const board = new FakeClipboard();
  const clock = new FakeClock();
  let changes = 0;
  const keep = new SelfClearingClipboard(board, clock, () => (changes += 1));
  return { board, clock, keep, changes: () => changes };
}

const TOKEN = { what: 'token for alice', text: 'mat_secret', forMs: 30_000 };

test('SelfClearingClipboard clears what it copied after its time', async () => {
  const { board, clock, keep } = keeper();
  await keep.copy(TOKEN);
  const before = [board.text, keep.copied];
  await clock.advance(29_999);
  const still = board.text;
  await clock.advance(1);
  expect([before, still, board.text, keep.copied, board.concealed, clock.sleepers]).toEqual([
    ['mat_secret', { what: 'token for alice', clearsAt: clock.now() }],
    'mat_secret',
    '',
    null,
    [true],
    0,
  ]);
});

test('SelfClearingClipboard copies nothing after its end, and clears a copy that was in progress', async () => {
  const { board, keep } = keeper();
  const early = keep.copy(TOKEN);
  await keep.end();
  const late = await keep.copy(TOKEN);
  expect([await early, late, board.text, keep.copied]).toEqual([
    { ok: false, failure: 'clipboard-unavailable' },
    { ok: false, failure: 'clipboard-unavailable' },
    '',
    null,
  ]);
});

test('SelfClearingClipboard leaves alone what another program copied since', async () => {
  const { board, clock, keep } = keeper();
  await keep.copy(TOKEN);
  board.text = 'a shopping list';
  await clock.advance(60_000);
  expect([board.text, keep.copied, keep.mayHoldSecret]).toEqual(['a shopping list', null, false]);
});

test('SelfClearingClipboard restarts the timer for a newer copy', async () => {
  const { board, clock, keep } = keeper();
  await keep.copy(TOKEN);
  await clock.advance(20_000);
  await keep.copy({ ...TOKEN, text: 'mat_newer' });
  await clock.advance(20_000);
  const still = board.text;
  await clock.advance(10_000);
  expect([still, board.text]).toEqual(['mat_newer', '']);
});

test('SelfClearingClipboard keeps a copy without a time limit until clear() is called', async () => {
  const { board, clock, keep } = keeper();
  await keep.copy({ what: 'sign-in code', text: 'ABCD', forMs: null });
  await clock.advance(3_600_000);
  const still = board.text;
  await keep.clear();
  expect([still, board.text, clock.sleepers]).toEqual(['ABCD', '', 0]);
});

test('SelfClearingClipboard fails if the clipboard is unavailable, and still clears the copy before', async () => {
  const { board, clock, keep } = keeper();
  await keep.copy(TOKEN);
  board.broken = 'writing';
  const refused = await keep.copy({ ...TOKEN, text: 'another' });
  board.broken = 'no';
  await clock.advance(30_000);
  expect([refused, board.text]).toEqual([{ ok: false, failure: 'clipboard-unavailable' }, '']);
});

test.each(['reading', 'clearing'] as const)(
  'ClipboardKeeper says that something may still be there: %s fails',
  async (broken) => {
    const { board, clock, keep, changes } = keeper();
    await keep.copy(TOKEN);
    board.broken = broken;
    await clock.advance(30_000);
    await settle();
    expect([keep.mayHoldSecret, changes()]).toEqual([true, 2]);
  },
);

test('SelfClearingClipboard keeps no copy of the text', async () => {
  const { keep } = keeper();
  await keep.copy(TOKEN);
  expect(JSON.stringify(keep.copied)).not.toContain('mat_secret');
});
