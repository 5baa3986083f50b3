import { expect, test } from 'vitest';
import { openKeeper } from '../../../main/vault/keys/unprotected-key.ts';
import { NOW } from '../samples.ts';

const dataKey = Buffer.alloc(32, 7);
const keeper = openKeeper({ consent: true, consentedAt: NOW });

test('openKeeper() writes the key in the open, with the moment of consent', async () => {
  expect(await keeper.wrap(dataKey)).toEqual({
    ok: true,
    value: { key: dataKey.toString('base64'), consentedAt: NOW },
  });
});

test('openKeeper() gives the key back', async () => {
  const wrapped = { key: dataKey.toString('base64'), consentedAt: 1 };
  expect(await keeper.unwrap(wrapped)).toEqual({ ok: true, value: dataKey });
});

test('openKeeper() refuses a key without consent', async () => {
  expect(await keeper.unwrap({ key: dataKey.toString('base64') })).toEqual({
    ok: false,
    failure: { code: 'vault-corrupt', setAside: null },
  });
});
