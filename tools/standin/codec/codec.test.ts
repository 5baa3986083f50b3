import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack } from './pack.ts';
import { unpack } from './unpack.ts';

test('unpack() restores what pack() was given', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withBoxedValues: true,
  });
  fc.assert(
    fc.property(anything, (value) => {
      expect(unpack(pack(value))).toEqual(structuredClone(value));
    }),
    { numRuns: 10_000 },
  );
});

test('unpack() keeps cycles and shared objects', () => {
  const shared = { name: 'shared' };
  const value: Record<string, unknown> = { first: shared, second: [shared] };
  value.self = value;
  const back = unpack(pack(value)) as typeof value & { second: unknown[] }; // the same shape
  expect([back.self === back, back.first === back.second[0], back.first]).toEqual([
    true,
    true,
    shared,
  ]);
});

test('unpack() keeps the type and message of errors', () => {
  const back = unpack(pack([new RangeError('far'), new Error('near')]));
  expect(back).toEqual([new RangeError('far'), new Error('near')]);
});

test('unpack() makes __proto__ an ordinary key', () => {
  const back = unpack(pack(JSON.parse('{"__proto__":{"polluted":true}}')));
  expect([Object.hasOwn(back as object, '__proto__'), Reflect.get({}, 'polluted')]).toEqual([
    true,
    undefined,
  ]);
});

test.each([
  ['a function', () => 1],
  ['a symbol', Symbol('s')],
  ['a promise', Promise.resolve()],
  ['a weak map', new WeakMap()],
  ['one of them inside', { list: [() => 1] }],
])('pack() refuses %s in the words of Electron', (_, value) => {
  expect(() => pack(value)).toThrow('An object could not be cloned.');
});
