import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { StoredAccount } from '../../main/accounts/record.ts';
import type { OpenVault } from '../../main/vault/file-vault.ts';
import { newDataKey } from '../../main/vault/keys/data-key.ts';
import { seal } from '../../main/vault/records/seal.ts';
import { MemoryDisk, systemError } from './files/memory-disk.ts';
import { account, FOLDER, inDoubt, opened, revealed, unwrapped } from './samples.ts';

const A = 'aaaaaaaaaaaaaaaa';
const B = 'bbbbbbbbbbbbbbbb';
const STAMP = '20261123T065100123Z';

/** Where a copy of an account is after as many saves as in {@link diskWith}. */
function path(id: string, which: 'newest' | 'older'): string {
  return `${FOLDER}/accounts/${id}.${which === 'newest' ? 'a' : 'b'}.sealed`;
}

/** A disk with a vault in which each account was saved twice: the first save writes both files. */
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

/** What the vault holds. Every vault here is unprotected; the warning about that has a test of its own. */
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

test('load() returns what save() stored last, after a restart and a power cut', async () => {
  const disk = await diskWith(A, B);
  expect([
    await contents(await opened(disk)),
    await contents(await opened(disk.afterPowerCut(0))),
  ]).toEqual([holding(account(A, 2), account(B, 2)), holding(account(A, 2), account(B, 2))]);
});

test('load() warns when nothing protects the tokens', async () => {
  expect(unwrapped(await (await opened(new MemoryDisk())).load())).toEqual({
    accounts: [],
    warnings: [{ code: 'not-protected' }],
  });
});

test('load() uses the older copy of a damaged record, quarantines the damaged one and says where', async () => {
  const disk = await diskWith(A, B);
  damage(disk, path(A, 'newest'));
  const damaged = disk.files().get(path(A, 'newest'));
  const aside = `${path(A, 'newest')}.damaged-${STAMP}`;
  const first = await contents(await opened(disk));
  expect([first, disk.files().get(aside), await contents(await opened(disk))]).toEqual([
    {
      accounts: [inDoubt(account(A, 1)), account(B, 2)].map(revealed),
      warnings: [{ code: 'record-set-aside', path: aside, usedOlderCopy: true }],
    },
    damaged,
    holding(inDoubt(account(A, 1)), account(B, 2)),
  ]);
});

test('load() quarantines both copies if both are damaged, and keeps the other accounts', async () => {
  const disk = await diskWith(A, B);
  damage(disk, path(A, 'newest'));
  damage(disk, path(A, 'older'));
  expect(await contents(await opened(disk))).toEqual({
    accounts: [revealed(account(B, 2))],
    warnings: (['newest', 'older'] as const).map((which) => ({
      code: 'record-set-aside',
      path: `${path(A, which)}.damaged-${STAMP}`,
      usedOlderCopy: false,
    })),
  });
});

test('load() never overwrites a quarantined file', async () => {
  const disk = await diskWith(A);
  const taken = `${path(A, 'newest')}.damaged-${STAMP}`;
  disk.put(taken, Buffer.from('from before'));
  damage(disk, path(A, 'newest'));
  const { warnings } = await contents(await opened(disk));
  expect([warnings, disk.files().get(taken)]).toEqual([
    [{ code: 'record-set-aside', path: `${taken}-2`, usedOlderCopy: true }],
    Buffer.from('from before'),
  ]);
});

test('load() says when a copy is missing and the older one was used', async () => {
  const disk = await diskWith(A);
  disk.drop(path(A, 'newest'));
  expect(await contents(await opened(disk))).toEqual({
    accounts: [revealed(inDoubt(account(A, 1)))],
    warnings: [{ code: 'record-missing', path: path(A, 'newest') }],
  });
});

test('load() returns the older copy even if the disk refuses to rename', async () => {
  const disk = await diskWith(A);
  damage(disk, path(A, 'newest'));
  disk.create = () => Promise.reject(systemError('ENOSPC'));
  expect(await contents(await opened(disk))).toEqual({
    accounts: [revealed(inDoubt(account(A, 1)))],
    warnings: [{ code: 'record-set-aside', path: path(A, 'newest'), usedOlderCopy: true }],
  });
});

test('load() treats an unreadable file as a failure, not as damage', async () => {
  const disk = await diskWith(A);
  const vault = await opened(disk);
  disk.read = () => Promise.reject(systemError('EIO'));
  const failure = { code: 'disk-failed', path: path(A, 'newest'), errno: 'EIO', attempted: 'read' };
  expect([await vault.load(), disk.has(path(A, 'newest'))]).toEqual([{ ok: false, failure }, true]);
});

test('load() treats an unreadable folder as a failure, not as an empty vault', async () => {
  const disk = await diskWith(A);
  const vault = await opened(disk);
  disk.list = () => Promise.reject(systemError('EACCES'));
  expect(await vault.load()).toEqual({
    ok: false,
    failure: { code: 'disk-denied', path: `${FOLDER}/accounts` },
  });
});

test('load() changes nothing if a record is of a later version', async () => {
  const disk = await diskWith(A, B);
  damage(disk, path(A, 'newest'));
  const newer = disk.files().get(path(B, 'newest'))!.with(6, 2).slice(0, -8);
  disk.put(path(B, 'newest'), withChecksum(newer));
  const before = disk.files();
  const vault = await opened(disk);
  expect([await vault.load(), disk.files()]).toEqual([
    { ok: false, failure: { code: 'vault-newer', version: 2 } },
    before,
  ]);
});

test('load() quarantines a stray file of another vault', async () => {
  const disk = await diskWith(A);
  disk.put(path(B, 'newest'), seal(newDataKey(), B, Buffer.from('{}')));
  expect(await contents(await opened(disk))).toEqual({
    accounts: [revealed(account(A, 2))],
    warnings: [
      {
        code: 'record-set-aside',
        path: `${path(B, 'newest')}.damaged-${STAMP}`,
        usedOlderCopy: false,
      },
    ],
  });
});

test('load() changes nothing if the header belongs to another vault', async () => {
  const disk = await diskWith(A, B);
  const other = await diskWith();
  for (const name of ['vault.json', 'vault.copy.json']) {
    disk.put(`${FOLDER}/${name}`, other.files().get(`${FOLDER}/${name}`)!);
  }
  const before = disk.files();
  const outcome = await (await opened(disk)).load();
  expect([outcome, disk.files()]).toEqual([
    { ok: false, failure: { code: 'vault-corrupt', quarantine: null, why: 'key-unknown' } },
    before,
  ]);
});

test("load() opens no record under another account's name", async () => {
  const disk = await diskWith(A, B);
  disk.put(path(A, 'newest'), disk.files().get(path(B, 'newest'))!);
  disk.drop(path(A, 'older'));
  expect((await contents(await opened(disk))).accounts).toEqual([revealed(account(B, 2))]);
});

test('load() restores the second copy of a record, and marks nothing in doubt the next time', async () => {
  const disk = await diskWith(A);
  disk.drop(path(A, 'newest'));
  const first = await opened(disk);
  const { accounts } = await contents(first);
  unwrapped(await first.save(account(A, 3)));
  damage(disk, path(A, 'older'));
  expect([accounts, (await contents(await opened(disk))).accounts]).toEqual([
    [revealed(inDoubt(account(A, 1)))],
    [revealed(inDoubt(account(A, 1)))],
  ]);
});

test('load() marks no ended session in doubt, whichever copy is left', async () => {
  const over = { ...account(A), state: { kind: 'signed-out', why: 'by-user' } as const };
  const disk = new MemoryDisk();
  unwrapped(await (await opened(disk)).save(over));
  disk.drop(path(A, 'newest'));
  expect((await contents(await opened(disk))).accounts).toEqual([revealed(over)]);
});

test("save() renames and creates no file, and doesn't touch the newest copy", async () => {
  const disk = await diskWith(A);
  const vault = await opened(disk);
  unwrapped(await vault.load());
  const newest = disk.files().get(path(A, 'newest'));
  const surprise = () => Promise.reject(new Error('one write, and no more'));
  Object.assign(disk, { create: surprise, rename: surprise, syncFolder: surprise, list: surprise });
  unwrapped(await vault.save(account(A, 3)));
  expect(disk.files().get(path(A, 'newest'))).toEqual(newest);
});

test("save() keeps a file's length, so a full disk has room for the next record", async () => {
  const disk = await diskWith(A);
  const vault = await opened(disk);
  const longer = { ...account(A, 3), label: 'x'.repeat(2_000) };
  const before = [...disk.files().values()].map(({ length }) => length);
  unwrapped(await vault.save(longer));
  expect([...disk.files().values()].map(({ length }) => length)).toEqual(before);
});

test('save() quarantines an unreadable file before it writes there', async () => {
  const disk = await diskWith(A);
  damage(disk, path(A, 'older'));
  const damaged = disk.files().get(path(A, 'older'));
  const rename = disk.rename.bind(disk);
  disk.rename = () => Promise.reject(systemError('EIO'));
  const vault = await opened(disk);
  unwrapped(await vault.load());
  const refused = await vault.save(account(A, 3));
  disk.rename = rename;
  unwrapped(await vault.save(account(A, 3)));
  const aside = disk.files().get(`${path(A, 'older')}.damaged-${STAMP}`);
  const kept = (await contents(await opened(disk))).accounts;
  expect([refused.ok, aside, kept]).toEqual([false, damaged, [revealed(account(A, 3))]]);
});

test('save() writes the states of one account in order', async () => {
  const disk = new MemoryDisk();
  const vault = await opened(disk);
  const saves = Array.from({ length: 20 }, (_, at) => vault.save(account(A, at + 1)));
  await Promise.all(saves);
  disk.drop(path(A, 'newest'));
  const older = await contents(await opened(disk));
  expect(older.accounts).toEqual([revealed(inDoubt(account(A, 19)))]);
});

test("save() of one account doesn't wait for another account's hanging write", async () => {
  const disk = await diskWith(A, B);
  const vault = await opened(disk);
  const edit = disk.edit.bind(disk);
  disk.edit = (at) => (at.includes(A) ? new Promise(() => undefined) : edit(at));
  void vault.save(account(A, 3));
  expect(await vault.save(account(B, 3))).toEqual({ ok: true, value: undefined });
});

test('save() refuses an id that could name another file', async () => {
  const vault = await opened(new MemoryDisk());
  await expect(vault.save(account('../../../etc/passwd'))).rejects.toThrow(TypeError);
  await expect(vault.remove('../vault')).rejects.toThrow(TypeError);
});

test('remove() removes both copies for good, and accepts a missing one', async () => {
  const disk = await diskWith(A, B);
  const vault = await opened(disk);
  unwrapped(await vault.remove(A));
  unwrapped(await vault.remove(A));
  expect([...disk.afterPowerCut(0).files().keys()].sort()).toEqual([
    path(B, 'newest'),
    path(B, 'older'),
    `${FOLDER}/vault.copy.json`,
    `${FOLDER}/vault.json`,
  ]);
});

test('close() waits for pending work, and refuses later calls', async () => {
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
