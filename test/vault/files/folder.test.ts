import { expect, test } from 'vitest';
import { openPrivateFolder } from '../../../main/vault/files/folder.ts';
import { MemoryDisk } from './memory-disk.ts';

const PATH = '/home/alice/vault';

test('openPrivateFolder() creates a folder', async () => {
  const disk = new MemoryDisk();
  expect([await openPrivateFolder(PATH, disk), disk.folders.get(PATH)]).toEqual([
    { ok: true, value: undefined },
    { loose: false, uid: 1000 },
  ]);
});

test('openPrivateFolder() makes a folder that others can enter private, and its files too', async () => {
  const disk = new MemoryDisk();
  disk.folders.set(PATH, { loose: true, uid: 1000 });
  disk.put(`${PATH}/a`, Buffer.from('a'), true);
  const outcome = await openPrivateFolder(PATH, disk);
  expect([outcome.ok, disk.isLoose(PATH), disk.isLoose(`${PATH}/a`)]).toEqual([true, false, false]);
});

test("openPrivateFolder() refuses another user's folder, and leaves it unchanged", async () => {
  const disk = new MemoryDisk();
  disk.folders.set(PATH, { loose: true, uid: 1001 });
  expect([await openPrivateFolder(PATH, disk), disk.isLoose(PATH)]).toEqual([
    { ok: false, failure: { code: 'disk-denied', path: PATH, attempted: 'own' } },
    true,
  ]);
});
