import type { Dots } from '../terminal/half-blocks.ts';

/**
 * A bitmap font: seven rows of five dots per letter, two hexadecimal digits per row. Zero is slashed
 * and one has a foot, to tell them from O and I.
 */
const LETTERS: Readonly<Record<string, string>> = {
  A: '0e11111f111111',
  B: '1e11111e11111e',
  C: '0e11101010110e',
  D: '1e11111111111e',
  E: '1f10101e10101f',
  F: '1f10101e101010',
  G: '0e11101711110f',
  H: '1111111f111111',
  I: '0e04040404040e',
  J: '0702020202120c',
  K: '11121418141211',
  L: '1010101010101f',
  M: '111b1515111111',
  N: '11111915131111',
  O: '0e11111111110e',
  P: '1e11111e101010',
  Q: '0e11111115120d',
  R: '1e11111e141211',
  S: '0f10100e01011e',
  T: '1f040404040404',
  U: '1111111111110e',
  V: '11111111110a04',
  W: '11111115151b11',
  X: '11110a040a1111',
  Y: '11110a04040404',
  Z: '1f01020408101f',
  '0': '0e11131519110e',
  '1': '040c040404041f',
  '2': '0e11010204081f',
  '3': '1f02040201110e',
  '4': '02060a121f0202',
  '5': '1f101e0101110e',
  '6': '0608101e11110e',
  '7': '1f010204080808',
  '8': '0e11110e11110e',
  '9': '0e11110f01020c',
  '-': '0000000e000000',
};

const HEIGHT = 7;
const WIDTH = 5;
const GAP = [false];
const WIDE_GAP = [false, false, false, false];

/** `code` as a bitmap, seven dots high; null when the font lacks one of its letters. */
export function blockLetters(code: string): Dots | null {
  const rows: boolean[][] = Array.from({ length: HEIGHT }, () => []);
  const middle = middleOf(code);
  for (const [index, letter] of Array.from(code).entries()) {
    const glyph = Object.hasOwn(LETTERS, letter) ? LETTERS[letter] : undefined;
    if (glyph === undefined) return null;
    for (const [row, dots] of rows.entries()) {
      const gap = index === 0 ? [] : index === middle ? WIDE_GAP : GAP;
      dots.push(...gap, ...rowOf(glyph, row));
    }
  }
  return rows;
}

/** `code` with spaces between its letters and more in the middle, for where the bitmap does not fit. */
export function spacedLetters(code: string): string {
  const middle = middleOf(code);
  const letters = Array.from(code);
  return letters.map((letter, index) => (index === middle ? `  ${letter}` : letter)).join(' ');
}

/** Where to split a code for reading: in the middle of six letters or more without a hyphen. */
function middleOf(code: string): number | null {
  const { length } = Array.from(code);
  return length >= 6 && length % 2 === 0 && !code.includes('-') ? length / 2 : null;
}

function rowOf(glyph: string, row: number): readonly boolean[] {
  const bits = Number.parseInt(glyph.slice(row * 2, row * 2 + 2), 16);
  return Array.from({ length: WIDTH }, (_, column) => ((bits >> (WIDTH - 1 - column)) & 1) === 1);
}
