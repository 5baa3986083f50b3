import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { err, ok } from '../../common/result.ts';
import { Secret } from '../../main/protocol/secret.ts';
import type { KeyProviderName, KeyProvider } from '../../main/vault/keys/key-provider.ts';
import { unprotectedKeyProvider } from '../../main/vault/keys/unprotected-key.ts';
import { openVault } from '../../main/vault/open-vault.ts';
import type { Unlock } from '../../main/vault/open-vault.ts';
import { passphraseKeyProvider } from '../../main/vault/keys/passphrase-provider.ts';
import { MemoryDisk, systemError } from './files/memory-disk.ts';
import {
  account,
  FOLDER,
  inDoubt,
  NOW,
  opened,
  revealed,
  unprotected,
  unwrapped,
} from './samples.ts';

const A = 'aaaaaaaaaaaaaaaa';
const B = 'bbbbbbbbbbbbbbbb';
const HEADER = `${FOLDER}/vault.json`;
const COPY = `${FOLDER}/vault.copy.json`;

const open = unprotectedKeyProvider({ consent: true, consentedAt: NOW });
const locked: Unlock = () => Promise.resolve(err({ code: 'vault-locked' }));

function passphrase(text: string): KeyProvider {
  return passphraseKeyProvider(new Secret(text), { N: 2, r: 1, p: 1 });
}

function by(provider: KeyProvider): Unlock {
  return () => Promise.resolve(ok(provider));
}

function attempt(disk: MemoryDisk, unlock: Unlock) {
  return openVault({ folder: FOLDER, unlock, files: disk, now: () => NOW });
}

async function filled(unlock: Unlock = unprotected): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const vault = await opened(disk, unlock);
  unwrapped(await vault.save(account(A, 1)));
  unwrapped(await vault.save(account(A, 2)));
  return disk;
}

async function accountsOn(disk: MemoryDisk, unlock: Unlock = unprotected): Promise<unknown[]> {
  return unwrapped(await (await opened(disk, unlock)).load()).accounts.map(revealed);
}

function text(disk: MemoryDisk, path: string): string {
  return Buffer.from(disk.files().get(path)!).toString('latin1');
}

test("openVault() calls unlock once, with the vault's key provider", async () => {
  const asked: (KeyProviderName | null)[] = [];
  const unlock: Unlock = (kept) => {
    asked.push(kept);
    return Promise.resolve(ok(passphrase('right')));
  };
  const disk = await filled(unlock);
  const { protection } = await opened(disk, unlock);
  expect({ asked, protection }).toEqual({ asked: [null, 'passphrase'], protection: 'passphrase' });
});

test('openVault() changes nothing if the vault stays locked', async () => {
  const disk = await filled(by(passphrase('right')));
  disk.put(COPY, Buffer.from('damaged'));
  const before = disk.files();
  const outcomes = [
    await attempt(disk, by(passphrase('wrong'))),
    await attempt(disk, by(open)),
    await attempt(disk, locked),
  ];
  expect([outcomes, disk.files()]).toEqual([
    [
      { ok: false, failure: { code: 'vault-wrong-passphrase' } },
      { ok: false, failure: { code: 'vault-locked' } },
      { ok: false, failure: { code: 'vault-locked' } },
    ],
    before,
  ]);
});

test('openVault() creates no vault if unlock fails', async () => {
  const disk = new MemoryDisk();
  expect([await attempt(disk, locked), disk.files()]).toEqual([
    { ok: false, failure: { code: 'vault-locked' } },
    new Map(),
  ]);
});

test("openVault() creates no vault with a key provider that doesn't return what it stored", async () => {
  const forgetful: KeyProvider = { ...open, unwrap: () => Promise.resolve(ok(Buffer.alloc(32))) };
  const disk = new MemoryDisk();
  expect([await attempt(disk, by(forgetful)), disk.files()]).toEqual([
    { ok: false, failure: { code: 'vault-locked' } },
    new Map(),
  ]);
});

test('openVault() opens with either copy of the header, and repairs the other', async () => {
  for (const path of [HEADER, COPY]) {
    const disk = await filled();
    const whole = text(disk, path);
    disk.drop(path);
    expect([await accountsOn(disk), text(disk, path)]).toEqual([[revealed(account(A, 2))], whole]);
  }
});

test('openVault() quarantines a damaged header and repairs it', async () => {
  const disk = await filled();
  const whole = text(disk, HEADER);
  disk.put(HEADER, Buffer.from('damaged'));
  expect([
    await accountsOn(disk),
    text(disk, HEADER),
    text(disk, `${HEADER}.damaged-20261123T065100123Z`),
  ]).toEqual([[revealed(account(A, 2))], whole, 'damaged']);
});

test('openVault() creates no new vault over records whose header is missing', async () => {
  const disk = await filled();
  disk.drop(HEADER);
  disk.drop(COPY);
  const before = disk.files();
  expect([await attempt(disk, unprotected), disk.files()]).toEqual([
    { ok: false, failure: { code: 'vault-corrupt', quarantine: null, why: 'header-missing' } },
    before,
  ]);
});

test("openVault() never overwrites a header it can't read", async () => {
  const disk = await filled();
  disk.put(HEADER, Buffer.from('damaged'));
  disk.drop(COPY);
  const before = disk.files();
  expect([await attempt(disk, unprotected), disk.files()]).toEqual([
    { ok: false, failure: { code: 'vault-corrupt', quarantine: null, why: 'header-damaged' } },
    before,
  ]);
});

test('openVault() leaves a vault of a later version unchanged', async () => {
  const disk = await filled();
  const fields = { vault: 2 };
  const checksum = createHash('sha256').update(JSON.stringify(fields)).digest('hex');
  disk.put(HEADER, Buffer.from(JSON.stringify({ checksum, header: fields })));
  const before = disk.files();
  expect([await attempt(disk, unprotected), disk.files()]).toEqual([
    { ok: false, failure: { code: 'vault-newer', version: 2 } },
    before,
  ]);
});

test('openVault() treats an unreadable header as a failure, not as a new vault', async () => {
  const disk = await filled();
  disk.read = () => Promise.reject(systemError('EACCES'));
  expect(await attempt(disk, unprotected)).toEqual({
    ok: false,
    failure: { code: 'disk-denied', path: HEADER, attempted: 'read' },
  });
});

test("openVault() refuses another user's folder", async () => {
  const disk = await filled();
  disk.folders.set(FOLDER, { loose: false, uid: 0 });
  expect(await attempt(disk, unprotected)).toEqual({
    ok: false,
    failure: { code: 'disk-denied', path: FOLDER, attempted: 'own' },
  });
});

test('changeKeyProvider() locks the old passphrase out, even with the old header', async () => {
  const disk = await filled(by(passphrase('old')));
  const oldHeader = disk.files().get(HEADER)!;
  const vault = await opened(disk, by(passphrase('old')));
  const changed = await vault.changeKeyProvider(passphrase('new'));
  const reopened = await accountsOn(disk, by(passphrase('new')));
  const byOldPassphrase = await attempt(disk, by(passphrase('old')));
  disk.put(HEADER, oldHeader);
  const byOldHeader = await (await opened(disk, by(passphrase('old')))).load();
  expect({ changed, reopened, byOldPassphrase, byOldHeader }).toEqual({
    changed: { ok: true, value: { finished: true } },
    reopened: [revealed(account(A, 2))],
    byOldPassphrase: { ok: false, failure: { code: 'vault-wrong-passphrase' } },
    byOldHeader: {
      ok: false,
      failure: { code: 'vault-corrupt', quarantine: null, why: 'key-unknown' },
    },
  });
});

test('changeKeyProvider() from no protection leaves no trace of the readable key, in older copies either', async () => {
  const disk = await filled();
  const readableKey = /"key": "(?<key>[^"]{44})"/.exec(text(disk, HEADER))?.groups?.key;
  const vault = await opened(disk);
  unwrapped(await vault.changeKeyProvider(passphrase('new')));
  const headers = [text(disk, HEADER), text(disk, COPY)];
  disk.drop(`${FOLDER}/accounts/${A}.a.sealed`);
  expect({
    protection: vault.protection,
    found: headers.map((header) => header.includes(readableKey!)),
    retired: headers.map((header) => header.includes('"retired": []')),
    older: await accountsOn(disk, by(passphrase('new'))),
  }).toEqual({
    protection: 'passphrase',
    found: [false, false],
    retired: [true, true],
    older: [revealed(inDoubt(account(A, 1)))],
  });
});

test("changeKeyProvider() changes nothing if the new provider can't store the key", async () => {
  const disk = await filled();
  const vault = await opened(disk);
  const before = disk.files();
  expect([await vault.changeKeyProvider(passphrase('')), disk.files(), vault.protection]).toEqual([
    { ok: false, failure: { code: 'vault-wrong-passphrase' } },
    before,
    'none',
  ]);
});

test('changeKeyProvider() misses no record saved in the meantime', async () => {
  const disk = await filled();
  const vault = await opened(disk);
  const ids = Array.from({ length: 40 }, (_, at) => at.toString(16).padStart(16, '0'));
  const outcomes = await Promise.all([
    ...ids.slice(0, 20).map((id) => vault.save(account(id))),
    vault.changeKeyProvider(passphrase('new')),
    ...ids.slice(20).map((id) => vault.save(account(id))),
    vault.changeKeyProvider(passphrase('newer')),
  ]);
  expect([outcomes.every(({ ok }) => ok), await accountsOn(disk, by(passphrase('newer')))]).toEqual(
    [true, [...ids.map((id) => account(id)), account(A, 2)].map(revealed)],
  );
});

test('changeKeyProvider() waits for a save that began under the old key', async () => {
  const disk = await filled();
  const vault = await opened(disk);
  const rename = disk.rename.bind(disk);
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  disk.rename = async (from, to) => {
    if (to.endsWith(`${B}.a.sealed`)) await held;
    await rename(from, to);
  };
  const saving = vault.save(account(B));
  const changing = vault.changeKeyProvider(open);
  for (let turn = 0; turn < 100; turn += 1) await setImmediate(); // enough for a change that doesn't wait
  goOn();
  unwrapped(await saving);
  unwrapped(await changing);
  expect(await accountsOn(disk)).toEqual([account(A, 2), account(B)].map(revealed));
});

test('openVault() with a passphrase stores no token in plain text', async () => {
  const disk = await filled(by(passphrase('right')));
  const all = [...disk.files().values()].map((bytes) => Buffer.from(bytes).toString('latin1'));
  expect(all.filter((content) => /mat_|mar_|alice|right/.test(content))).toEqual([]);
});
