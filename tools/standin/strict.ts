/** Names that the language and tools probe for on any object. */
const harmless = new Set(['then', 'toJSON', 'inspect', 'default', '__esModule', 'constructor']);

/**
 * The end of a prototype chain: reading a name that is not provided throws instead of silently returning
 * `undefined`. A test that passes because nothing happened would be worse than no test.
 *
 * @param absent names that are undefined on this platform in Electron too
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

/** Returns the same object; reading a name that it lacks throws from now on. */
export function strictObject<T extends object>(
  name: string,
  object: T,
  absent: readonly string[] = [],
): T {
  // Returns the argument itself; only its type gets lost in Object.setPrototypeOf.
  return Object.setPrototypeOf(object, refusing(Object.prototype, name, absent)) as T;
}
