/** A bitmap; `true` is ink. */
export type Dots = readonly (readonly boolean[])[];

/** Draws two rows of dots per line of text, which makes dots about square. */
export function halfBlocks(dots: Dots): readonly string[] {
  const lines: string[] = [];
  for (let row = 0; row < dots.length; row += 2) {
    const upper = dots[row] ?? [];
    const lower = dots[row + 1] ?? [];
    lines.push(upper.map((ink, column) => block(ink, lower[column] ?? false)).join(''));
  }
  return lines;
}

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}
