/**
 * Electron's URL patterns, as far as webRequest filters use them: `*` matches anything.
 *
 * @see {@link https://www.electronjs.org/docs/latest/api/web-request}
 */
export function urlFilter(patterns: readonly string[]): (url: string) => boolean {
  const tests = patterns.map((pattern) => {
    const plain = pattern === '<all_urls>' ? '*' : pattern;
    const source = plain.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return new RegExp(`^${source}$`);
  });
  return (url) => tests.some((test) => test.test(url));
}
