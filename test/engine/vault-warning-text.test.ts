import { expect, test } from 'vitest';
import { describeWarning } from '../../main/engine/vault-warning-text.ts';
import type { VaultWarning } from '../../main/accounts/ports.ts';

test('describeWarning() says what happened, where, and what to do, for every warning', () => {
  const path = '/vault/0001.record';
  const warnings: VaultWarning[] = [
    { code: 'not-protected' },
    { code: 'record-missing', path },
    { code: 'record-set-aside', path, usedOlderCopy: true },
    { code: 'record-set-aside', path, usedOlderCopy: false },
  ];
  const described = warnings.map((warning) => {
    const { code, message, hint } = describeWarning(warning);
    const isSentence = [message, hint].every((text) => /^[A-Z].*\.$/.test(text));
    return [code === warning.code, isSentence, 'path' in warning === message.includes(path)];
  });
  expect(described).toEqual(warnings.map(() => [true, true, true]));
});
