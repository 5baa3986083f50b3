import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerReader } from '../../../main/cli/client/exchange.ts';

const BODY = '{"label":"bot-日本"}';
const ANSWER = [
  'HTTP/1.1 200 OK',
  'Keyfob-Api: 1',
  `content-length:${Buffer.byteLength(BODY)}`,
  '',
  BODY,
].join('\r\n');

const READ = {
  status: 200,
  headers: new Map([
    ['keyfob-api', '1'],
    ['content-length', String(Buffer.byteLength(BODY))],
  ]),
  body: BODY,
};

function readAll(text: string) {
  return new AnswerReader().push(Buffer.from(text));
}

test('AnswerReader parses a response split into any chunks', () => {
  const bytes = Buffer.from(ANSWER);
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (unsorted) => {
      const reader = new AnswerReader();
      const edges = [0, ...unsorted.sort((a, b) => a - b), bytes.length];
      const pieces = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
      const results = pieces.map((piece) => reader.push(piece));
      expect([results.slice(0, -1).every((r) => r === 'more'), results.at(-1)]).toEqual([
        true,
        READ,
      ]);
    }),
    { numRuns: 10_000 },
  );
});

test('AnswerReader never throws on random bytes, and never takes them for a response', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(['more', 'malformed']).toContain(new AnswerReader().push(bytes));
    }),
    { numRuns: 10_000 },
  );
});

test('AnswerReader skips a 1xx response', () => {
  expect(readAll(`HTTP/1.1 100 Continue\r\n\r\n${ANSWER}`)).toEqual(READ);
});

test('AnswerReader parses a response without a body', () => {
  expect(readAll('HTTP/1.1 204 No Content\r\n\r\n')).toEqual({
    status: 204,
    headers: new Map(),
    body: '',
  });
});

test.each([
  ['no length', 'HTTP/1.1 200 OK\r\n\r\n'],
  ['a length in words', 'HTTP/1.1 200 OK\r\ncontent-length: ten\r\n\r\n'],
  ['a length beyond the limit', 'HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n'],
  ['chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0'],
  ['another version', 'HTTP/2 200\r\ncontent-length: 0\r\n\r\n'],
  ['a header without a name', 'HTTP/1.1 200 OK\r\n: x\r\ncontent-length: 0\r\n\r\n'],
  ['a folded header', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\ncontent-length: 0\r\n\r\n'],
  ['a head without an end', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}`],
])('AnswerReader rejects a response with %s', (_name, text) => {
  expect(readAll(text)).toBe('malformed');
});
