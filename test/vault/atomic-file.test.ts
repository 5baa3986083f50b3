import { expect, test } from 'vitest';
import { sweepTemps, writeDurably, type Previous } from '../../main/vault/atomic-file.ts';
import { Crash, faultyFiles } from './faulty-files.ts';
import { MemoryDisk } from './memory-disk.ts';

const PATH = '/vault/a';
const PREVIOUS = '/vault/a.previous';
const [older, old, fresh] = ['older', 'old', 'fresh'].map((text) => Buffer.from(text)) as [
  Buffer,
  Buffer,
  Buffer,
]; // three in, three out

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

async function diskWith(links = true): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await disk.makeFolder('/vault');
  disk.put(PATH, old);
  disk.put(PREVIOUS, older);
  disk.links = links;
  return disk;
}

const keep: Previous = { path: PREVIOUS, bytes: old };

function shown(disk: MemoryDisk): Record<string, string> {
  const named = [...disk.files()].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]);
  return Object.fromEntries(named) as Record<string, string>; // of pairs of texts
}

/** How many steps a write without any fault takes. */
async function stepsOf(links: boolean): Promise<number> {
  const files = faultyFiles(await diskWith(links), { at: Infinity, crash: true });
  await writeDurably(PATH, fresh, files, keep);
  return files.steps();
}

test('writeDurably() replaces a file and keeps the one before, with and without hard links', async () => {
  for (const links of [true, false]) {
    const disk = await diskWith(links);
    const outcome = await writeDurably(PATH, fresh, disk, keep);
    expect([outcome, shown(disk)]).toEqual([
      { ok: true, value: undefined },
      { [PATH]: 'fresh', [PREVIOUS]: 'old' },
    ]);
  }
});

test('writeDurably() leaves nothing behind when both names mean one file already', async () => {
  const disk = await diskWith();
  disk.drop(PREVIOUS);
  await disk.link(PATH, PREVIOUS);
  await writeDurably(PATH, fresh, disk, keep);
  expect(shown(disk)).toEqual({ [PATH]: 'fresh', [PREVIOUS]: 'old' });
});

test('writeDurably() calls it a success only when a power cut takes nothing back', async () => {
  const disk = await diskWith();
  await writeDurably(PATH, fresh, disk, keep);
  expect([disk.unsynced, shown(disk.afterPowerCut(0))]).toEqual([
    0,
    { [PATH]: 'fresh', [PREVIOUS]: 'old' },
  ]);
});

test('writeDurably() names what the disk refused, at every step, and leaves old or new, whole', async () => {
  for (const [errno, code] of Object.entries(ERRNOS)) {
    for (const links of [true, false]) {
      const steps = await stepsOf(links);
      for (let at = 0; at < steps; at += 1) {
        const disk = await diskWith(links);
        const outcome = await writeDurably(
          PATH,
          fresh,
          faultyFiles(disk, { at, errno, lasting: true }),
          keep,
        );
        const { [PATH]: current, [PREVIOUS]: previous } = shown(disk);
        const detail = code === 'disk-failed' ? { code, path: PATH, errno } : { code, path: PATH };
        expect([outcome, current, previous]).toEqual([
          { ok: false, failure: detail },
          expect.stringMatching(/^(?:old|fresh)$/),
          expect.stringMatching(/^(?:older|old)$/),
        ]);
      }
    }
  }
});

test('writeDurably() removes its temp file when one step fails and the disk works again', async () => {
  const steps = await stepsOf(true);
  for (let at = 0; at < steps; at += 1) {
    const disk = await diskWith();
    const files = faultyFiles(disk, { at, errno: 'EIO', lasting: false });
    await writeDurably(PATH, fresh, files, keep);
    expect(Object.keys(shown(disk)).sort()).toEqual([PATH, PREVIOUS]);
  }
});

test('writeDurably() leaves old or new, whole, at whatever step the process or the power dies', async () => {
  for (const links of [true, false]) {
    const steps = await stepsOf(links);
    for (let at = 0; at < steps; at += 1) {
      const disk = await diskWith(links);
      const write = writeDurably(PATH, fresh, faultyFiles(disk, { at, crash: true }), keep);
      await expect(write).rejects.toThrow(Crash);
      const cuts = Array.from({ length: disk.unsynced + 1 }, (_, kept) => disk.afterPowerCut(kept));
      for (const left of [disk, ...cuts]) {
        await sweepTemps('/vault', left);
        expect(shown(left)).toEqual({
          [PATH]: expect.stringMatching(/^(?:old|fresh)$/) as unknown, // vitest's matchers are any
          [PREVIOUS]: expect.stringMatching(/^(?:older|old)$/) as unknown,
        });
      }
    }
  }
});

test('sweepTemps() removes temp files and nothing else', async () => {
  const disk = await diskWith();
  const kept = [
    '/vault/notes.tmp',
    '/vault/a.sealed.damaged-20261123T065100123Z',
    '/vault/.hidden',
  ];
  for (const path of [...kept, '/vault/a.0123456789abcdef.tmp']) disk.put(path, old);
  await sweepTemps('/vault', disk);
  expect([...disk.files().keys()].sort()).toEqual([PATH, PREVIOUS, ...kept].sort());
});
