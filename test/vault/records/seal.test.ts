import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newDataKey } from '../../../main/vault/keys/data-key.ts';
import { open, seal } from '../../../main/vault/records/seal.ts';

const key = newDataKey();
const keys = { current: key, retired: [] };
const ID = '0123456789abcdef';
const text = new TextEncoder().encode('a record');

/** A whole file that claims to be written by `version`. */
function asVersion(version: number): Uint8Array {
  return withChecksum(seal(key, ID, text).slice(0, -8).with(6, version));
}

function withChecksum(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, createHash('sha256').update(bytes).digest().subarray(0, 8)]);
}

test('open() returns what seal() sealed, and names the key', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.string(), (bytes, name) => {
      const opened = open(keys, name, seal(key, name, bytes));
      expect(opened).toEqual({ kind: 'opened', text: Buffer.from(bytes), keyId: key.id });
    }),
    { numRuns: 10_000 },
  );
});

test('open() detects every changed bit', () => {
  const whole = seal(key, ID, text);
  const opened = [...whole.keys()].flatMap((at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => {
      const changed = whole.with(at, (whole[at] ?? 0) ^ (1 << bit));
      return open(keys, ID, changed).kind;
    }),
  );
  expect(new Set(opened)).toEqual(new Set(['damaged']));
});

test('open() detects every truncation', () => {
  const whole = seal(key, ID, text);
  const opened = [...whole.keys()].map((length) => open(keys, ID, whole.slice(0, length)).kind);
  expect(new Set(opened)).toEqual(new Set(['damaged']));
});

test('open() never throws for any bytes', () => {
  const whole = seal(key, ID, text);
  const checked = fc.uint8Array({ maxLength: 80 }).map((tail) => {
    return withChecksum(Buffer.concat([whole.subarray(0, 7), tail]));
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), checked), (bytes) => {
      expect(['damaged', 'foreign', 'newer']).toContain(open(keys, ID, bytes).kind);
    }),
    { numRuns: 10_000 },
  );
});

test('open() detects a change that comes with a valid checksum', () => {
  const whole = seal(key, ID, text);
  const changed = withChecksum(whole.slice(0, -8).with(30, (whole[30] ?? 0) ^ 1));
  expect(open(keys, ID, changed)).toEqual({ kind: 'damaged' });
});

test('open() opens no file under another name', () => {
  expect(open(keys, 'fedcba9876543210', seal(key, ID, text))).toEqual({ kind: 'damaged' });
});

test('open() accepts a retired key, and reports an unknown key as foreign', () => {
  const current = newDataKey();
  const sealed = seal(key, ID, text);
  expect([
    open({ current, retired: [key] }, ID, sealed),
    open({ current, retired: [] }, ID, sealed),
  ]).toEqual([{ kind: 'opened', text: Buffer.from(text), keyId: key.id }, { kind: 'foreign' }]);
});

test('open() distinguishes a file of a later version from a damaged one', () => {
  expect([asVersion(2), asVersion(255), asVersion(0)].map((file) => open(keys, ID, file))).toEqual([
    { kind: 'newer', version: 2 },
    { kind: 'newer', version: 255 },
    { kind: 'damaged' },
  ]);
});

test('seal() never produces the same file twice', () => {
  const made = Array.from({ length: 1_000 }, () =>
    Buffer.from(seal(key, ID, text)).toString('hex'),
  );
  expect(new Set(made).size).toBe(1_000);
});
