export type Bounds = Readonly<{ x: number; y: number; width: number; height: number }>;

/** Bounds of the given size, centered in an area. */
export function centered(area: Bounds, { width, height }: Omit<Bounds, 'x' | 'y'>): Bounds {
  const x = Math.round(area.x + (area.width - width) / 2);
  const y = Math.round(area.y + (area.height - height) / 2);
  return { x, y, width, height };
}

/** Whether two bounds differ in position and in size. */
export function difference(a: Bounds, b: Bounds): { moved: boolean; resized: boolean } {
  return {
    moved: a.x !== b.x || a.y !== b.y,
    resized: a.width !== b.width || a.height !== b.height,
  };
}
