import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freeLabel, readLabel } from '../../main/accounts/label.ts';

test('readLabel() accepts valid labels', () => {
  const labels = ['a', 'alice', 'Alice at work', 'é', '日本', 'a-b.c_d:e@f', 'x'.repeat(64)];
  expect(labels.map((label) => readLabel(label).ok)).toEqual(labels.map(() => true));
});

test('readLabel() rejects labels that are ambiguous or invisible', () => {
  const labels = [
    '',
    ' ',
    ' alice',
    'alice ',
    'ali\u0000ce',
    'ali\nce',
    'ali\u202ece',
    'ali\u200bce',
    'a/b',
    '/',
    '@alice',
    '-alice',
    'x'.repeat(65),
    'lone \ud800 surrogate',
  ];
  expect(labels.map((label) => readLabel(label))).toEqual(
    labels.map((label) => ({
      ok: false,
      failure: { code: 'label-invalid', label: label.slice(0, 64) },
    })),
  );
});

test('freeLabel() uses the localpart, then adds the server, then a number', () => {
  const taken: string[] = [];
  for (let n = 0; n < 4; n += 1)
    taken.push(freeLabel('@alice:example.org:8448', (label) => taken.includes(label)));
  expect(taken).toEqual(['alice', 'alice.example.org-8448', 'alice-2', 'alice-3']);
});

test('freeLabel() falls back to "account" if the localpart cannot be a label', () => {
  const free = ['@a/b:example.org', '@-x:example.org', '@:example.org', '', '@@:x'].map((userId) =>
    freeLabel(userId, () => false),
  );
  expect(free).toEqual(['account', 'account', 'account', 'account', 'account']);
});

test('freeLabel() is always valid and free, whatever the user id', () => {
  const localparts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 90 }));
  const servers = fc.oneof(fc.domain(), fc.string({ unit: 'binary' }));
  const steps = fc.array(fc.tuple(localparts, servers), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(steps, fc.nat(3), (users, repeats) => {
      const taken = new Set<string>();
      for (const [localpart, server] of users)
        for (let n = 0; n <= repeats; n += 1) {
          const label = freeLabel(`@${localpart}:${server}`, (name) => taken.has(name));
          if (taken.has(label) || !readLabel(label).ok) return false;
          taken.add(label);
        }
      return true;
    }),
    { numRuns: 10_000 },
  );
});
