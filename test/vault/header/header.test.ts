import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHeader, writeHeader } from '../../../main/vault/header/header.ts';
import type { Header } from '../../../main/vault/header/header.ts';
import { NOW } from '../samples.ts';

const header: Header = {
  createdAt: NOW,
  key: { id: '0123456789abcdef', keeper: 'passphrase', wrapped: { N: 131_072, salt: 'AA==' } },
  retired: [{ id: 'fedcba9876543210', sealed: 'AAAA' }],
};

function file(fields: unknown): Uint8Array {
  const checksum = createHash('sha256').update(JSON.stringify(fields)).digest('hex');
  return new TextEncoder().encode(JSON.stringify({ checksum, header: fields }));
}

test('readHeader() returns what writeHeader() wrote', () => {
  expect(readHeader(writeHeader(header))).toEqual({ kind: 'read', header });
});

test('readHeader() detects every changed significant byte', () => {
  const whole = writeHeader(header);
  const meant = [...whole.keys()].filter((at) => !' \n'.includes(String.fromCharCode(whole[at]!)));
  const kinds = meant.map((at) => readHeader(whole.with(at, whole[at]! ^ 1)).kind);
  expect(new Set(kinds)).toEqual(new Set(['damaged']));
});

test('readHeader() distinguishes a header of a later version from a damaged one', () => {
  expect([
    readHeader(file({ vault: 2, anything: 'else' })),
    readHeader(file({ vault: 0 })),
    readHeader(file({ vault: 1, createdAt: NOW, retired: [] })),
  ]).toEqual([{ kind: 'newer', version: 2 }, { kind: 'damaged' }, { kind: 'damaged' }]);
});

test('readHeader() never throws for any bytes', () => {
  const anything = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.dictionary(fc.string(), fc.jsonValue()).map(file),
    fc.jsonValue().map((key) => file({ vault: 1, createdAt: NOW, key, retired: [] })),
  );
  fc.assert(
    fc.property(anything, (bytes) => {
      expect(['newer', 'damaged']).toContain(readHeader(bytes).kind);
    }),
    { numRuns: 10_000 },
  );
});
