import { expect, test } from 'vitest';
import type { Keychain, KeychainTrouble } from '../../../main/vault/keys/keychain-provider.ts';
import { keychainKeyProvider } from '../../../main/vault/keys/keychain-provider.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);

function keeperOf(changes: Partial<Keychain> = {}) {
  const clock = new FakeClock();
  const troubles: KeychainTrouble[] = [];
  const keychain: Keychain = {
    backend: 'kwallet6',
    available: () => Promise.resolve(true),
    seal: (text) => Promise.resolve(Buffer.from(text).reverse()),
    open: (sealed) => Promise.resolve(Buffer.from(sealed).reverse().toString()),
    ...changes,
  };
  const keeper = keychainKeyProvider({
    keychain,
    limitMs: 30_000,
    timer: clock,
    trouble: (trouble) => troubles.push(trouble),
  });
  return { keeper, clock, troubles };
}

test('keychainKeyProvider gives back the key it took, and names the keychain it gave it to', async () => {
  const { keeper, clock, troubles } = keeperOf();
  const wrapped = await keeper.wrap(KEY);
  if (!wrapped.ok) throw new Error(wrapped.failure.code);
  const again = await keeper.unwrap(wrapped.value);
  expect([wrapped.value.backend, again, troubles, clock.sleepers]).toEqual([
    'kwallet6',
    { ok: true, value: Buffer.from(KEY) },
    [],
    0,
  ]);
});

test('keychainKeyProvider waits for a silent keychain as long as it may, and no longer', async () => {
  const { keeper, clock, troubles } = keeperOf({ seal: () => new Promise(() => undefined) });
  const wrapping = keeper.wrap(KEY);
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
    const { keeper, troubles } = keeperOf(changes);
    const opened = await keeper.unwrap({ backend, sealed: 'AAAA' });
    expect([opened, troubles]).toEqual([{ ok: false, failure: { code: 'vault-locked' } }, [why]]);
  },
);

test('keychainKeyProvider does not take what cannot be of its making', async () => {
  const { keeper, troubles } = keeperOf();
  const opened = await keeper.unwrap({ sealed: 'AAAA', salt: 1 });
  expect([opened, troubles]).toEqual([
    { ok: false, failure: { code: 'vault-corrupt', quarantine: null } },
    [],
  ]);
});
