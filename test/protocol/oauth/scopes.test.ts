import { webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeviceId, newDeviceId, scopeFor } from '../../../main/protocol/oauth/scopes.ts';

test('scopeFor() requests the API and one device, both stable or both unstable', () => {
  expect([scopeFor('ABC', 'stable'), scopeFor('ABC', 'unstable')]).toEqual([
    ['urn:matrix:client:api:*', 'urn:matrix:client:device:ABC'],
    [
      'urn:matrix:org.matrix.msc2967.client:api:*',
      'urn:matrix:org.matrix.msc2967.client:device:ABC',
    ],
  ]);
});

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

test('newDeviceId() makes 12 characters that every server implementation accepts', () => {
  const bytes = (n: number) => webcrypto.getRandomValues(new Uint8Array(n));
  const ids = Array.from({ length: 500 }, () => newDeviceId(bytes));
  expect(ids.filter((id) => !/^[A-Z0-9]{12}$/.test(id) || !isDeviceId(id))).toEqual([]);
  expect(new Set(ids).size).toBe(500);
});

test('newDeviceId() gives every character the same share of the bytes', () => {
  let next = 0;
  const everyByte = (n: number) => Uint8Array.from({ length: n }, () => next++ % 256);
  const counts = new Map<string, number>();
  // 21 ids of 12 characters use up exactly the 252 bytes that are fair.
  for (let i = 0; i < 21; i += 1) {
    for (const character of newDeviceId(everyByte)) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
  }
  expect(Object.fromEntries(counts)).toEqual(
    Object.fromEntries(Array.from(ALPHABET, (character) => [character, 7])),
  );
});

test('newDeviceId() requests more bytes if some would be biased', () => {
  const answers = [new Uint8Array(12).fill(255), new Uint8Array(12).fill(35)];
  expect(newDeviceId(() => answers.shift() ?? new Uint8Array(12))).toBe('999999999999');
});

test('isDeviceId() accepts 10 to 16 characters of A-Z and 0-9, and nothing else', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const fits = text.length >= 10 && text.length <= 16;
      expect(isDeviceId(text)).toBe(fits && Array.from(text).every((c) => ALPHABET.includes(c)));
    }),
  );
  expect(['A'.repeat(9), 'A'.repeat(10), 'A'.repeat(16), 'A'.repeat(17)].map(isDeviceId)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
