/**
 * A user code in readable groups. Joined, they are exactly the code: the gaps are drawn with CSS, so that they
 * aren't copied.
 */
export function codeGroups(code: string): readonly string[] {
  const letters = Array.from(code);
  if (letters.includes('-')) return code.split(/(?<=-)(?=.)/s);
  const size = groupSize(letters.length);
  const groups: string[] = [];
  for (let start = 0; start < letters.length; start += size) {
    groups.push(letters.slice(start, start + size).join(''));
  }
  return groups;
}

/** A user code letter by letter, for screen readers. */
export function spelledCode(code: string): string {
  return Array.from(code).join(' ');
}

function groupSize(length: number): number {
  if (length <= 5) return 5;
  if (length % 4 === 0) return 4;
  if (length % 3 === 0) return 3;
  return length === 10 ? 5 : 4;
}
