import { expect, test } from 'vitest';
import { unprotectedKeyProvider } from '../../../main/vault/keys/unprotected-key.ts';
import { NOW } from '../samples.ts';

const dataKey = Buffer.alloc(32, 7);
const provider = unprotectedKeyProvider({ consent: true, consentedAt: NOW });

test('unprotectedKeyProvider() stores the key in plain text, with the time of consent', async () => {
  expect(await provider.wrap(dataKey)).toEqual({
    ok: true,
    value: { key: dataKey.toString('base64'), consentedAt: NOW },
  });
});

test('unprotectedKeyProvider() returns the key', async () => {
  const wrapped = { key: dataKey.toString('base64'), consentedAt: 1 };
  expect(await provider.unwrap(wrapped)).toEqual({ ok: true, value: dataKey });
});

test('unprotectedKeyProvider() rejects a key without consent', async () => {
  expect(await provider.unwrap({ key: dataKey.toString('base64') })).toEqual({
    ok: false,
    failure: { code: 'vault-corrupt', quarantine: null },
  });
});
