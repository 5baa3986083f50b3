import { expect, test } from 'vitest';
import { columnsOf, cutTo, wrapTo } from '../../../main/cli/terminal/text-width.ts';

test.each([
  ['abc', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['👩‍👩‍👧', 2],
  ['🇩🇪', 2],
  ['☺️', 2],
  ['\u001b[1mbold\u001b[22m', 4],
])('columnsOf() %j is %i', (text, columns) => {
  expect(columnsOf(text)).toBe(columns);
});

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 5, 'abcd…'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['🇩🇪🇫🇷', 3, '🇩🇪…'],
  ['👩‍👩‍👧x', 2, '…'],
])('cutTo() cuts %j to %i columns', (text, columns, cut) => {
  expect(cutTo(text, columns, '…')).toBe(cut);
});

test('wrapTo() breaks between words, and leaves a long word whole', () => {
  expect(wrapTo('a bc def ghijklmnop q', 5)).toEqual(['a bc', 'def', 'ghijklmnop', 'q']);
});
