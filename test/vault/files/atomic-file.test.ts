import { expect, test } from 'vitest';
import {
  overwriteDurably,
  sweepTemps,
  writeDurably,
} from '../../../main/vault/files/atomic-file.ts';
import { Crash, faultyFiles } from './faulty-files.ts';
import { MemoryDisk } from './memory-disk.ts';

const PATH = '/vault/a';
const [old, fresh] = ['old', 'fresh'].map((text) => Buffer.from(text)) as [Buffer, Buffer]; // two in, two out

const ERRNOS = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EFBIG: 'disk-full',
  EACCES: 'disk-denied',
  EPERM: 'disk-denied',
  EROFS: 'disk-denied',
  EIO: 'disk-failed',
  EMFILE: 'disk-failed',
};

async function diskWith(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await disk.makeFolder('/vault');
  disk.put(PATH, old);
  return disk;
}

function shown(disk: MemoryDisk): Record<string, string> {
  const named = [...disk.files()].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]);
  return Object.fromEntries(named) as Record<string, string>; // of pairs of texts
}

const WRITES = [
  ['writeDurably()', writeDurably],
  ['overwriteDurably()', overwriteDurably],
] as const;

for (const [name, write] of WRITES) {
  test(`${name} replaces a file, and creates a missing one`, async () => {
    const disk = await diskWith();
    const outcomes = [await write(PATH, fresh, disk), await write('/vault/b', fresh, disk)];
    expect([outcomes.map(({ ok }) => ok), shown(disk)]).toEqual([
      [true, true],
      { [PATH]: 'fresh', '/vault/b': 'fresh' },
    ]);
  });

  test(`${name} succeeds only once a power cut can undo nothing`, async () => {
    const disk = await diskWith();
    await write(PATH, fresh, disk);
    expect([disk.unsynced, shown(disk.afterPowerCut(0))]).toEqual([0, { [PATH]: 'fresh' }]);
  });

  test(`${name} reports which file failed, and why`, async () => {
    for (const [errno, code] of Object.entries(ERRNOS)) {
      const files = faultyFiles(await diskWith(), { at: 0, errno, lasting: true });
      const detail = code === 'disk-failed' ? { code, path: PATH, errno } : { code, path: PATH };
      expect(await write(PATH, fresh, files)).toEqual({ ok: false, failure: detail });
    }
  });
}

/** How many steps a write without faults takes. */
async function stepsOf(): Promise<number> {
  const files = faultyFiles(await diskWith(), { at: Infinity, crash: true });
  await writeDurably(PATH, fresh, files);
  return files.steps();
}

test('writeDurably() leaves the old or the new content intact, whichever step fails', async () => {
  const steps = await stepsOf();
  for (let at = 0; at < steps; at += 1) {
    const disk = await diskWith();
    const files = faultyFiles(disk, { at, errno: 'EIO', lasting: true });
    const { ok } = await writeDurably(PATH, fresh, files);
    expect([ok, shown(disk)[PATH]]).toEqual([
      false,
      expect.stringMatching(/^(?:old|fresh)$/) as unknown, // vitest's matchers are any
    ]);
  }
});

test('writeDurably() removes its temp file after a step that failed once', async () => {
  const steps = await stepsOf();
  for (let at = 0; at < steps; at += 1) {
    const disk = await diskWith();
    await writeDurably(PATH, fresh, faultyFiles(disk, { at, errno: 'EIO', lasting: false }));
    expect(Object.keys(shown(disk))).toEqual([PATH]);
  }
});

test('writeDurably() leaves the old or the new content intact if the process or the power dies at any step', async () => {
  const steps = await stepsOf();
  for (let at = 0; at < steps; at += 1) {
    const disk = await diskWith();
    const write = writeDurably(PATH, fresh, faultyFiles(disk, { at, crash: true }));
    await expect(write).rejects.toThrow(Crash);
    const cuts = Array.from({ length: disk.unsynced + 1 }, (_, kept) => disk.afterPowerCut(kept));
    for (const left of [disk, ...cuts]) {
      await sweepTemps('/vault', left);
      expect(shown(left)).toEqual({
        [PATH]: expect.stringMatching(/^(?:old|fresh)$/) as unknown, // vitest's matchers are any
      });
    }
  }
});

test('overwriteDurably() renames nothing and needs no space', async () => {
  const disk = await diskWith();
  disk.create = () => Promise.reject(new Error('a file was made'));
  disk.rename = () => Promise.reject(new Error('a name was changed'));
  disk.syncFolder = () => Promise.reject(new Error('a folder was synced'));
  expect([await overwriteDurably(PATH, fresh, disk), shown(disk)]).toEqual([
    { ok: true, value: undefined },
    { [PATH]: 'fresh' },
  ]);
});

test("overwriteDurably() writes a new file if the old one can't be overwritten", async () => {
  for (let at = 0; at < 4; at += 1) {
    const disk = await diskWith();
    const files = faultyFiles(disk, { at, errno: 'EIO', lasting: false });
    expect([await overwriteDurably(PATH, fresh, files), shown(disk.afterPowerCut(0))]).toEqual([
      { ok: true, value: undefined },
      { [PATH]: 'fresh' },
    ]);
  }
});

test('sweepTemps() removes temp files only', async () => {
  const disk = await diskWith();
  const kept = [
    '/vault/notes.tmp',
    '/vault/a.sealed.damaged-20261123T065100123Z',
    '/vault/.hidden',
  ];
  for (const path of [...kept, '/vault/a.0123456789abcdef.tmp']) disk.put(path, old);
  await sweepTemps('/vault', disk);
  expect([...disk.files().keys()].sort()).toEqual([PATH, ...kept].sort());
});
