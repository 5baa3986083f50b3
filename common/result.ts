/** What a step ended with: a value, or a failure that was to be expected. Exceptions are for bugs. */
export type Result<T, F> = Readonly<{ ok: true; value: T }> | Readonly<{ ok: false; failure: F }>;

/** A step that worked. */
export function ok<T>(value: T): Readonly<{ ok: true; value: T }> {
  return { ok: true, value };
}

/** A step that failed in a way we expect. */
export function err<const F>(failure: F): Readonly<{ ok: false; failure: F }> {
  return { ok: false, failure };
}

/** Closes a `switch` over a union: a case nobody handled does not compile, and throws if it happens. */
export function unexpected(value: never): never {
  throw new TypeError(`Unhandled case: ${JSON.stringify(value)}`);
}
