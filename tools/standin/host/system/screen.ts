import { strictEmitter } from '../app/strict-emitter.ts';

type Point = Readonly<{ x: number; y: number }>;

/** One display with a panel at its upper edge. */
export const primaryDisplay = {
  id: 1,
  label: 'Stand-in',
  internal: true,
  rotation: 0,
  scaleFactor: 1,
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  size: { width: 1920, height: 1080 },
  workArea: { x: 0, y: 27, width: 1920, height: 1053 },
  workAreaSize: { width: 1920, height: 1053 },
};

/** @see {@link https://www.electronjs.org/docs/latest/api/screen} */
export class Screen extends strictEmitter('screen') {
  getPrimaryDisplay() {
    return primaryDisplay;
  }

  getAllDisplays() {
    return [primaryDisplay];
  }

  getDisplayNearestPoint(_point: Point) {
    return primaryDisplay;
  }

  getDisplayMatching(_area: Point) {
    return primaryDisplay;
  }

  getCursorScreenPoint(): Point {
    return { x: 0, y: 0 };
  }
}

/** The `screen` of this process. */
export const screen = new Screen();
