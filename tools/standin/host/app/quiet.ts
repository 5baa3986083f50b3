/**
 * Adds no-op methods to a class: methods whose effect would only be visible on a real screen. The README
 * lists them.
 */
export function acceptQuietly(prototype: object, names: readonly string[]): void {
  for (const name of names) {
    const descriptor = { value: () => undefined, writable: true, configurable: true };
    Object.defineProperty(prototype, name, descriptor);
  }
}
