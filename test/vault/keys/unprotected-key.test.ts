import { expect, test } from 'vitest';
import { unprotectedKeyProvider } from '../../../main/vault/keys/unprotected-key.ts';
import { NOW } from '../samples.ts';

const dataKey = Buffer.alloc(32, 7);
const keeper = unprotectedKeyProvider({ consent: true, consentedAt: NOW });

test('unprotectedKeyProvider() writes the key in the open, with the moment of consent', async () => {
  expect(await keeper.wrap(dataKey)).toEqual({
    ok: true,
    value: { key: dataKey.toString('base64'), consentedAt: NOW },
  });
});

test('unprotectedKeyProvider() gives the key back', async () => {
  const wrapped = { key: dataKey.toString('base64'), consentedAt: 1 };
  expect(await keeper.unwrap(wrapped)).toEqual({ ok: true, value: dataKey });
});

test('unprotectedKeyProvider() refuses a key without consent', async () => {
  expect(await keeper.unwrap({ key: dataKey.toString('base64') })).toEqual({
    ok: false,
    failure: { code: 'vault-corrupt', quarantine: null },
  });
});
