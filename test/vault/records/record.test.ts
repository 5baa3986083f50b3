import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { StoredAccount } from '../../../main/accounts/record.ts';
import { readRecord, writeRecord } from '../../../main/vault/records/record.ts';
import { account, anyAccount, revealed } from '../samples.ts';

const ID = '0123456789abcdef';

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function plain(bytes: Uint8Array): Record<string, unknown> {
  // writeRecord() only writes objects
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
}

function withoutVersion({ record: _, ...fields }: Record<string, unknown>) {
  return fields;
}

/** How an older version's record is read: for facts it did not store, the worst case. */
function asRead(version: number, fields: Record<string, unknown>) {
  const state = fields.state as Record<string, unknown>; // the files in `records/` all have one
  const tokens = state.tokens as Record<string, unknown> | undefined;
  if (version >= 3 || tokens === undefined) return fields;
  const notes = { active: { held: true }, unverified: { refreshSentAt: tokens.issuedAt } };
  const added = notes[state.kind as 'active']; // undefined for the others: nothing is added
  return { ...fields, state: { ...state, tokens: { ...tokens, issuedUptime: null }, ...added } };
}

test('readRecord() returns whatever writeRecord() wrote', () => {
  fc.assert(
    fc.property(anyAccount, fc.maxSafeNat(), (before, turn) => {
      const read = readRecord(writeRecord(before, turn));
      expect(read.kind === 'read' && [revealed(read.account), read.generation]).toEqual([
        revealed(before),
        turn,
      ]);
    }),
    { numRuns: 10_000 },
  );
});

test('readRecord() never throws for any bytes', () => {
  const whole = writeRecord(account(ID), 3);
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, value]) => whole.with(at, value)),
    fc.nat(whole.length).map((length) => whole.slice(0, length)),
  );
  fc.assert(
    fc.property(bytes, (some) => {
      expect(['read', 'newer', 'unreadable']).toContain(readRecord(some).kind);
    }),
    { numRuns: 10_000 },
  );
});

for (const [version, turn] of [
  [1, 0],
  [2, 7],
  [3, 7],
] as const) {
  test(`readRecord() reads the records of version ${version}`, () => {
    for (const state of ['active', 'unverified', 'signing-out', 'signed-out']) {
      const bytes = readFileSync(
        new URL(`../old-vaults/${version}-${state}.json`, import.meta.url),
      );
      const read = readRecord(bytes);
      const shown = JSON.stringify(
        read.kind === 'read' && { turn, ...(revealed(read.account) as object) },
      );
      expect([
        read.kind === 'read' && read.generation,
        JSON.parse(shown.replaceAll('revealed: ', '')),
      ]).toEqual([turn, { turn, ...withoutVersion(asRead(version, plain(bytes))) }]);
    }
  });
}

test('readRecord() distinguishes a record of a later version from a broken one', () => {
  const fields = plain(writeRecord(account(ID), 3));
  const kinds = [4, 99, 1.5, 0, -1, '3', null].map(
    (record) => readRecord(encode({ ...fields, record })).kind,
  );
  expect(kinds).toEqual([
    'newer',
    'newer',
    'unreadable',
    'unreadable',
    'unreadable',
    'unreadable',
    'unreadable',
  ]);
});

test('readRecord() rejects a field that the next save would lose', () => {
  const fields = plain(writeRecord(account(ID), 3));
  expect(readRecord(encode({ ...fields, colour: 'red' }))).toEqual({ kind: 'unreadable' });
});

test('writeRecord() rejects what could not be read back, and names no token', () => {
  const broken: StoredAccount = { ...account(ID), addedAt: Number.NaN };
  expect(() => writeRecord(broken, 3)).toThrow(
    new TypeError(`Cannot write the record of ${ID}: it could not be read again`),
  );
});

test('writeRecord() writes no property beyond the type', () => {
  const carried = { ...account(ID), lastResponse: 'mat_leak' };
  expect(writeRecord(carried, 3)).toEqual(writeRecord(account(ID), 3));
});
