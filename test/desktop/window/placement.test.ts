import fc from 'fast-check';
import { expect, test } from 'vitest';
import { windowBounds } from '../../../main/desktop/window/placement.ts';

const SIZE = { width: 420, height: 640 };
const workArea = { x: 0, y: 27, width: 1920, height: 1053 };

test('windowBounds() puts the window below a tray icon at the top and above one at the bottom', () => {
  const above = { x: 1600, y: 0, width: 24, height: 24 };
  const below = { x: 1600, y: 1056, width: 24, height: 24 };
  const place = (tray: typeof above) => windowBounds(SIZE, { tray, pointer: null, workArea });
  expect([place(above), place(below)]).toEqual([
    { x: 1402, y: 32, ...SIZE },
    { x: 1402, y: 408, ...SIZE },
  ]);
});

test('windowBounds() puts the window near the pointer without a tray position, otherwise in the centre', () => {
  const tray = { x: 0, y: 0, width: 0, height: 0 };
  expect([
    windowBounds(SIZE, { tray, pointer: { x: 1900, y: 1000 }, workArea }),
    windowBounds(SIZE, { tray, pointer: { x: 0, y: 0 }, workArea }),
    windowBounds(SIZE, { tray: null, pointer: null, workArea }),
  ]).toEqual([
    { x: 1500, y: 352, ...SIZE },
    { x: 750, y: 234, ...SIZE },
    { x: 750, y: 234, ...SIZE },
  ]);
});

test('windowBounds() keeps the whole window in the work area, on any screen', () => {
  const coordinate = fc.integer({ min: -5_000, max: 5_000 });
  const extent = fc.integer({ min: 0, max: 3_000 });
  const area = fc.record({ x: coordinate, y: coordinate, width: extent, height: extent });
  const pointer = fc.option(fc.record({ x: coordinate, y: coordinate }));
  fc.assert(
    fc.property(fc.option(area), pointer, area, area, (tray, at, display, size) => {
      const { x, y, width, height } = windowBounds(size, { tray, pointer: at, workArea: display });
      return (
        x >= display.x &&
        y >= display.y &&
        x + width <= display.x + display.width &&
        y + height <= display.y + display.height
      );
    }),
    { numRuns: 10_000 },
  );
});
