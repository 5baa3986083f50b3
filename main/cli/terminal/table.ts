import { columnsOf } from './text-width.ts';

/** A table with headings, columns two spaces apart, without trailing spaces. */
export function tableText(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((line) => columnsOf(line[column] ?? ''))),
  );
  return lines
    .map((line) => line.map((cell, column) => pad(cell, widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** Names and values in two columns. */
export function fieldsText(fields: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...fields.map(([name]) => columnsOf(name)));
  return fields.map(([name, value]) => `${pad(name, width)}  ${value}`.trimEnd() + '\n').join('');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}
