import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fields } from '../../main/protocol/fields.ts';
import { parseShallowJson, readFields, readJson } from '../../main/protocol/fields.ts';
import { ok } from '../../common/result.ts';
import { FUZZ, FUZZ_MS, hostileBytes, PLANTED } from './hostile.ts';

const HOST = 'example.org';

function malformed(field: string) {
  return { ok: false, failure: { code: 'malformed-response', host: HOST, field } };
}

function reading<T>(body: unknown, read: (fields: Fields) => T) {
  return readFields(HOST, body, (fields) => ok(read(fields)));
}

test('readFields() reads members of every kind', () => {
  const body = {
    text: 'a',
    url: 'https://example.org/x',
    seconds: 1.5,
    number: '-12',
    list: ['a', ''],
    flag: true,
    inner: { text: 'b' },
    rows: [{ text: 'c' }],
  };
  const read = reading(body, (fields) => [
    fields.text('text'),
    fields.httpsUrl('url').href,
    fields.secondsAsMs('seconds'),
    fields.optionalNumber('number'),
    fields.texts('list'),
    fields.isTrue('flag'),
    fields.object('inner').text('text'),
    fields.objects('rows').map((row) => row.text('text')),
  ]);
  const values = ['a', 'https://example.org/x', 1500, -12, ['a', ''], true, 'b', ['c']];
  expect(read).toEqual({ ok: true, value: values });
});

test.each([[{}], [{ x: null }], [{ X: 'other case' }], [JSON.parse('{"__proto__":{"x":"a"}}')]])(
  'readFields() takes a member of %j as absent',
  (body) => {
    const read = reading(body, (fields) => [
      fields.has('x'),
      fields.optionalText('x'),
      fields.optionalUrl('x'),
      fields.optionalSecondsAsMs('x'),
      fields.optionalNumber('x'),
      fields.optionalTexts('x'),
      fields.optionalObject('x'),
      fields.isTrue('x'),
    ]);
    const value = [false, null, null, null, null, null, null, false];
    expect(read).toEqual({ ok: true, value });
  },
);

test('readFields() sees no member that an object has by birth', () => {
  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
  expect(reading({}, (fields) => names.map((name) => fields.has(name)))).toEqual({
    ok: true,
    value: [false, false, false, false],
  });
});

test.each<[string, unknown, (fields: Fields) => unknown]>([
  ['an empty text', '', (fields) => fields.text('x')],
  ['a long text', 'abc', (fields) => fields.text('x', 2)],
  ['a number for a text', 5, (fields) => fields.optionalText('x')],
  ['no text at all', null, (fields) => fields.text('x')],
  ['a relative URL', '/x', (fields) => fields.optionalUrl('x')],
  ['a text of seconds', '5', (fields) => fields.secondsAsMs('x')],
  ['negative seconds', -1, (fields) => fields.optionalSecondsAsMs('x')],
  ['a number in words', 'five', (fields) => fields.optionalNumber('x')],
  ['a list with a hole', ['a', null], (fields) => fields.texts('x')],
  ['an object for a list', { length: 1 }, (fields) => fields.optionalTexts('x')],
  ['a list for an object', [], (fields) => fields.optionalObject('x')],
  ['a list of texts for objects', ['a'], (fields) => fields.objects('x')],
])('readFields() refuses %s and names the field', (_what, x, read) => {
  expect(reading({ x }, read)).toEqual(malformed('x'));
});

test('readFields() names a nested member by its path', () => {
  const read = reading({ 'm.homeserver': { base_url: 5 } }, (fields) =>
    fields.object('m.homeserver').text('base_url'),
  );
  expect(read).toEqual(malformed('m.homeserver.base_url'));
});

test.each([undefined, null, 'x', 5, [], [{}]])('readFields() refuses %j as a body', (body) => {
  expect(reading(body, () => 1)).toEqual(malformed('body'));
});

test('readFields() lets the caller choose the failure, and rethrows bugs', () => {
  const blame = (field: string) => ({ code: 'metadata-invalid', host: HOST, field }) as const;
  expect(readFields(blame, { x: 1 }, (fields) => ok(fields.text('x')))).toEqual({
    ok: false,
    failure: { code: 'metadata-invalid', host: HOST, field: 'x' },
  });
  const bug = () => {
    throw new TypeError('bug');
  };
  expect(() => readFields(HOST, {}, bug)).toThrow('bug');
});

test('readJson() tolerates a byte-order mark and any content type', async () => {
  const headers = { 'content-type': 'application/octet-stream' };
  expect(await readJson(new Response('\ufeff{"a":1}', { headers }))).toEqual({ a: 1 });
});

test('readJson() takes the last of two fields with the same name, and treats __proto__ like any other', async () => {
  const body = await readJson(new Response('{"a":1,"a":2,"__proto__":{"b":3}}'));
  expect([Reflect.get(Object(body), 'a'), Reflect.get(Object(body), 'b')]).toEqual([2, undefined]);
});

test.each<[string, Uint8Array<ArrayBuffer>]>([
  ['nothing', new Uint8Array()],
  ['HTML', new TextEncoder().encode('<!doctype html>')],
  ['invalid UTF-8', Uint8Array.from([0x22, 0xff, 0x22])],
  ['UTF-16 with a mark', Uint8Array.from([0xff, 0xfe, 0x7b, 0, 0x7d, 0])],
  ['UTF-16 without one', Uint8Array.from([0x7b, 0, 0x7d, 0])],
  ['too many levels', new TextEncoder().encode('['.repeat(33) + ']'.repeat(33))],
  ['a million levels', new TextEncoder().encode('{"a":'.repeat(200_000))],
])('parseShallowJson() gives undefined for %s', (_what, bytes) => {
  expect(parseShallowJson(bytes)).toBeUndefined();
});

test('parseShallowJson() counts levels, not brackets in texts or side by side', () => {
  const texts = [`["${'[{'.repeat(100)}\\"${'['.repeat(100)}"]`, `[${'[],'.repeat(100)}[]]`];
  const deep = '['.repeat(32) + ']'.repeat(32);
  const parsed = [...texts, deep].map((text) => parseShallowJson(new TextEncoder().encode(text)));
  expect(parsed).toEqual([...texts, deep].map((text) => JSON.parse(text) as unknown));
});

test(
  'readFields() gives a value or a coded failure for any bytes, and no secret',
  () => {
    const names = ['x', 'y', 'z'];
    fc.assert(
      fc.property(hostileBytes(names), fc.nat(8), (bytes, kind) => {
        const read = reading(parseShallowJson(bytes), (fields) => {
          const kinds: ((field: string) => unknown)[] = [
            (field) => fields.optionalText(field)?.length,
            (field) => fields.optionalUrl(field)?.href,
            (field) => fields.optionalSecondsAsMs(field),
            (field) => fields.optionalNumber(field),
            (field) => fields.optionalTexts(field)?.length,
            (field) => fields.optionalObject(field)?.optionalTexts('y')?.length,
            (field) => fields.objects(field).map((inner) => inner.isTrue('z')),
            (field) => fields.anyText(field).length,
            (field) => fields.texts(field).length,
          ];
          return names.map((name) => kinds[kind]?.(name));
        });
        if (!read.ok) expect(read.failure.code).toBe('malformed-response');
        expect(JSON.stringify(read)).not.toContain(PLANTED);
      }),
      FUZZ,
    );
  },
  FUZZ_MS,
);
