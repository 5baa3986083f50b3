/** Names that languages and tools look up on any object without meaning to use them. */
const harmless = new Set(['then', 'toJSON', 'inspect', 'default', '__esModule', 'constructor']);

/**
 * What to put at the end of a prototype chain, so that a name we lack is an error and never a silent
 * `undefined`: a test that passes because nothing happened would be worse than no test.
 *
 * @param absent names that are truly undefined on this platform, in Electron too
 */
export function refusing<T extends object>(
  target: T,
  name: string,
  absent: readonly string[] = [],
): T {
  return new Proxy(target, {
    get(_, key, receiver): unknown {
      const known = typeof key === 'symbol' || key.startsWith('_') || harmless.has(key);
      if (known || absent.includes(key) || key in target) return Reflect.get(target, key, receiver);
      throw new Error(`electron stand-in: ${name}.${key} is not provided`);
    },
  });
}

/** The same object; reading a name that it lacks throws from now on. */
export function strictObject<T extends object>(
  name: string,
  object: T,
  absent: readonly string[] = [],
): T {
  // The value is handed back as it came; Object.setPrototypeOf only forgets its type.
  return Object.setPrototypeOf(object, refusing(Object.prototype, name, absent)) as T;
}
