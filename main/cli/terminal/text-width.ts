import stringWidth from 'string-width';

/** How many columns `text` takes in a terminal. Control sequences and combining marks take none. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/**
 * As much of `text` as fits into `columns`, cut between graphemes. A cut text ends with `mark`, which
 * takes one column. `text` must hold no control sequences.
 */
export function cutTo(text: string, columns: number, mark: string): string {
  if (columnsOf(text) <= columns) return text;
  let cut = '';
  let width = 1;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += columnsOf(segment);
    if (width > columns) break;
    cut += segment;
  }
  return cut + mark;
}

/** `text` in lines of at most `columns`, broken between words; a longer word stays whole. */
export function wrapTo(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && columnsOf(longer) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
