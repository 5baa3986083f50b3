/** Drops separators at either end and all but one in a row, as Electron does. */
export function withoutStraySeparators<T extends Readonly<{ type: string }>>(
  items: readonly T[],
): readonly T[] {
  const isSeparator = (item: T | undefined): boolean => item?.type === 'separator';
  const last = items.findLastIndex((item) => !isSeparator(item));
  const first = items.findIndex((item) => !isSeparator(item));
  return items.filter((item, index) => {
    if (!isSeparator(item)) return true;
    return index > first && index < last && !isSeparator(items[index - 1]);
  });
}
