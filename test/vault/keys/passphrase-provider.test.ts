import { expect, test } from 'vitest';
import { Secret } from '../../../main/protocol/secret.ts';
import { passphraseKeyProvider } from '../../../main/vault/keys/passphrase-provider.ts';
import { unwrapped } from '../samples.ts';

const CHEAP = { N: 2 ** 10, r: 8, p: 1 };
const dataKey = Buffer.alloc(32, 7);

function provider(passphrase: string) {
  return passphraseKeyProvider(new Secret(passphrase), CHEAP);
}

test('passphraseKeyProvider() returns the key for the same passphrase, however it was typed', async () => {
  const wrapped = unwrapped(await provider('Caf\u00e9 \u2460').wrap(dataKey));
  expect(await provider('Cafe\u0301 1').unwrap(wrapped)).toEqual({ ok: true, value: dataKey });
});

test('passphraseKeyProvider() reports a wrong passphrase', async () => {
  const wrapped = unwrapped(await provider('right').wrap(dataKey));
  expect([await provider('wrong').unwrap(wrapped), await provider('').unwrap(wrapped)]).toEqual([
    { ok: false, failure: { code: 'vault-wrong-passphrase' } },
    { ok: false, failure: { code: 'vault-wrong-passphrase' } },
  ]);
});

test('passphraseKeyProvider() stores nothing under an empty passphrase', async () => {
  expect(await provider('').wrap(dataKey)).toEqual({
    ok: false,
    failure: { code: 'vault-wrong-passphrase' },
  });
});

test('passphraseKeyProvider() derives at full cost by default, and unwraps at the stored cost', async () => {
  const wrapped = unwrapped(await passphraseKeyProvider(new Secret('slow')).wrap(dataKey));
  const { N, r, p } = wrapped;
  expect([{ N, r, p }, await provider('slow').unwrap(wrapped)]).toEqual([
    { N: 131_072, r: 8, p: 1 },
    { ok: true, value: dataKey },
  ]);
});

test("passphraseKeyProvider() rejects what it can't have written", async () => {
  const wrapped = unwrapped(await provider('right').wrap(dataKey));
  const broken = [
    {},
    { ...wrapped, N: 1_000 },
    { ...wrapped, N: 1 },
    { ...wrapped, N: 2 ** 30 },
    { ...wrapped, p: 2 ** 40 },
    { ...wrapped, r: 0 },
    { ...wrapped, salt: '!' },
    { ...wrapped, colour: 'red' },
  ];
  const outcomes = await Promise.all(broken.map((part) => provider('right').unwrap(part)));
  expect(outcomes).toEqual(
    broken.map(() => ({ ok: false, failure: { code: 'vault-corrupt', quarantine: null } })),
  );
});

test('passphraseKeyProvider() writes neither passphrase nor key', async () => {
  const text = JSON.stringify(unwrapped(await provider('correct horse').wrap(dataKey)));
  expect([text.includes('correct'), text.includes(dataKey.toString('base64'))]).toEqual([
    false,
    false,
  ]);
});
