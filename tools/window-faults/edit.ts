import type { Edit } from './fault.ts';

/**
 * The text with the edit made. The text to find must occur exactly once, so that a change of the
 * product can't silently turn a fault into nothing.
 *
 * @throws Error when it is not there, or more than once
 */
export function applyEdit(text: string, { file, find, put }: Edit): string {
  const count = typeof find === 'string' ? text.split(find).length - 1 : matches(text, find).length;
  if (count !== 1) throw new Error(`${file} holds ${count} times, not once: ${String(find)}`);
  // A literal text is inserted as it is; only a pattern has groups to refer to.
  return typeof find === 'string' ? text.replace(find, () => put) : text.replace(find, put);
}

/** The one path that fits, `*` standing for anything within a name. @throws Error when none or several do */
export function pathOf(file: string, paths: readonly string[]): string {
  const parts = file.split('*').map((part) => part.replace(/[.\\/]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('[^/]*')}$`);
  const [path, ...others] = paths.filter((candidate) => pattern.test(candidate));
  if (path === undefined || others.length > 0) {
    throw new Error(`the built app has ${path === undefined ? 'no' : 'more than one'} ${file}`);
  }
  return path;
}

function matches(text: string, pattern: RegExp): readonly RegExpMatchArray[] {
  return [...text.matchAll(new RegExp(pattern, 'g'))];
}
