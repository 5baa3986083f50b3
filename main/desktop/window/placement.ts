/** A rectangle in device-independent pixels. */
export type Rectangle = Readonly<{ x: number; y: number; width: number; height: number }>;

/** The screen at the moment the window opens. */
export type ScreenLayout = Readonly<{
  /** The tray icon's bounds; null or empty: unknown. */
  tray: Rectangle | null;
  /** The pointer's position; null: unknown. */
  pointer: Readonly<{ x: number; y: number }> | null;
  /** The display without panels and docks. */
  workArea: Rectangle;
}>;

const GAP = 8;

/**
 * The window's bounds: beside the tray icon if its position is known, else near the pointer, else centred.
 * Always within the work area, and never larger than it.
 */
export function windowBounds(
  size: Readonly<{ width: number; height: number }>,
  scene: ScreenLayout,
): Rectangle {
  const { tray, pointer, workArea } = scene;
  const width = Math.min(size.width, workArea.width);
  const height = Math.min(size.height, workArea.height);
  const anchor = tray !== null && tray.width > 0 && tray.height > 0 ? tray : atPointer(pointer);
  if (anchor === null) {
    return within(
      {
        x: workArea.x + (workArea.width - width) / 2,
        y: workArea.y + (workArea.height - height) / 2,
        width,
        height,
      },
      workArea,
    );
  }
  const middleX = anchor.x + anchor.width / 2;
  const isAbove = anchor.y + anchor.height / 2 < workArea.y + workArea.height / 2;
  const y = isAbove ? anchor.y + anchor.height + GAP : anchor.y - height - GAP;
  return within({ x: middleX - width / 2, y, width, height }, workArea);
}

function atPointer(pointer: ScreenLayout['pointer']): Rectangle | null {
  // Some systems report the origin when they don't know.
  if (pointer === null || (pointer.x === 0 && pointer.y === 0)) return null;
  return { ...pointer, width: 0, height: 0 };
}

function within({ x, y, width, height }: Rectangle, workArea: Rectangle): Rectangle {
  const rightmost = workArea.x + workArea.width - width;
  const lowest = workArea.y + workArea.height - height;
  return {
    x: Math.round(Math.max(workArea.x, Math.min(x, rightmost))),
    y: Math.round(Math.max(workArea.y, Math.min(y, lowest))),
    width,
    height,
  };
}
