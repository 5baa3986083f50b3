import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { StoredAccount } from '../../main/accounts/stored-account.ts';
import type { OpenVault } from '../../main/vault/file-vault.ts';
import { newDataKey } from '../../main/vault/data-key.ts';
import { seal } from '../../main/vault/seal.ts';
import { MemoryDisk, systemError } from './memory-disk.ts';
import { account, FOLDER, opened, revealed, unwrapped } from './samples.ts';

const A = 'aaaaaaaaaaaaaaaa';
const B = 'bbbbbbbbbbbbbbbb';
const STAMP = '20261123T065100123Z';

function path(id: string, kind: 'sealed' | 'previous'): string {
  return `${FOLDER}/accounts/${id}.${kind}`;
}

/** A disk with a vault in which each account was saved twice. */
async function diskWith(...ids: string[]): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const vault = await opened(disk);
  for (const id of ids) {
    unwrapped(await vault.save(account(id, 1)));
    unwrapped(await vault.save(account(id, 2)));
  }
  await vault.close();
  return disk;
}

function damage(disk: MemoryDisk, at: string): void {
  disk.put(at, disk.files().get(at)!.with(20, 0xff).slice(0, -1));
}

/** What the vault holds; every vault here is unprotected, and that it says so is tested once. */
async function contents(vault: OpenVault) {
  const { accounts, warnings } = unwrapped(await vault.load());
  return {
    accounts: accounts.map(revealed),
    warnings: warnings.filter(({ code }) => code !== 'not-protected'),
  };
}

function holding(...accounts: StoredAccount[]) {
  return { accounts: accounts.map(revealed), warnings: [] };
}

test('load() gives what save() was given last, over a restart and a power cut', async () => {
  const disk = await diskWith(A, B);
  expect([
    await contents(await opened(disk)),
    await contents(await opened(disk.afterPowerCut(0))),
  ]).toEqual([holding(account(A, 2), account(B, 2)), holding(account(A, 2), account(B, 2))]);
});

test('load() says when nothing protects the tokens', async () => {
  expect(unwrapped(await (await opened(new MemoryDisk())).load())).toEqual({
    accounts: [],
    warnings: [{ code: 'not-protected' }],
  });
});

test('load() uses the older copy of a damaged record, sets the damaged one aside and says where', async () => {
  const disk = await diskWith(A, B);
  damage(disk, path(A, 'sealed'));
  const damaged = disk.files().get(path(A, 'sealed'));
  const aside = `${path(A, 'sealed')}.damaged-${STAMP}`;
  const first = await contents(await opened(disk));
  expect([first, disk.files().get(aside), await contents(await opened(disk))]).toEqual([
    {
      accounts: [account(A, 1), account(B, 2)].map(revealed),
      warnings: [{ code: 'record-set-aside', path: aside, usedOlderCopy: true }],
    },
    damaged,
    holding(account(A, 1), account(B, 2)),
  ]);
});

test('load() sets both copies aside when both are damaged, and keeps the other accounts', async () => {
  const disk = await diskWith(A, B);
  damage(disk, path(A, 'sealed'));
  damage(disk, path(A, 'previous'));
  expect(await contents(await opened(disk))).toEqual({
    accounts: [revealed(account(B, 2))],
    warnings: (['sealed', 'previous'] as const).map((kind) => ({
      code: 'record-set-aside',
      path: `${path(A, kind)}.damaged-${STAMP}`,
      usedOlderCopy: false,
    })),
  });
});

test('load() overwrites nothing that was set aside before', async () => {
  const disk = await diskWith(A);
  const taken = `${path(A, 'sealed')}.damaged-${STAMP}`;
  disk.put(taken, Buffer.from('from before'));
  damage(disk, path(A, 'sealed'));
  const { warnings } = await contents(await opened(disk));
  expect([warnings, disk.files().get(taken)]).toEqual([
    [{ code: 'record-set-aside', path: `${taken}-2`, usedOlderCopy: true }],
    Buffer.from('from before'),
  ]);
});

test('load() says when a record is gone and an older copy was used', async () => {
  const disk = await diskWith(A);
  disk.drop(path(A, 'sealed'));
  expect(await contents(await opened(disk))).toEqual({
    accounts: [revealed(account(A, 1))],
    warnings: [{ code: 'record-missing', path: path(A, 'sealed') }],
  });
});

test('load() gives the older copy even when the disk lets nothing be moved', async () => {
  const disk = await diskWith(A);
  damage(disk, path(A, 'sealed'));
  disk.create = () => Promise.reject(systemError('ENOSPC'));
  expect(await contents(await opened(disk))).toEqual({
    accounts: [revealed(account(A, 1))],
    warnings: [{ code: 'record-set-aside', path: path(A, 'sealed'), usedOlderCopy: true }],
  });
});

test('load() takes a file that cannot be read for a failure, not for damage', async () => {
  const disk = await diskWith(A);
  const vault = await opened(disk);
  disk.read = () => Promise.reject(systemError('EIO'));
  const failure = { code: 'disk-failed', path: path(A, 'sealed'), errno: 'EIO' };
  expect([await vault.load(), disk.has(path(A, 'sealed'))]).toEqual([{ ok: false, failure }, true]);
});

test('load() takes a folder that cannot be read for a failure, not for an empty vault', async () => {
  const disk = await diskWith(A);
  const vault = await opened(disk);
  disk.list = () => Promise.reject(systemError('EACCES'));
  expect(await vault.load()).toEqual({
    ok: false,
    failure: { code: 'disk-denied', path: `${FOLDER}/accounts` },
  });
});

test('load() touches nothing when one record is of a later version', async () => {
  const disk = await diskWith(A, B);
  damage(disk, path(A, 'sealed'));
  const newer = disk.files().get(path(B, 'sealed'))!.with(6, 2).slice(0, -8);
  disk.put(path(B, 'sealed'), withChecksum(newer));
  const before = disk.files();
  const vault = await opened(disk);
  expect([await vault.load(), disk.files()]).toEqual([
    { ok: false, failure: { code: 'vault-newer', version: 2 } },
    before,
  ]);
});

test('load() sets a stray file of another vault aside', async () => {
  const disk = await diskWith(A);
  disk.put(path(B, 'sealed'), seal(newDataKey(), B, Buffer.from('{}')));
  expect(await contents(await opened(disk))).toEqual({
    accounts: [revealed(account(A, 2))],
    warnings: [
      {
        code: 'record-set-aside',
        path: `${path(B, 'sealed')}.damaged-${STAMP}`,
        usedOlderCopy: false,
      },
    ],
  });
});

test('load() touches nothing when the header is of another vault', async () => {
  const disk = await diskWith(A, B);
  const other = await diskWith();
  for (const name of ['vault.json', 'vault.copy.json']) {
    disk.put(`${FOLDER}/${name}`, other.files().get(`${FOLDER}/${name}`)!);
  }
  const before = disk.files();
  const outcome = await (await opened(disk)).load();
  expect([outcome, disk.files()]).toEqual([
    { ok: false, failure: { code: 'vault-corrupt', setAside: null, why: 'key-unknown' } },
    before,
  ]);
});

test('load() opens no record under the name of another account', async () => {
  const disk = await diskWith(A, B);
  disk.put(path(A, 'sealed'), disk.files().get(path(B, 'sealed'))!);
  disk.drop(path(A, 'previous'));
  expect((await contents(await opened(disk))).accounts).toEqual([revealed(account(B, 2))]);
});

test('save() keeps the last good copy when the current one was damaged meanwhile', async () => {
  const disk = await diskWith(A);
  const vault = await opened(disk);
  damage(disk, path(A, 'sealed'));
  unwrapped(await vault.save(account(A, 3)));
  damage(disk, path(A, 'sealed'));
  expect((await contents(await opened(disk))).accounts).toEqual([revealed(account(A, 1))]);
});

test('save() writes the states of one account in the order they came', async () => {
  const disk = new MemoryDisk();
  const vault = await opened(disk);
  const saves = Array.from({ length: 20 }, (_, at) => vault.save(account(A, at + 1)));
  await Promise.all(saves);
  disk.drop(path(A, 'sealed'));
  const older = await contents(await opened(disk));
  expect(older.accounts).toEqual([revealed(account(A, 19))]);
});

test('save() of one account does not wait for another whose write hangs', async () => {
  const disk = await diskWith(A, B);
  const vault = await opened(disk);
  const read = disk.read.bind(disk);
  disk.read = (at) => (at === path(A, 'sealed') ? new Promise(() => undefined) : read(at));
  void vault.save(account(A, 3));
  expect(await vault.save(account(B, 3))).toEqual({ ok: true, value: undefined });
});

test('save() refuses an id that could name another file', async () => {
  const vault = await opened(new MemoryDisk());
  await expect(vault.save(account('../../../etc/passwd'))).rejects.toThrow(TypeError);
  await expect(vault.remove('../vault')).rejects.toThrow(TypeError);
});

test('remove() removes both copies for good, and one that is not there is fine', async () => {
  const disk = await diskWith(A, B);
  const vault = await opened(disk);
  unwrapped(await vault.remove(A));
  unwrapped(await vault.remove(A));
  expect([...disk.afterPowerCut(0).files().keys()].sort()).toEqual([
    path(B, 'previous'),
    path(B, 'sealed'),
    `${FOLDER}/vault.copy.json`,
    `${FOLDER}/vault.json`,
  ]);
});

test('close() waits for what was asked, and refuses what comes later', async () => {
  const disk = new MemoryDisk();
  const vault = await opened(disk);
  const saving = vault.save(account(A));
  await vault.close();
  const kept = await contents(await opened(disk));
  expect([kept, await saving, await vault.save(account(A, 2)), await vault.load()]).toEqual([
    holding(account(A)),
    { ok: true, value: undefined },
    { ok: false, failure: { code: 'vault-locked' } },
    { ok: false, failure: { code: 'vault-locked' } },
  ]);
});

function withChecksum(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, createHash('sha256').update(bytes).digest().subarray(0, 8)]);
}
