import { stripVTControlCharacters } from 'node:util';
import { encode } from 'uqr';
import { expect, test } from 'vitest';
import { blockLetters, spacedLetters } from '../../../main/cli/login/block-letters.ts';
import { halfBlocks } from '../../../main/cli/terminal/half-blocks.ts';
import { qrPicture } from '../../../main/cli/login/qr-lines.ts';

const ALL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

test('blockLetters() draws every letter and digit', () => {
  const rows = ['ABCDEFGHI', 'JKLMNOPQR', 'STUVWXYZ-', '012345678', '9O0I1'];
  const drawn = rows.map((row) => halfBlocks(blockLetters(row) ?? []).join('\n'));
  expect(drawn.join('\n\n')).toMatchSnapshot();
});

test('blockLetters() draws no two of them alike', () => {
  const drawn = Array.from(ALL).map((letter) => JSON.stringify(blockLetters(letter)));
  expect(new Set(drawn).size).toBe(ALL.length);
});

test('blockLetters() is null rather than leave a letter out', () => {
  expect([blockLetters('AÄ'), blockLetters('ab'), blockLetters('__proto__')]).toEqual([
    null,
    null,
    null,
  ]);
});

test('spacedLetters() splits a code without a hyphen in the middle', () => {
  expect(['7XK0QB', 'ABCDE-FGHIJ', '12345'].map(spacedLetters)).toEqual([
    '7 X K   0 Q B',
    'A B C D E - F G H I J',
    '1 2 3 4 5',
  ]);
});

test('qrPicture() draws the dots that the code has', () => {
  const link = 'https://auth.example.org/link?code=7XK0QB';
  const picture = qrPicture(link, { ansi: true, unicode: true });
  const bare = picture?.lines.map((line) => stripVTControlCharacters(line));
  const dots = bare?.flatMap((line) => [
    Array.from(line, (block) => '█▀'.includes(block)),
    Array.from(line, (block) => '█▄'.includes(block)),
  ]);
  const { data, size } = encode(link, { border: 2, ecc: 'L' });
  expect([dots?.slice(0, size), picture?.columns]).toEqual([data, size]);
});

test('qrPicture() is null for a link too long to scan', () => {
  expect(qrPicture(`https://a.example/${'x'.repeat(300)}`, { ansi: true, unicode: true })).toBe(
    null,
  );
});
