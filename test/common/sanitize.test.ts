import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainText } from '../../common/sanitize.ts';
import { FUZZ, FUZZ_MS } from '../protocol/hostile.ts';

test('plainText() leaves an ordinary sentence alone', () => {
  expect(plainText('Client metadata refused: naïve 名前 🙂')).toBe(
    'Client metadata refused: naïve 名前 🙂',
  );
});

test('plainText() is null for what is no text, and for a text with nothing visible in it', () => {
  const nothing = [null, undefined, 5, {}, ['x'], '', ' \n', '\u200b\u2060\ufeff', '\u3164\u115f'];
  expect(nothing.map((text) => plainText(text))).toEqual(nothing.map(() => null));
});

test('plainText() removes control, bidi, zero-width and tag characters, and lone surrogates', () => {
  const text = 'a\u0000b\u001b[31mc\u202ed\u2066e\u200bf\u{e0041}g\ud800h\u00adi\u007fj';
  expect(plainText(text)).toBe('ab[31mcdefghij');
});

test('plainText() makes one line of many', () => {
  expect(plainText('  one\r\n\ttwo\u2028three\u00a0four ')).toBe('one two three four');
});

test('plainText() cuts at the limit in whole characters, and shows that it did', () => {
  expect([plainText('🙂'.repeat(5), 4), plainText('abcd', 4), plainText('x'.repeat(300))]).toEqual([
    '🙂🙂🙂…',
    'abcd',
    `${'x'.repeat(199)}…`,
  ]);
});

test(
  'plainText() gives one short visible line for any text at all, and the same again for it',
  () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const plain = plainText(text, 50);
        if (plain === null) return;
        expect(Array.from(plain).length).toBeLessThanOrEqual(50);
        expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(plainText(plain, 50)).toBe(plain);
      }),
      FUZZ,
    );
  },
  FUZZ_MS,
);
