import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeGroups, spelledCode } from '../../../renderer/model/user-code.ts';

test('codeGroups() makes readable groups', () => {
  expect(
    ['ABCDE', 'K7QD0R', 'ABCDEFG', 'ABCD2345', 'ABCDEFGHI', 'ABCDEFGHIJ', 'WDJB-MJHT', ''].map(
      codeGroups,
    ),
  ).toEqual([
    ['ABCDE'],
    ['K7Q', 'D0R'],
    ['ABCD', 'EFG'],
    ['ABCD', '2345'],
    ['ABC', 'DEF', 'GHI'],
    ['ABCDE', 'FGHIJ'],
    ['WDJB-', 'MJHT'],
    [],
  ]);
});

test('codeGroups() never changes a code, whatever the server sends', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 16 }),
      (code) => codeGroups(code).join('') === code,
    ),
    { numRuns: 10_000 },
  );
});

test('spelledCode() separates the letters for screen readers', () => {
  expect(spelledCode('K7-D0')).toBe('K 7 - D 0');
});
