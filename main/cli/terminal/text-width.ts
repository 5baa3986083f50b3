const COMBINING = /\p{M}/u;
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** How many columns `text` takes in a terminal: combining marks none, East Asian wide ones two. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOfOne(character);
  return columns;
}

/** As much of `text` as fits into `columns`; what was cut ends with `mark`, which takes one column. */
export function cutTo(text: string, columns: number, mark: string): string {
  if (columnsOf(text) <= columns) return text;
  let cut = '';
  let width = 1;
  for (const character of text) {
    width += columnsOfOne(character);
    if (width > columns) break;
    cut += character;
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

function columnsOfOne(character: string): number {
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
