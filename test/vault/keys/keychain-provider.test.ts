import { expect, test } from 'vitest';
import type { Keychain, KeychainTrouble } from '../../../main/vault/keys/keychain-provider.ts';
import { keychainKeyProvider } from '../../../main/vault/keys/keychain-provider.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);

function providerOf(changes: Partial<Keychain> = {}) {
  const clock = new FakeClock();
  const troubles: KeychainTrouble[] = [];
  const keychain: Keychain = {
    backend: 'kwallet6',
    available: () => Promise.resolve(true),
    seal: (text) => Promise.resolve(Buffer.from(text).reverse()),
    open: (sealed) => Promise.resolve(Buffer.from(sealed).reverse().toString()),
    ...changes,
  };
  const provider = keychainKeyProvider({
    keychain,
    limitMs: 30_000,
    timer: clock,
    trouble: (trouble) => troubles.push(trouble),
  });
  return { provider, clock, troubles };
}

test('keychainKeyProvider returns the key it stored, and names the keychain', async () => {
  const { provider, clock, troubles } = providerOf();
  const wrapped = await provider.wrap(KEY);
  if (!wrapped.ok) throw new Error(wrapped.failure.code);
  const again = await provider.unwrap(wrapped.value);
  expect([wrapped.value.backend, again, troubles, clock.sleepers]).toEqual([
    'kwallet6',
    { ok: true, value: Buffer.from(KEY) },
    [],
    0,
  ]);
});

test('keychainKeyProvider waits for a silent keychain until its time limit', async () => {
  const { provider, clock, troubles } = providerOf({ seal: () => new Promise(() => undefined) });
  const wrapping = provider.wrap(KEY);
  await clock.advance(30_000);
  expect([await wrapping, troubles, clock.sleepers]).toEqual([
    { ok: false, failure: { code: 'vault-locked' } },
    [{ kind: 'silent', backend: 'kwallet6', afterMs: 30_000 }],
    0,
  ]);
});

test.each<[string, Partial<Keychain>, string, KeychainTrouble]>([
  [
    'missing',
    { available: () => Promise.resolve(false) },
    'kwallet6',
    { kind: 'missing', backend: 'kwallet6' },
  ],
  [
    'refusing',
    { open: () => Promise.reject(new Error('no')) },
    'kwallet6',
    { kind: 'refused', backend: 'kwallet6' },
  ],
  [
    'another one today',
    { open: () => Promise.reject(new Error('no')) },
    'gnome_libsecret',
    { kind: 'changed', was: 'gnome_libsecret', is: 'kwallet6' },
  ],
])(
  'keychainKeyProvider fails with vault-locked and says why: %s',
  async (_what, changes, backend, why) => {
    const { provider, troubles } = providerOf(changes);
    const opened = await provider.unwrap({ backend, sealed: 'AAAA' });
    expect([opened, troubles]).toEqual([{ ok: false, failure: { code: 'vault-locked' } }, [why]]);
  },
);

test("keychainKeyProvider rejects what it can't have written", async () => {
  const { provider, troubles } = providerOf();
  const opened = await provider.unwrap({ sealed: 'AAAA', salt: 1 });
  expect([opened, troubles]).toEqual([
    { ok: false, failure: { code: 'vault-corrupt', quarantine: null } },
    [],
  ]);
});
