/** Wraps a method: calls a function first, then the original. */
export function before<T extends object>(
  object: T,
  name: keyof T & string,
  look: (self: T, ...args: unknown[]) => void,
): void {
  const original = object[name] as (...args: unknown[]) => unknown; // named by callers: methods
  const replacement = function (this: T, ...args: unknown[]): unknown {
    look(this, ...args);
    return original.apply(this, args);
  };
  Object.assign(object, { [name]: replacement });
}
