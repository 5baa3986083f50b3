/**
 * Gives a class methods that are accepted and do nothing, because their effect would show on a real screen
 * alone. The README lists them.
 */
export function acceptQuietly(prototype: object, names: readonly string[]): void {
  for (const name of names) {
    const descriptor = { value: () => undefined, writable: true, configurable: true };
    Object.defineProperty(prototype, name, descriptor);
  }
}
