import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TRAY_STATES } from '../../main/desktop/tray/tray-state.ts';

const folder = join(import.meta.dirname, '../../build/icons');
const read = (name: string) => readFileSync(join(folder, name));

/** The width in a PNG's header. */
function width(png: Buffer): number {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBe(png.readUInt32BE(20));
  return png.readUInt32BE(16);
}

/** The widths of the images in an .ico, each of which must be the PNG that the directory declares. */
function icoWidths(ico: Buffer): number[] {
  return Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
    const at = 6 + 16 * index;
    const found = width(ico.subarray(ico.readUInt32LE(at + 12)));
    expect(ico.readUInt8(at) || 256).toBe(found);
    return found;
  });
}

test.each(TRAY_STATES)(
  'the tray icon for %s exists in every size that a system asks for',
  (state) => {
    const names = ['.png', '@2x.png', 'Template.png', 'Template@2x.png'];
    expect([
      names.map((end) => width(read(`app/${state}${end}`))),
      icoWidths(read(`app/${state}.ico`)),
    ]).toEqual([
      [24, 48, 16, 32],
      [16, 20, 24, 32, 40, 48, 64],
    ]);
  },
);

test('the tray icons differ in shape alone', () => {
  const hashes = TRAY_STATES.map((state) =>
    createHash('sha256')
      .update(read(`app/${state}Template.png`))
      .digest('hex'),
  );
  expect(new Set(hashes).size).toBe(TRAY_STATES.length);
});

test('the icons of the packages exist in every size', () => {
  const icns = read('icon.icns');
  const kinds: string[] = [];
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    kinds.push(icns.subarray(at, at + 4).toString());
  }
  expect([width(read('icon.png')), icoWidths(read('icon.ico')), kinds]).toEqual([
    512,
    [16, 20, 24, 32, 40, 48, 64, 128, 256],
    ['icp4', 'icp5', 'ic11', 'icp6', 'ic12', 'ic07', 'ic08', 'ic13', 'ic09', 'ic14', 'ic10'],
  ]);
});
