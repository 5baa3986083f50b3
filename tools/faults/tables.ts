/**
 * Writes `content` between the markers `<!-- NAME: begin -->` and `<!-- NAME: end -->` of a
 * document.
 */
export function putBetween(document: string, name: string, content: string): string {
  const begin = `<!-- ${name}: begin -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(`<!-- ${name}: end -->`);
  if (from === -1 || to < from) throw new Error(`no markers for ${name} in the document`);
  return `${document.slice(0, from)}${begin}\n\n${content}\n\n${document.slice(to)}`;
}

/** A Markdown table, each column as wide as its widest cell, as the formatter wants it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(head), rule, ...rows.map(line)].join('\n');
}
