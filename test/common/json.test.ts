import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isObject, parseJson, parseJsonBytes } from '../../common/json.ts';

test('parseJson() and parseJsonBytes() give back every value that was written', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text);
      const read = { text: parseJson(text), bytes: parseJsonBytes(new TextEncoder().encode(text)) };
      expect(read).toEqual({ text: value, bytes: value });
    }),
  );
});

test('parseJson() gives undefined for a text that is no JSON', () => {
  expect(['', '{', "{'a':1}", 'undefined', '{"a":1}x'].map(parseJson)).toEqual(
    Array(5).fill(undefined),
  );
});

test('parseJsonBytes() gives undefined for bytes that are no UTF-8 or no JSON, and takes a byte-order mark', () => {
  const latin1 = Buffer.from('{"name":"café"}', 'latin1');
  const utf16 = Buffer.from('{}', 'utf16le');
  const marked = Buffer.from('\uFEFF{"a":1}');
  expect({
    latin1: parseJsonBytes(latin1),
    utf16: parseJsonBytes(utf16),
    empty: parseJsonBytes(new Uint8Array()),
    marked: parseJsonBytes(marked),
  }).toEqual({ latin1: undefined, utf16: undefined, empty: undefined, marked: { a: 1 } });
});

test('isObject() takes objects only: no list, no null, no text', () => {
  const values = [{}, { a: 1 }, [], null, undefined, 'text', 1, true];
  expect(values.filter(isObject)).toEqual([{}, { a: 1 }]);
});
