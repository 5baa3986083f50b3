import { expect, test } from 'vitest';
import { upgrade } from '../../../main/vault/records/record-upgrade.ts';
import type { UpgradeStep } from '../../../main/vault/records/record-upgrade.ts';

const steps = new Map<number, UpgradeStep>([
  [1, ({ name, ...rest }) => ({ ...rest, label: name })],
  [2, (fields) => ({ ...fields, policy: 'keep-fresh' })],
]);

test("upgrade() applies every step between a record's version and the current one", () => {
  expect(upgrade({ record: 1, name: 'work' }, 3, steps)).toEqual({
    kind: 'upgraded',
    fields: { record: 3, label: 'work', policy: 'keep-fresh' },
  });
});

test('upgrade() leaves a current record unchanged', () => {
  const fields = { record: 3, label: 'work' };
  expect(upgrade(fields, 3, steps)).toEqual({ kind: 'upgraded', fields });
});

test('upgrade() rejects later versions, versions before the first step, and a missing version', () => {
  const outcomes = [4, 0, -1, 1.5, '1', undefined].map((record) => upgrade({ record }, 3, steps));
  expect(outcomes).toEqual([
    { kind: 'newer', version: 4 },
    { kind: 'unreadable' },
    { kind: 'unreadable' },
    { kind: 'unreadable' },
    { kind: 'unreadable' },
    { kind: 'unreadable' },
  ]);
});
